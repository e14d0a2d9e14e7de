/**
 * @file The kept features and pixels from a user's side: how much they take, whose they are, and which may go. Browser-safe.
 *
 * Features are files under hashes. Beside them, `uses/` has a list of names for each data set and front end, for people, and `in-use/` what
 * processes use now (see claims.ts).
 */

import { basename, join } from "#here/io/path";
import { sha256 } from "#here/io/sha256";
import { store } from "#here/io/store/store";
import * as z from "zod/mini";
import { FeatureCache, listFeatureFiles } from "../data/audio/features/cache/feature-cache.ts";
import { defaultFeatureFolder, type FeatureStore } from "../data/audio/features/index.ts";
import { writeFileAtomic } from "../io/atomic-file.ts";
import { claim, claimedNames } from "../io/claims.ts";
import { compareNames } from "../io/natural-order.ts";
import { namesOfJson, readParsed } from "../io/parsed-file.ts";

/** Bytes that features take at most unless another limit was set. */
export const DEFAULT_CACHE_LIMIT = 10e9;

const USES = "uses";
const LIMIT = "limit.json";

const useSchema = z.object({ data: z.string(), kind: z.string(), names: z.array(z.string()) });
const limitSchema = z.object({ bytes: z.number().check(z.minimum(0)) });

/** Features of one data set through one front end, or its pictures in one form. */
export interface KeptGroup {
  /** A data set's name or the path of a folder or list; undefined for files that nothing says more about. */
  readonly data: string | undefined;
  /** The front end's kind, or "pixels" with their size; "measurements" for what `auricle inspect` and the search for duplicates keep. */
  readonly kind: string;
  readonly files: number;
  readonly bytes: number;
  /** When any of them was used last, in milliseconds since the epoch. */
  readonly used: number;
  /** Whether a process is using some of them now. */
  readonly inUse: boolean;
}

export interface KeptFeatures {
  readonly folder: string;
  /** Bytes. */
  readonly limit: number;
  readonly bytes: number;
  readonly groups: readonly KeptGroup[];
}

/** Features or pixels, and the files in the cache that hold them. */
type KeptStore = Pick<FeatureStore, "kept">;

/** Says how much is kept of prepared data and where; undefined where nothing is. @param what "features" or "pixels" */
export async function describeKept({ kept }: KeptStore, what: string): Promise<string | undefined> {
  if (!kept || kept.bytes === 0) return undefined;
  const megabytes = (bytes: number) =>
    bytes < 1e9 ? `${(bytes / 1e6).toFixed(0)} MB` : `${Number((bytes / 1e9).toFixed(1))} GB`;
  return (
    `Cached ${what}: ${megabytes(kept.bytes)} for these data in ${kept.folder}, limited to ` +
    `${megabytes(await cacheLimit(kept.folder))} in all; "auricle cache" lists and clears it.`
  );
}

/** Says that this process uses features, until its tasks are done, and removes others beyond the limit. */
export async function claimFeatures(
  { kept }: KeptStore,
  about: { readonly data: string; readonly kind: string },
): Promise<void> {
  if (!kept || kept.paths.length === 0) return;
  const names = kept.paths.map((path) => basename(path));
  const { folder } = kept;
  try {
    const id = sha256().update(`${about.data}\n${about.kind}`).digest().slice(0, 16);
    await store.makeFolder(join(folder, USES));
    await claim(folder, names);
    await writeFileAtomic(join(folder, USES, `${id}.json`), JSON.stringify({ ...about, names }));
  } catch {
    // A cache that only others may write: it is read all the same.
    return;
  }
  await shrinkFeatures(folder, await cacheLimit(folder));
}

/** The limit that was set for a folder, or the default. */
export async function cacheLimit(folder = defaultFeatureFolder()): Promise<number> {
  return (await readParsed(join(folder, LIMIT), limitSchema))?.bytes ?? DEFAULT_CACHE_LIMIT;
}

/** Sets the limit for all trainings to come, and removes what is beyond it. @returns bytes that were freed */
export async function limitFeatures(folder: string, bytes: number): Promise<number> {
  await store.makeFolder(folder);
  await writeFileAtomic(join(folder, LIMIT), JSON.stringify({ bytes }));
  return shrinkFeatures(folder, bytes);
}

/**
 * Removes the features that were not used for longest until all take at most `limit` bytes; never those that a process uses.
 * @returns bytes that were freed
 */
export async function shrinkFeatures(folder: string, limit: number): Promise<number> {
  const before = await sizeOfAll(folder);
  const used = await claimedNames(folder);
  await new FeatureCache(folder).evict(limit, new Set([...used].map((name) => join(folder, name))));
  return before - (await sizeOfAll(folder));
}

async function sizeOfAll(folder: string): Promise<number> {
  return (await listFeatureFiles(folder)).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Looks at what is kept. @param folder default: in the user's cache folder */
export async function keptFeatures(folder = defaultFeatureFolder()): Promise<KeptFeatures> {
  const files = new Map((await listFeatureFiles(folder)).map((file) => [basename(file.path), file]));
  const inUse = await claimedNames(folder);
  const groups: KeptGroup[] = [];
  const told = new Set<string>();
  for (const name of await namesOfJson(join(folder, USES))) {
    const path = join(folder, USES, name);
    const use = await readParsed(path, useSchema);
    const there = use?.names.filter((one) => files.has(one)) ?? [];
    if (!use || there.length === 0) {
      await store.remove(path);
      continue;
    }
    for (const one of there) told.add(one);
    groups.push(groupOf(use, there));
  }
  const others = [...files.keys()].filter((name) => !told.has(name));
  const isMeasurement = (name: string) => files.get(name)?.isMeasurement === true;
  const rest = [
    { data: undefined, kind: "measurements", names: others.filter(isMeasurement) },
    { data: undefined, kind: "others", names: others.filter((name) => !isMeasurement(name)) },
  ].filter(({ names }) => names.length > 0);
  const sorted = groups.sort(
    (a, b) => compareNames(a.data ?? "", b.data ?? "") || compareNames(a.kind, b.kind),
  );
  const bytes = [...files.values()].reduce((sum, file) => sum + file.bytes, 0);
  const all = [...sorted, ...rest.map((one) => groupOf(one, one.names))];
  return { folder, limit: await cacheLimit(folder), bytes, groups: all };

  function groupOf(
    { data, kind }: { readonly data: string | undefined; readonly kind: string },
    names: readonly string[],
  ): KeptGroup {
    const those = names.flatMap((name) => files.get(name) ?? []);
    return {
      data,
      kind,
      files: those.length,
      bytes: those.reduce((sum, file) => sum + file.bytes, 0),
      used: Math.max(...those.map(({ used }) => used)),
      inUse: names.some((name) => inUse.has(name)),
    };
  }
}
