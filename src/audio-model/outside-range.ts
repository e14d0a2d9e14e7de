/** @file In what a recording is unlike all that a model was trained on. Browser-safe. */

import type { FrontEndConfig } from "../audio/front-end/config.ts";
import type { SoundRange } from "../audio/sound-range.ts";
import { gainLaw } from "../data/audio/features/augment/gain.ts";

/** One respect in which a recording lies outside what training has seen. */
export interface OutsideRange {
  readonly quantity: keyof SoundRange;
  /** In Hz or dB, see `SoundRange`. */
  readonly found: number;
  /** Least and most of the recordings that training has seen. */
  readonly trained: readonly [number, number];
  /** Whether it makes no difference to what the model hears, since the features leave it out. */
  readonly leftOut: boolean;
  /** All that, as a sentence without its subject, the recording. */
  readonly message: string;
}

/** So much more, as a factor, before it is said that sound reaches higher. */
const WIDER = 1.25;
/** So much less before it is said that sound does not reach as high. */
const NARROWER = 0.6;
/** So many dB louder or quieter: a gain of ±6 dB is part of training. */
const LEVEL = 10;
/** So many dB more noise. */
const NOISE = 10;

export interface Listener {
  readonly frontEnd: FrontEndConfig;
  /** Whether the network itself makes all examples equally loud. */
  readonly normalizesExamples: boolean;
  /** Whether the network holds its features to what training has seen. */
  readonly holdsRange: boolean;
}

/** Where a recording, or some of several, lie outside what training has seen; what the features do not depend on is left out. */
export function outsideRange(found: SoundRange, trained: SoundRange, listener: Listener): OutsideRange[] {
  const bandwidth = bandwidthOutside(found, trained, listener);
  const level = dependsOnLevel(listener) ? levelOutside(found, trained) : undefined;
  return [bandwidth, level, noiseOutside(found, trained)].flatMap((one) => one ?? []);
}

/** The highest frequency that a front end listens to, in Hz. */
export function highestFrequency(config: FrontEndConfig): number {
  if ("maxFrequency" in config) return config.maxFrequency;
  return config.kind === "spectrogram"
    ? ((config.bins - 1) * config.sampleRate) / config.fftSize
    : config.sampleRate / 2;
}

function dependsOnLevel({ frontEnd, normalizesExamples }: Listener): boolean {
  return !normalizesExamples && gainLaw(frontEnd).kind !== "none";
}

function bandwidthOutside(
  { bandwidth: [, found] }: SoundRange,
  { bandwidth: trained }: SoundRange,
  { frontEnd, holdsRange }: Listener,
): OutsideRange | undefined {
  const [least, most] = trained;
  const top = highestFrequency(frontEnd);
  const leftOut = top <= WIDER * most;
  const about = { quantity: "bandwidth", found, trained } as const;
  // Where training had sound in all of the band that is listened to, more of it is nothing new.
  if (found > WIDER * most && most < WIDER * top) {
    const held = holdsRange
      ? "features above it are limited to their training range"
      : "the prediction may be meaningless";
    const message =
      `has sound up to ${kilohertz(found)}, and the training recordings have none above ${kilohertz(most)}: ` +
      (leftOut ? "the model ignores the higher frequencies" : held);
    return { ...about, leftOut, message };
  }
  if (found >= NARROWER * Math.min(least, top)) return undefined;
  return {
    ...about,
    leftOut: false,
    message:
      `has sound only up to ${kilohertz(found)}, but all training recordings have sound up to ` +
      `${kilohertz(Math.min(least, top))} or higher: the features that the model relies on may be missing`,
  };
}

function levelOutside(
  { level: [quietest, loudest] }: SoundRange,
  { level: trained }: SoundRange,
): OutsideRange | undefined {
  const [least, most] = trained;
  if (quietest >= least - LEVEL && loudest <= most + LEVEL) return undefined;
  const found = quietest < least - LEVEL ? quietest : loudest;
  const difference = found < least ? least - found : found - most;
  return {
    quantity: "level",
    found,
    trained,
    leftOut: false,
    message:
      `is ${difference.toFixed(0)} dB ${found < least ? "quieter" : "louder"} than any training recording, and this ` +
      "model's features depend on the level: adjust it to theirs",
  };
}

function noiseOutside(
  { noiseFloor: [, found] }: SoundRange,
  { noiseFloor: trained }: SoundRange,
): OutsideRange | undefined {
  const [, most] = trained;
  if (found <= most + NOISE) return undefined;
  return {
    quantity: "noiseFloor",
    found,
    trained,
    leftOut: false,
    message:
      `has its quietest parts ${decibelsBelow(found)} its loud ones; in training recordings they are ${decibelsBelow(most)} or ` +
      "more: noise, or sound without pauses, that the model was not trained on",
  };
}

function decibelsBelow(level: number): string {
  return `${Math.max(0, -level).toFixed(0)} dB below`;
}

function kilohertz(hertz: number): string {
  return `${(hertz / 1000).toFixed(1)} kHz`;
}
