/** @file The data that a training thread shares with the threads that read pictures ahead of it. Browser-safe. */

import type { Following } from "../../dataset.ts";
import type { PictureDatasetOptions, PixelSource } from "../picture-dataset.ts";

/** The pictures of a data set as plain data, for other threads. */
export interface SharedPictures {
  readonly format: PixelSource["format"];
  readonly ids: readonly string[];
  readonly labels: Int32Array;
  /** `[pictures, numbers]`. */
  readonly targets: Float32Array;
  /** The memory that pixels are in. */
  readonly buffers: readonly SharedArrayBuffer[];
  /** For each picture the number of its buffer, -1 for one in a file of the cache, and its first byte there. */
  readonly bufferOf: Int32Array;
  readonly offsets: Float64Array;
  /** For each picture the file of the cache; empty for one in memory. */
  readonly files: readonly string[];
}

/** The words of {@link Ring.control}: the last ticket that was taken, and the number of the epoch's order. */
export const TAKEN = 0;
export const GENERATION = 1;
const FIRST_SLOT = 2;

/**
 * A ring of places for batches. Batches have tickets, counted from 1 through all epochs. That of ticket t goes through place t modulo
 * the number of places; it is made there by reader t modulo the number of readers, or else by the training thread, whichever claims it first.
 */
export interface Ring {
  readonly slots: number;
  readonly batchSize: number;
  /** Taken, generation; for each place the last ticket that was claimed; for each the last that is made. */
  readonly control: Int32Array;
  /** `[slots, batchSize, ...inputShape]` and `[slots, batchSize, numbers]`. */
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
}

/** Makes a ring of batches with so many numbers for each example. */
export function makeRing(slots: number, batchSize: number, inputSize: number, targetSize: number): Ring {
  const words = (count: number) => new SharedArrayBuffer(4 * count);
  return {
    slots,
    batchSize,
    control: new Int32Array(words(FIRST_SLOT + 2 * slots)),
    inputs: new Float32Array(words(slots * batchSize * inputSize)),
    targets: new Float32Array(words(slots * batchSize * targetSize)),
  };
}

/** Claims a batch. @returns false where it is claimed already */
export function claim({ control, slots }: Ring, ticket: number): boolean {
  const word = FIRST_SLOT + (ticket % slots);
  const before = Atomics.load(control, word);
  return before < ticket && Atomics.compareExchange(control, word, before, ticket) === before;
}

/** The index of the word that says which batch a ticket's place holds. */
export function madeWord({ slots }: Ring, ticket: number): number {
  return FIRST_SLOT + slots + (ticket % slots);
}

/** The memory of a ticket's place. */
export function placeOf(
  { slots, inputs, targets }: Ring,
  ticket: number,
): { readonly inputs: Float32Array; readonly targets: Float32Array } {
  const slot = ticket % slots;
  const part = (all: Float32Array) =>
    all.subarray((slot * all.length) / slots, ((slot + 1) * all.length) / slots);
  return { inputs: part(inputs), targets: part(targets) };
}

/** The work of a reader. */
export interface ReaderData {
  readonly pictures: SharedPictures;
  readonly options: PictureDatasetOptions;
  readonly ring: Ring;
  /** From 0. */
  readonly reader: number;
  readonly readers: number;
}

/** An epoch that begins. */
export interface EpochMessage {
  readonly generation: number;
  readonly epoch: number;
  readonly order: Uint32Array;
  /** As {@link Dataset.beginEpoch}. */
  readonly following?: Following;
  /** The ticket before that of the first batch. */
  readonly base: number;
}
