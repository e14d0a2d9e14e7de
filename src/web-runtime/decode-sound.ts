/** @file The decoders of sound, loaded with the first file. */
import { contentSource } from "../audio/decode/content-source.ts";
import { openAudio } from "../audio/decode/open-audio.ts";
import { blocksOfMono } from "../audio/decode/read-mono.ts";
import type { MonoAudio } from "../audio/audio.ts";

/** A recording that comes in pieces. */
export interface OpenedSound {
  /** Its length by its header; undefined where that does not say it. */
  readonly seconds: number | undefined;
  pieces(seconds: number): AsyncIterable<MonoAudio>;
}

/** @throws AuricleError "file" for anything but sound, "unsupported" where a decoder is missing */
export async function openSound(content: Blob, name: string): Promise<OpenedSound> {
  const reader = await openAudio(contentSource(content, name));
  const { frames, sampleRate } = reader.info;
  return {
    seconds: frames === undefined ? undefined : frames / sampleRate,
    pieces: (seconds) => blocksOfMono(reader, name, { seconds }),
  };
}
