/** @file Whether data are images or sound. Node only. */

import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { isAudioData, openAudioCollection } from "../data/audio/open.ts";
import { findKnownDataset } from "../data/registry.ts";
import { isIdxName } from "./idx-folder.ts";

/**
 * Says what a name, a folder or a list means; whether all is well with the data shows when they are opened.
 * @throws AuricleError "data" or "file" when there is nothing of that name, or neither recordings nor images in it.
 */
export async function kindOfData(data: string): Promise<"images" | "sound"> {
  if (await isAudioData(data)) return "sound";
  if (findKnownDataset(data) || (await holdsIdxFiles(resolve(data)))) return "images";
  // It tells best what is missing.
  await openAudioCollection(data);
  return "sound";
}

async function holdsIdxFiles(folder: string): Promise<boolean> {
  return readdir(folder).then(
    (names) => names.some(isIdxName),
    () => false,
  );
}
