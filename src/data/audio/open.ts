/** @file Recordings by the name of a data set, a folder or a list. Node only. */

import { opendir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AuricleError } from "../../errors.ts";
import { fileError } from "../../io/atomic-file.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { OBTAIN_OPTIONS } from "../obtain.ts";
import { findKnownDataset, noSuchData } from "../registry.ts";
import { openKnownAudio, type KnownAudioOptions } from "../known-audio.ts";
import { isHidden } from "../collection/files.ts";
import { SOUND } from "./medium.ts";
import { kindOfPath, openPath, refuseProblems } from "../collection/open-path.ts";
import { audioCollection, type AudioCollection } from "./collection.ts";
import type { Task } from "../collection/collection.ts";
import { hasListExtension } from "../collection/list-rows.ts";

export interface OpenAudioOptions extends KnownAudioOptions {
  /** The kind of labels in a list, where they do not show it themselves. */
  readonly task?: Task;
  /** Refuse the data when anything in them cannot be used. Default false: the rest is used. */
  readonly strict?: boolean;
}

const OPTIONS: OptionNames<OpenAudioOptions> = {
  task: true,
  strict: true,
  splitName: true,
  ...OBTAIN_OPTIONS,
};

/**
 * Opens recordings with labels:
 * - the name of a data set in the registry, such as `"gtzan"`, found on this machine or downloaded;
 * - a folder with a folder for each class, or with a list and the recordings it names;
 * - a list: a .csv, .tsv, .json or .jsonl file with the columns path, label and, if wanted, split, group, start, end.
 *
 * Nothing is decoded yet. Files that cannot be read or are empty are the collection's `problems`.
 *
 * @throws AuricleError "data" or "file" when there is nothing of the kind, it is not understood, or nothing in it can
 * be used; with `strict` also at the first problem.
 */
export async function openAudioCollection(
  data: string,
  options: OpenAudioOptions = {},
): Promise<AudioCollection> {
  checkOptions("openAudioCollection", options, OPTIONS, "data, ");
  const collection = await open(data, options);
  if (options.strict) refuseProblems(collection);
  return collection;
}

async function open(data: string, options: OpenAudioOptions): Promise<AudioCollection> {
  const known = findKnownDataset(data);
  if (known?.kind === "audio") return openKnownAudio(known, options);
  const collection = await openPath(resolve(data), SOUND, options.task);
  if (collection) return audioCollection(collection);
  if (known)
    throw new AuricleError("data", `data set "${data}" holds images, and recordings are needed here`);
  throw noSuchData(data, "folder or list");
}

/** How deep {@link isAudioData} looks for a recording: class folders, and folders of a split around them. */
const DEPTH = 4;

/**
 * Whether `data` is what {@link openAudioCollection} opens rather than images: the name of an audio data set, a list,
 * or a folder with a recording or a list in it. Says nothing about whether all is well with them.
 */
export async function isAudioData(data: string): Promise<boolean> {
  const known = findKnownDataset(data);
  if (known) return known.kind === "audio";
  const path = resolve(data);
  const kind = await kindOfPath(path);
  if (kind === undefined) return false;
  return kind === "file" ? hasListExtension(path) : holdsAudio(path, DEPTH);
}

async function holdsAudio(folder: string, depth: number): Promise<boolean> {
  const folders: string[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      if (isHidden(entry.name)) continue;
      const path = join(folder, entry.name);
      const kind = entry.isSymbolicLink() ? await kindOfPath(path).catch(() => undefined) : undefined;
      if (entry.isDirectory() || kind === "folder") folders.push(path);
      else if (SOUND.hasExtension(entry.name) || (depth === DEPTH && hasListExtension(entry.name)))
        return true;
    }
  } catch (cause) {
    throw fileError("read the folder", folder, cause);
  }
  if (depth === 0) return false;
  for (const inner of folders) if (await holdsAudio(inner, depth - 1)) return true;
  return false;
}
