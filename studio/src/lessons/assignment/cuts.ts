/** @file Where excerpts are cut out of a recording. */
import { EXCERPT_SECONDS, EXCERPTS, SAMPLE_RATE } from "./material.ts";

/** Seconds of an excerpt at least: of a recording that has not twice that much, the whole is the only one. */
const SHORTEST = 0.5;

/**
 * Cuts excerpts from the middles of equal parts of a recording, so that they do not overlap and leave out how it begins and ends.
 * @returns the first sample of each, and the one after its last
 */
export function cutsOf(samples: number): readonly (readonly [from: number, to: number])[] {
  const part = Math.floor(samples / EXCERPTS);
  if (part < SHORTEST * SAMPLE_RATE) return [[0, samples]];
  const length = Math.min(part, EXCERPT_SECONDS * SAMPLE_RATE);
  return Array.from({ length: EXCERPTS }, (_, i) => {
    const from = i * part + Math.floor((part - length) / 2);
    return [from, from + length] as const;
  });
}
