/** @file Renders the lesson's music, away from the page's thread. */
import { deriveKey } from "auricle";
import { encodeWav } from "auricle/audio";
import { renderStyle, type StyleName } from "auricle/data";
import { expose, transfer } from "comlink";
import { EXCERPT_SECONDS, EXCERPTS } from "./music.ts";

const SAMPLE_RATE = 22_050;

const music = {
  /** The excerpts of a track, as samples and as wav files. */
  track(style: string, track: number) {
    const { samples } = renderStyle(style as StyleName, {
      seed: deriveKey(17, "track", style, track),
      seconds: EXCERPTS * EXCERPT_SECONDS,
      sampleRate: SAMPLE_RATE,
    });
    const length = EXCERPT_SECONDS * SAMPLE_RATE;
    const parts = Array.from({ length: EXCERPTS }, (_, i) => {
      const own = samples.slice(i * length, (i + 1) * length);
      return {
        samples: own,
        sampleRate: SAMPLE_RATE,
        wav: new Uint8Array(encodeWav({ sampleRate: SAMPLE_RATE, channels: [own] })),
      };
    });
    return transfer(
      parts,
      parts.flatMap((part) => [part.samples.buffer, part.wav.buffer]),
    );
  },
};

export type Music = typeof music;
expose(music);
