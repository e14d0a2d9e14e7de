/** @file One channel of a recording, from bytes in memory or a file of a page. Browser-safe. */

import type { Bytes } from "../../io/bytes.ts";
import { checkOptions } from "../../options.ts";
import type { MonoAudio } from "../audio.ts";
import { contentSource } from "./content-source.ts";
import { openAudio } from "./open-audio.ts";
import { READ_OPTIONS, readMono, type ReadOptions } from "./read-mono.ts";

/**
 * Decodes a recording to one channel, the mean of all: of formats and errors that of `decodeAudio`. Memory is that of the result and
 * some blocks, however many channels there are, and a file that a page has opened is read as it is decoded.
 *
 * @example
 * const { samples } = await decodeMono(input.files[0], { sampleRate: 22_050, duration: 30 }, input.files[0].name);
 * @param content bytes, or a Blob such as the File of an input
 * @param options a part of the recording and the sample rate; default: all of it, at its own
 * @param name the name of the recording in error messages
 * @throws AuricleError "file" where it cannot be decoded or some samples are no numbers; "unsupported" where a decoder is not
 *   installed; "argument" for a part that is not there, or content of another kind
 */
export async function decodeMono(
  content: Bytes | Blob,
  options: ReadOptions = {},
  name = "the recording",
): Promise<MonoAudio> {
  checkOptions("decodeMono", options, READ_OPTIONS, "content, ");
  return readMono(await openAudio(contentSource(content, name)), name, options);
}
