/** @file The folder of cached features: names, size, and what goes when it is too large. Browser-safe. */

import { featureFiles } from "#here/data/audio/features/cache/feature-files";
import { join } from "#here/io/path";
import { sha256 } from "#here/io/sha256";
import { store } from "#here/io/store/store";
import { ABANDONED_MILLISECONDS } from "../../../../io/unfinished-files.ts";
import { TEMPORARY_SUFFIX, type FeatureWriter } from "./feature-files.ts";
import type { FeatureFileInfo } from "./feature-format.ts";

/** The suffix of feature files, and that of decoded pictures, which lie in the same folder. */
const SUFFIX = ".features";
export const PIXEL_SUFFIX = ".pixels";

/**
 * Where features are kept unless told otherwise: in the user's cache folder, as the operating system has it.
 */
export function defaultFeatureFolder(): string {
  return join(store.cacheFolder(), "features");
}

/** The inputs that the features of a clip depend on. */
export interface FeatureKey {
  /** Hash of the recording's content. */
  readonly content: string;
  /** In seconds. */
  readonly start: number;
  readonly end: number | undefined;
  /** The front end's fingerprint: see `frontEndFingerprint`. */
  readonly frontEnd: string;
  /** Samples that the clip was padded to with silence; 0 where it was not. */
  readonly paddedTo: number;
}

/** Raised when the results of decoding or resampling change. */
const VERSION = 4;

/**
 * One folder. Several processes may use it at once: files appear whole, and equal names have equal content.
 */
export class FeatureCache {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  path({ content, start, end, frontEnd, paddedTo }: FeatureKey): string {
    const text = JSON.stringify([VERSION, content, start, end ?? null, frontEnd, paddedTo]);
    return join(this.folder, sha256().update(text).digest().slice(0, 40) + SUFFIX);
  }

  /** The features of that path, if they are there and whole. They count as used now. */
  async lookUp(path: string, stepSize: number): Promise<FeatureFileInfo | undefined> {
    const info = await featureFiles.check(path, stepSize);
    if (info) await featureFiles.markUsed(path);
    return info;
  }

  /** @throws an error of the file system. */
  create(stepSize: number): Promise<FeatureWriter> {
    return featureFiles.create(this.folder, stepSize);
  }

  /**
   * Removes features until all take at most `limit` bytes: those that were not used for longest first, never
   * those in
   * `keep`. Also removes what killed processes left half written.
   */
  async evict(limit: number, keep: ReadonlySet<string>): Promise<void> {
    const files = await listFeatureFiles(this.folder);
    let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { path, bytes } of files.sort((a, b) => a.used - b.used)) {
      if (total <= limit) return;
      if (keep.has(path)) continue;
      await store.remove(path);
      total -= bytes;
    }
  }
}

/** A file of kept features or pixels. */
export interface KeptFile {
  readonly path: string;
  readonly bytes: number;
  /** When it was used last, in milliseconds since the epoch. */
  readonly used: number;
  /** Whether it is one number a step, as measurements of recordings are, and waveforms. */
  readonly isMeasurement: boolean;
}

/** Lists a folder's features and decoded pictures; files that killed processes left half written are removed once they are old. */
export async function listFeatureFiles(folder: string): Promise<KeptFile[]> {
  const names = (await store.list(folder).catch(() => [])).map(({ name }) => name);
  const files: KeptFile[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const isTemporary = name.endsWith(TEMPORARY_SUFFIX);
    const isPixels = name.endsWith(PIXEL_SUFFIX);
    if (!isTemporary && !isPixels && !name.endsWith(SUFFIX)) continue;
    const status = await store.look(path).catch(() => undefined);
    if (!status) continue;
    if (isTemporary) {
      if (Date.now() - status.modified > ABANDONED_MILLISECONDS) await store.remove(path);
    } else {
      const isMeasurement = !isPixels && (await featureFiles.stepSize(path)) === 1;
      files.push({ path, bytes: status.bytes, used: status.modified, isMeasurement });
    }
  }
  return files;
}
