/**
 * @file Sun's and NeXT's audio format, in which GTZAN is distributed. Browser-safe.
 *
 *     ".snd", then big-endian words: offset of the samples, their length (all ones: not known), encoding, sample rate,
 *     channels; then a comment up to the samples
 */

import { checkHeader, fileError } from "./audio-reader.ts";
import { viewOf, type ByteSource } from "./byte-source.ts";
import type { PcmEncoding } from "./pcm-encoding.ts";
import type { PcmLayout } from "./pcm-reader.ts";

const HEADER_BYTES = 24;
const UNKNOWN_SIZE = 0xffffffff;

/** By the header's number; the others are compressed (G.721, G.722, G.723) or for signal processors. */
const ENCODINGS: Readonly<Record<number, PcmEncoding>> = {
  1: "mu-law",
  2: "signed-8",
  3: "signed-16-big",
  4: "signed-24-big",
  5: "signed-32-big",
  6: "float-32-big",
  7: "float-64-big",
  27: "a-law",
};

/**
 * Reads the header.
 * @throws AuricleError "file" where it is damaged, or the contents are compressed.
 */
export async function readAuHeader(source: ByteSource): Promise<PcmLayout> {
  const bytes = await source.read(0, HEADER_BYTES);
  if (bytes.length < HEADER_BYTES) throw fileError(source, "the au header is cut off");
  const [, dataOffset, size, number, sampleRate, channels] = Array.from({ length: 6 }, (_, word) =>
    viewOf(bytes).getUint32(4 * word, false),
  );
  checkHeader(source, sampleRate, channels);
  const encoding = ENCODINGS[number];
  if (!encoding) {
    throw fileError(source, `au files with encoding ${number} are not supported; convert it to PCM or flac`);
  }
  if (dataOffset < HEADER_BYTES)
    throw fileError(source, `the au header is damaged: samples at byte ${dataOffset}`);
  const dataBytes = size === UNKNOWN_SIZE ? undefined : size;
  return { format: "au", encoding, sampleRate, channels, dataOffset, dataBytes, warnings: [] };
}
