/** @file A band of a sound's frequencies, to be heard: other frequencies are masked in its short-time Fourier transform. */
import { media } from "../engine/media.ts";
import { aroundPiece } from "./around-piece.ts";
import type { Heard, Sound } from "./player.svelte.ts";

/** Computes what is heard of a sound when only the frequencies low … high in Hz are kept. */
export function bandOf({ samples, sampleRate }: Sound, low: number, high: number): Heard {
  return async (first, last) => {
    const { from, to } = aroundPiece(first, last, samples.length);
    const kept = await media().band(samples.slice(from, to), sampleRate, low, high);
    return kept.subarray(first - from, last - from);
  };
}
