/** @file The interface of an instrument. Browser-safe. */

import type { Generator } from "../../../../random/generator.ts";

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
 * Adds a note to `out`, beginning at sample `start`, which is at least 0. Samples past the end of `out` are
 * left out. The note is about as loud as a full-scale sine at velocity 1.
 */
export type Instrument = (out: Float32Array, start: number, note: Note) => void;

/**
 * Builds one instrument of its kind, with a character drawn from `random`. Its notes draw from a generator of their own
 * (for the noise of a pluck or of breath), so that the sample rate has no influence on the next draws from
 * `random`.
 */
export type InstrumentMaker = (random: Generator, sampleRate: number) => Instrument;
