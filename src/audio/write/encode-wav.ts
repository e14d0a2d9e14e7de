/** @file Sound to a wav file. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import { checkOptions } from "../../options.ts";
import type { Audio } from "../audio.ts";
import { shownValue } from "../../shown-value.ts";

/** How samples are written: whole numbers of 16 or 24 bits, or 32-bit floats. */
export type WavBitDepth = 16 | 24 | "32-float";

const BYTES: Readonly<Record<WavBitDepth, number>> = { 16: 2, 24: 3, "32-float": 4 };
const HEADER_BYTES = 44;
const MAX_BYTES = 2 ** 32 - 1;
const TAG_PCM = 1;
const TAG_FLOAT = 3;

/**
 * The bytes of a RIFF WAVE file. Whole numbers are rounded to the nearest without dither, and samples beyond full scale
 * are clipped; 16 bits read back are within 2^-16 of the original.
 * @param options.bitDepth Default 16.
 * @throws AuricleError "argument" for another bit depth, a rate that is no whole number of Hz (the file has room for no other),
 *   without channels, with channels of different lengths, or beyond 4 GB.
 */
export function encodeWav(audio: Audio, options: { readonly bitDepth?: WavBitDepth } = {}): Uint8Array {
  checkOptions("encodeWav", options, { bitDepth: true }, "audio, ");
  const { bitDepth = 16 } = options;
  const { sampleRate, channels } = audio;
  if (!Object.hasOwn(BYTES, bitDepth)) {
    throw new AuricleError(
      "argument",
      `encodeWav: bitDepth must be 16, 24 or "32-float"; got ${shownValue(bitDepth)}`,
    );
  }
  if (!Number.isInteger(sampleRate) || sampleRate < 1 || sampleRate > MAX_BYTES) {
    throw new AuricleError(
      "argument",
      `encodeWav: sampleRate must be a whole number of Hz above 0; got ${shownValue(sampleRate)}; resample it first`,
    );
  }
  const frames = channels[0]?.length ?? 0;
  if (channels.length === 0 || channels.some(({ length }) => length !== frames)) {
    const lengths = channels.map(({ length }) => length).join(", ");
    throw new AuricleError(
      "argument",
      `encodeWav: channels must have equal lengths; got ${lengths || "no channel"}`,
    );
  }
  const frameBytes = BYTES[bitDepth] * channels.length;
  // Chunks have an even length.
  const dataBytes = frames * frameBytes;
  const paddedBytes = dataBytes + (dataBytes % 2);
  if (HEADER_BYTES + paddedBytes > MAX_BYTES) {
    throw new AuricleError(
      "argument",
      `encodeWav: ${frames} frames are more than a wav file can hold (4 GB)`,
    );
  }
  const bytes = new Uint8Array(HEADER_BYTES + paddedBytes);
  const view = new DataView(bytes.buffer);
  writeHeader(view, bitDepth, sampleRate, channels.length, dataBytes);
  channels.forEach((samples, channel) => {
    writeSamples(view, samples, bitDepth, HEADER_BYTES + channel * BYTES[bitDepth], frameBytes);
  });
  return bytes;
}

function writeHeader(
  view: DataView,
  bitDepth: WavBitDepth,
  sampleRate: number,
  channels: number,
  dataBytes: number,
): void {
  const frameBytes = BYTES[bitDepth] * channels;
  writeText(view, 0, "RIFF");
  view.setUint32(4, view.byteLength - 8, true);
  writeText(view, 8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, bitDepth === "32-float" ? TAG_FLOAT : TAG_PCM, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, 8 * BYTES[bitDepth], true);
  writeText(view, 36, "data");
  view.setUint32(40, dataBytes, true);
}

function writeText(view: DataView, offset: number, text: string): void {
  for (let i = 0; i < text.length; i++) view.setUint8(offset + i, text.charCodeAt(i));
}

function writeSamples(
  view: DataView,
  samples: Float32Array,
  bitDepth: WavBitDepth,
  offset: number,
  stride: number,
): void {
  if (bitDepth === "32-float") {
    for (let i = 0, at = offset; i < samples.length; i++, at += stride) view.setFloat32(at, samples[i], true);
    return;
  }
  const scale = 2 ** (bitDepth - 1);
  for (let i = 0, at = offset; i < samples.length; i++, at += stride) {
    const value = Math.max(-scale, Math.min(scale - 1, Math.round(samples[i] * scale)));
    if (bitDepth === 24) view.setUint8(at, value & 0xff);
    view.setInt16(bitDepth === 24 ? at + 1 : at, bitDepth === 24 ? value >> 8 : value, true);
  }
}
