/** @file The facts about a recording, without decoding it. Browser-safe. */

import type { Bytes } from "../../io/bytes.ts";
import type { AudioInfo } from "./audio-reader.ts";
import { contentSource } from "./content-source.ts";
import { openAudio } from "./open-audio.ts";

/**
 * Reads what a recording says about itself: format, rate, channels, length. Of a file that a page has opened only the parts that tell
 * are read.
 * @param content bytes, or a Blob such as the File of an input
 * @param name the name of the recording in error messages
 * @throws AuricleError "file" where it is no recording or its header is damaged; "unsupported" where a decoder is not installed;
 *   "argument" for content of another kind
 */
export async function audioInfo(content: Bytes | Blob, name = "the recording"): Promise<AudioInfo> {
  return (await openAudio(contentSource(content, name))).info;
}
