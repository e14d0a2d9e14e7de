/** @file What an instrument is. Browser-safe. */

import type { Generator } from "../../../random/generator.ts";

/** One note, as a player is asked for it. */
export interface Note {
  /** In Hz. */
  readonly frequency: number;
  /** How long it is held; it may sound on for a while. */
  readonly seconds: number;
  /** How hard it is played, 0 … 1. */
  readonly velocity: number;
}

/**
 * Adds a note to `out`, beginning at sample `start`, which is at least 0. What would lie past the end of `out` is
 * left out. The note is about as loud as a full-scale sine at velocity 1.
 */
export type Instrument = (out: Float32Array, start: number, note: Note) => void;

/**
 * Builds one instrument of its kind, with a character drawn from `random`. What its notes need at random (the noise
 * of a pluck or of breath) is drawn from a generator of its own, so that the sample rate has no influence on what
 * `random` gives next.
 */
export type InstrumentMaker = (random: Generator, sampleRate: number) => Instrument;
