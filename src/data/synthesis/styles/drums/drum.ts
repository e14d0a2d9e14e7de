/** @file The interface of drums, and code that they share. Browser-safe. */

import type { Generator } from "../../../../random/generator.ts";
import { addScaled } from "../effects/level.ts";
import { decayFactor, decibels } from "../signals/arithmetic.ts";

/** Builds one drum, with a character drawn from `random`: the sound of a hit, with peaks of about 1. */
export type DrumMaker = (random: Generator, sampleRate: number) => Float32Array;

/** Fades a sound out in place: 60 dB in so many seconds, after a rise in a straight line. */
export function fade(sound: Float32Array, seconds: number, sampleRate: number, attack = 0): void {
  const factor = decayFactor(seconds, sampleRate);
  const rise = Math.round(attack * sampleRate);
  let amplitude = 1;
  for (let i = 0; i < sound.length; i++) {
    sound[i] *= i < rise ? i / rise : amplitude;
    if (i >= rise) amplitude *= factor;
  }
}

/** Adds `source` to `target`, changed by so many decibels. */
export function mixInto(target: Float32Array, source: Float32Array, level: number): void {
  addScaled(target, source, decibels(level));
}

/** Scales a sound in place so that its greatest sample has magnitude 1. */
export function toFullScale(sound: Float32Array): Float32Array {
  let peak = 0;
  for (let i = 0; i < sound.length; i++) peak = Math.max(peak, Math.abs(sound[i]));
  if (peak > 0) for (let i = 0; i < sound.length; i++) sound[i] /= peak;
  return sound;
}

/** An array for so many seconds. */
export function silence(seconds: number, sampleRate: number): Float32Array {
  return new Float32Array(Math.round(seconds * sampleRate));
}
