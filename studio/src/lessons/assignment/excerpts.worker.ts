/** @file Makes excerpts away from the page's thread: of imitated music, and of recordings that the reader has. */
import { deriveKey } from "auricle";
import { decodeMono, encodeWav } from "auricle/audio";
import { renderStyle, type StyleName } from "auricle/data";
import { expose, transfer } from "comlink";
import { cutsOf } from "./cuts.ts";
import { EXCERPT_SECONDS, EXCERPTS, SAMPLE_RATE } from "./material.ts";

/** Seconds of a recording that are decoded: nobody needs all of a piece to know its genre. */
const LONGEST = 60;

const maker = {
  /** Renders a track of the studio's music. @returns its excerpts as wav files */
  render(style: StyleName, track: number) {
    const { samples } = renderStyle(style, {
      seed: deriveKey(17, "track", style, track),
      seconds: EXCERPTS * EXCERPT_SECONDS,
      sampleRate: SAMPLE_RATE,
    });
    return excerptsOf(samples);
  },

  /**
   * Decodes the first minute of a recording to one channel.
   * @returns its excerpts as wav files
   * @throws an error that names the recording where it cannot be decoded
   */
  async decode(file: Blob, name: string) {
    const { samples } = await decodeMono(file, { sampleRate: SAMPLE_RATE, duration: LONGEST }, name);
    return excerptsOf(samples);
  },
};

function excerptsOf(samples: Float32Array) {
  const files = cutsOf(samples.length).map(
    ([from, to]) =>
      new Uint8Array(encodeWav({ sampleRate: SAMPLE_RATE, channels: [samples.slice(from, to)] })),
  );
  return transfer(
    files,
    files.map(({ buffer }) => buffer),
  );
}

export type ExcerptMaker = typeof maker;
expose(maker);
