/** @file Recordings by the name of a data set, a folder or a list. Browser-safe. */

import { openKnownAudio } from "#here/data/open-known";
import { basename, resolve } from "#here/io/path";
import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { OBTAIN_OPTIONS } from "../obtain-options.ts";
import { isPackedName, openPacked, packedSound } from "../packed/open-packed.ts";
import { findKnownDataset, noSuchData } from "../registry.ts";
import type { KnownAudioOptions } from "../known-audio.ts";
import { SOUND } from "./medium.ts";
import { kindOfPath, openPath, refuseProblems } from "../collection/open-path.ts";
import { audioCollection, type AudioCollection } from "./collection.ts";
import type { Task } from "../collection/collection.ts";

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
 * - a project of sound that Teachable Machine saved (.tm), or a zip archive of such a folder, which are unpacked once into the
 *   user's cache;
 * - an .npz file with arrays such as x_train and y_train, or x and y, and `rate`: sounds `[N,samples]`, `[N,samples,channels]` or
 *   `[N,channels,samples]` as int16, int32 or floats, and for each a whole number from 0 or a text;
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
  const path = resolve(data);
  if (isPackedName(path) && (await kindOfPath(path)) === "file") {
    const packed = await openPacked(path);
    if (packed.medium !== "folder") return packedSound(path, packed);
    const unpacked = await open(packed.folder, options);
    return { ...unpacked, name: basename(path) };
  }
  const collection = await openPath(path, SOUND, options.task);
  if (collection) return audioCollection(collection);
  if (known)
    throw new AuricleError("data", `data set "${data}" holds images, and recordings are needed here`);
  throw noSuchData(data, "folder or list");
}
