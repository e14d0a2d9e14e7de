/** @file Whether data are images or sound. Node only. */

import { openAudioCollection } from "../data/audio/open.ts";
import { mediumOf } from "../data/media.ts";

/**
 * Says what a name, a folder or a list means; whether all is well with the data shows when they are opened.
 * @throws AuricleError "data" or "file" when there is nothing of that name, when there are neither recordings nor images in
 * it, or as many of each.
 */
export async function kindOfData(data: string): Promise<"images" | "sound"> {
  const medium = await mediumOf(data);
  if (medium !== undefined) return medium === "sound" ? "sound" : "images";
  // It tells best what is missing.
  await openAudioCollection(data);
  return "sound";
}
