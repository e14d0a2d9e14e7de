/**
 * @file Sun's and NeXT's audio format, in which GTZAN is distributed. Browser-safe.
 *
 *     ".snd", then big-endian words (little-endian ones behind "dns."): offset of the samples, their length (0 or all ones: not known), encoding, sample rate,
 *     channels; then a comment up to the samples
 */

import { checkHeader, fileError } from "./audio-reader.ts";
import { textAt, viewOf, type ByteSource } from "./byte-source.ts";
import { conversionAdvice } from "./foreign-formats.ts";
import { signedEncoding, type PcmEncoding } from "./pcm-encoding.ts";
import type { PcmLayout } from "./pcm-reader.ts";
import { pcmCoding } from "./sample-coding.ts";
import { isPlaceholder } from "./unknown-size.ts";

const HEADER_BYTES = 24;

/** By the header's number; the others are compressed (G.721, G.722, G.723) or for signal processors. */
function encodingOf(number: number, endian: "little" | "big"): PcmEncoding | undefined {
  if (number === 1) return "mu-law";
  if (number >= 2 && number <= 5) return signedEncoding(number - 1, endian);
  if (number === 6) return `float-32-${endian}`;
  if (number === 7) return `float-64-${endian}`;
  return number === 27 ? "a-law" : undefined;
}

/**
 * Reads the header.
 * @throws AuricleError "file" where it is damaged, or the contents are compressed.
 */
export async function readAuHeader(source: ByteSource): Promise<PcmLayout> {
  const bytes = await source.read(0, HEADER_BYTES);
  if (bytes.length < HEADER_BYTES) throw fileError(source, "the au header is cut off");
  const endian = textAt(bytes, 0, 4) === "dns." ? "little" : "big";
  const [, dataOffset, size, number, sampleRate, channels] = Array.from({ length: 6 }, (_, word) =>
    viewOf(bytes).getUint32(4 * word, endian === "little"),
  );
  checkHeader(source, sampleRate, channels);
  const encoding = encodingOf(number, endian);
  if (!encoding) {
    throw fileError(
      source,
      `au files with encoding ${number} are not supported; ${conversionAdvice(source.name)}`,
    );
  }
  if (dataOffset < HEADER_BYTES)
    throw fileError(source, `the au header is damaged: samples at byte ${dataOffset}`);
  const dataBytes = size === 0 || isPlaceholder(size) ? undefined : size;
  const coding = pcmCoding(encoding, channels);
  return { format: "au", coding, sampleRate, channels, dataOffset, dataBytes, warnings: [] };
}
