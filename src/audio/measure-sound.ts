/** @file Measures recordings, with the engine's spectra. Browser-safe. */
import type { MonoAudio } from "./audio.ts";
import { FeatureExtractor } from "./front-end/feature-extractor.ts";
import { frontEnd } from "./front-end/front-end.ts";
import { RANGE_SPECTRUM, soundRangeOf, type SoundRange } from "./sound-range.ts";

let extractor: FeatureExtractor | undefined;

/** Measures a recording. @returns undefined for silence, and for samples that are not finite numbers. */
export function measureSound(sound: MonoAudio): SoundRange | undefined {
  const spectra = (extractor ??= new FeatureExtractor(frontEnd(RANGE_SPECTRUM), {
    threads: 1,
    target: "wasm",
  }));
  return soundRangeOf(sound, (frames) => spectra.extract(frames));
}
