/** @file The work of a thread that reads ahead: the batches of an epoch, into a ring, as its places become free. Browser-safe. */

import type { Example } from "../../collection/collection.ts";
import { pictureDataset, type PictureDataset, type PixelSource } from "../picture-dataset.ts";
import { pixelsGone } from "../pixels/pixel-store.ts";
import {
  claim,
  GENERATION,
  madeWord,
  placeOf,
  TAKEN,
  type EpochMessage,
  type ReaderData,
  type SharedPictures,
} from "./ring.ts";

/** Reads a file of the cache. @returns undefined where it is gone */
type ReadFile = (path: string, size: number) => Uint8Array | undefined;

export class AheadReader {
  private readonly dataset: PictureDataset;
  private readonly data: ReaderData;

  constructor(data: ReaderData, readFile: ReadFile) {
    const { pictures, options } = data;
    this.data = data;
    this.dataset = pictureDataset(sourceOf(pictures, readFile), examplesOf(pictures), options);
  }

  /** Makes this reader's batches of an epoch. It waits for places, and ends early where another epoch has begun. */
  readEpoch({ generation, epoch, order, following, base }: EpochMessage): void {
    const { ring, reader, readers } = this.data;
    const { batchSize, control } = ring;
    this.dataset.beginEpoch?.(epoch, order, batchSize, following);
    for (let first = 0, ticket = base + 1; first < order.length; first += batchSize, ticket++) {
      if (ticket % readers !== reader) continue;
      if (!this.waitForPlace(ticket, generation)) return;
      if (!claim(ring, ticket)) continue;
      const { inputs, targets } = placeOf(ring, ticket);
      void this.dataset.read(order.subarray(first, first + batchSize), inputs, targets);
      Atomics.store(control, madeWord(ring, ticket), ticket);
      Atomics.notify(control, madeWord(ring, ticket));
    }
  }

  /** @returns false where another epoch has begun */
  private waitForPlace(ticket: number, generation: number): boolean {
    const { slots, control } = this.data.ring;
    for (;;) {
      const taken = Atomics.load(control, TAKEN);
      if (Atomics.load(control, GENERATION) !== generation) return false;
      if (ticket - slots <= taken) return true;
      Atomics.wait(control, TAKEN, taken);
    }
  }
}

function examplesOf({ ids, labels, targets }: SharedPictures): Example[] {
  const width = targets.length / ids.length;
  return ids.map((id, index) => ({
    id,
    path: id,
    index,
    target: targets.subarray(index * width, (index + 1) * width),
    label: labels[index],
    group: id,
    split: undefined,
  }));
}

function sourceOf(
  { format, buffers, bufferOf, offsets, files }: SharedPictures,
  readFile: ReadFile,
): PixelSource {
  const size = format.width * format.height * format.channels;
  return {
    format,
    has: () => true,
    inMemory: ({ index = 0 }) =>
      bufferOf[index] < 0 ? undefined : new Uint8Array(buffers[bufferOf[index]], offsets[index], size),
    read({ id, index = 0 }) {
      const pixels = readFile(files[index], size);
      if (pixels) return pixels;
      throw pixelsGone(id, files[index]);
    },
  };
}
