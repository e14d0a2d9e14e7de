/** @file Whole recordings from bytes in memory. Browser-safe. */

import { bytesOf, type Bytes } from "../../io/bytes.ts";
import type { Audio } from "../audio.ts";
import { framesOf, type AudioReader } from "./audio-reader.ts";
import { memorySource } from "./byte-source.ts";
import { openAudio } from "./open-audio.ts";
import { requireSamples } from "./read-mono.ts";
import { ReservedSamples } from "./reserved-samples.ts";

/**
 * Decodes a whole recording: wav, w64, aiff, caf, au, sphere, mp3, flac, ogg and webm (Vorbis, Opus, FLAC), m4a or aac, told
 * by its contents. The samples are the same bits in Node.js and in every browser. A truncated recording is decoded up to
 * its end.
 * @param name The name of the recording in error messages.
 * @throws AuricleError "file" where it cannot be decoded; "unsupported" where a decoder is not installed; "argument" for
 *   anything but bytes.
 */
export async function decodeAudio(content: Bytes, name = "the recording"): Promise<Audio> {
  const source = memorySource(bytesOf(content, name), name);
  const reader = await openAudio(source);
  const channels = await (reader.whole?.() ?? blocksJoined(reader));
  requireSamples(source.name, channels[0].length);
  return { sampleRate: reader.info.sampleRate, channels };
}

async function blocksJoined(reader: AudioReader): Promise<Float32Array[]> {
  const { channels, frames } = reader.info;
  const results = Array.from({ length: channels }, () => new ReservedSamples(frames ?? 0, channels));
  for await (const block of framesOf(reader, 0, Infinity)) {
    block.forEach((samples, channel) => results[channel]?.add(samples));
  }
  return results.map((samples) => samples.finish());
}
