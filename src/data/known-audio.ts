/** @file Data sets of recordings by name: found on this machine, or downloaded and unpacked once. Node only. */

import { access, mkdir, readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { AuricleError } from "../errors.ts";
import { errorCode, fileError } from "../io/atomic-file.ts";
import { unpackArchive } from "./archive.ts";
import type { AudioCollection } from "./audio/collection.ts";
import { closestName } from "../closest-name.ts";
import type { AudioDatasetDefinition, DatasetArchive } from "./definition.ts";
import { downloadFile } from "./download.ts";
import { cacheFolder, DATA_VARIABLE, searchFolders } from "./locate.ts";
import { obtainFile } from "./obtain.ts";
import type { ObtainOptions } from "./obtain-options.ts";
import { whyDifferent } from "./verify.ts";

/** While an archive is unpacked, `onProgress` tells how many of its bytes are done. */
export interface KnownAudioOptions extends ObtainOptions {
  /** The name of one of the data set's splits. Default: its first. */
  readonly splitName?: string;
}

/** Opens a data set of the registry. @throws AuricleError "argument" for an unknown split, "file", "data". */
export async function openKnownAudio(
  definition: AudioDatasetDefinition,
  options: KnownAudioOptions = {},
): Promise<AudioCollection> {
  const { splitName = definition.splits[0].name } = options;
  const split = definition.splits.find(({ name }) => name === splitName);
  if (!split) throw unknownSplit(definition, splitName);
  const folder = await obtainRecordings(definition, options);
  const files = new Map<string, string>();
  for (const file of definition.files.filter(({ name }) => split.files.includes(name))) {
    files.set(file.name, await obtainFile(definition, file, options));
  }
  return definition.open({ folder, files, split: splitName });
}

function unknownSplit({ name, splits }: AudioDatasetDefinition, wanted: string): AuricleError {
  const names = splits.map((split) => split.name);
  const closest = closestName(wanted, names);
  return new AuricleError(
    "argument",
    `data set "${name}": there is no split "${wanted}"${closest ? `; did you mean "${closest}"?` : "."} It has: ` +
      names.join(", "),
  );
}

/** The folder with a data set's recordings, or undefined where none of the folders holds them. */
export async function findRecordings(
  definition: AudioDatasetDefinition,
  folders: readonly string[],
): Promise<string | undefined> {
  const cache = cacheFolder(definition);
  for (const folder of folders) {
    // Archives come into the cache one after the other: until the last is there, the data set is not whole.
    if (folder === cache && (await missingArchives(definition)).length > 0) continue;
    for (const root of definition.roots) {
      const path = join(folder, root);
      if (await holdsAll(path, definition.landmarks)) return path;
    }
  }
  return undefined;
}

async function holdsAll(folder: string, landmarks: readonly string[]): Promise<boolean> {
  for (const landmark of landmarks) {
    const found = landmark.startsWith("*/")
      ? await anyFolderHolds(folder, landmark.slice(2))
      : await exists(join(folder, landmark));
    if (!found) return false;
  }
  return true;
}

async function anyFolderHolds(folder: string, landmark: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) if (await exists(join(folder, name, landmark))) return true;
  return false;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function missingArchives(definition: AudioDatasetDefinition): Promise<DatasetArchive[]> {
  const { archives } = definition;
  const present = await Promise.all(
    archives.map(({ folder }) => exists(join(cacheFolder(definition), folder))),
  );
  return archives.filter((_, i) => !present[i]);
}

/** Finds the recordings, or gets them by unpacking archives, which it finds or downloads. */
async function obtainRecordings(
  definition: AudioDatasetDefinition,
  options: KnownAudioOptions,
): Promise<string> {
  if (definition.render) return renderRecordings(definition, options);
  const folders = await searchFolders(definition, options.dataFolder);
  const found = await findRecordings(definition, folders);
  if (found !== undefined) return found;
  if (definition.archives.length === 0) throw notFound(definition, folders, []);
  for (const archive of await missingArchives(definition)) {
    await obtainArchive(definition, archive, folders, options);
  }
  const unpacked = await findRecordings(definition, [cacheFolder(definition)]);
  if (unpacked !== undefined) return unpacked;
  throw new AuricleError(
    "file",
    `${cacheFolder(definition)}: the unpacked files are not "${definition.name}"; ${definition.landmarks[0]} ` +
      `is missing. Delete that folder and try again`,
  );
}

/** Recordings that a program makes, in the user's cache. */
async function renderRecordings(
  definition: AudioDatasetDefinition,
  { onProgress }: KnownAudioOptions,
): Promise<string> {
  const folder = join(cacheFolder(definition), definition.roots[0]);
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw fileError("create the folder", folder, cause);
  });
  await definition.render?.(folder, (done, total) =>
    onProgress?.({ file: definition.name, received: done, total, unit: "recordings" }),
  );
  return folder;
}

async function obtainArchive(
  definition: AudioDatasetDefinition,
  archive: DatasetArchive,
  folders: readonly string[],
  { download = true, onProgress }: KnownAudioOptions,
): Promise<void> {
  const rejected: string[] = [];
  let path = await locateArchive(archive, folders, rejected);
  const isOwn = path === undefined;
  if (path === undefined) {
    if (!download) throw notFound(definition, folders, rejected);
    path = join(cacheFolder(definition), archive.name);
    try {
      await downloadFile({
        urls: archive.urls,
        bytes: archive.bytes,
        approximateBytes: archive.approximateBytes,
        sha256: archive.sha256,
        md5: archive.md5,
        path,
        onProgress: (progress) => onProgress?.({ file: archive.name, ...progress }),
      });
    } catch (cause) {
      if (!(cause instanceof AuricleError)) throw cause;
      const lines = [cause.message, ...rejected, `Or ${otherwise(definition)}`];
      throw new AuricleError("file", lines.join("\n"), { cause });
    }
  }
  await unpackArchive({
    archive: path,
    folder: join(cacheFolder(definition), archive.folder),
    strip: archive.strip,
    onProgress: (progress) => onProgress?.({ file: `${basename(path)} (unpacking)`, ...progress }),
  });
  // What was downloaded is there twice now; the user's own copy stays.
  if (isOwn) await rm(path, { force: true });
}

async function locateArchive(
  archive: DatasetArchive,
  folders: readonly string[],
  rejected: string[],
): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, archive.name);
    try {
      const reason = await whyDifferent(path, [archive]);
      if (reason === undefined) return path;
      rejected.push(`Skipped ${path}: ${reason}`);
    } catch (cause) {
      const code = errorCode(cause);
      if (code !== "ENOENT" && code !== "ENOTDIR") rejected.push(`Skipped ${path}: ${String(cause)}`);
    }
  }
  return undefined;
}

function notFound(
  definition: AudioDatasetDefinition,
  folders: readonly string[],
  rejected: readonly string[],
): AuricleError {
  const isDownloadable = definition.archives.length > 0;
  const lines = [
    `data set "${definition.name}" is not on this machine${isDownloadable ? ", and downloads are disabled" : ""}.`,
    ...rejected,
    `Searched: ${folders.join(", ")}`,
    isDownloadable
      ? `Allow the download, or ${otherwise(definition)}`
      : `To get it: ${otherwise(definition)}`,
  ];
  return new AuricleError("file", lines.join("\n"));
}

function otherwise({ byHand, homepage }: AudioDatasetDefinition): string {
  return byHand ?? `get it from ${homepage} by other means and name its folder in $${DATA_VARIABLE}`;
}
