/** @file Pictures for training that other threads read and change while the network computes. Browser-safe. */

import { startThread, usableProcessors } from "#here/io/threads";
import { nextTurn } from "../../../io/next-turn.ts";
import type { ScriptThread } from "../../../io/task-threads.ts";
import { sizeOf } from "../../../tensor/shape.ts";
import type { Example } from "../../collection/collection.ts";
import { checkRead, type Following } from "../../dataset.ts";
import { pictureDataset, type PictureDataset, type PictureDatasetOptions } from "../picture-dataset.ts";
import type { PixelStore } from "../pixels/pixel-store.ts";
import { claim, GENERATION, madeWord, makeRing, placeOf, TAKEN, type ReaderData, type Ring } from "./ring.ts";
import { sharePictures } from "./share-pictures.ts";

/** Readers at most. */
const MOST_READERS = 4;

/** Places of the ring for each reader, which even out batches that take longer. */
const SLOTS_PER_READER = 4;

/** After so many milliseconds of waiting it is looked whether a reader has failed. */
const LOOK_EVERY = 20;

export interface ReadAheadOptions {
  /** Threads that compute; half as many read. With 1, pictures are read in the calling thread. */
  readonly threads: number;
  /** Told why pictures are read in the calling thread, where threads that read have failed. */
  readonly onProblem: (problem: string) => void;
}

export interface ReadAhead extends PictureDataset {
  /** Ends the threads; what is read after that is read in the calling thread. */
  end(): Promise<void>;
}

/**
 * As `pictureDataset`, with the same bits. In an epoch that `beginEpoch` has begun, other threads make the batches while the network
 * computes; the calling thread makes those that none of them has begun, and whatever is read in another order. Pictures in memory that
 * nothing changes are read in the calling thread: that is no slower than taking a batch from another thread. `timings` are the time
 * that the calling thread takes.
 * @throws AuricleError as `pictureDataset`.
 */
export function readAhead(
  store: PixelStore,
  examples: readonly Example[],
  options: PictureDatasetOptions,
  { threads, onProblem }: ReadAheadOptions,
): ReadAhead {
  const dataset = pictureDataset(store, examples, options);
  const readers = Math.min(MOST_READERS, Math.floor(threads / 2), usableProcessors());
  const isReady =
    (options.augmentation ?? "none") === "none" && dataset.examples.every((one) => store.inMemory(one));
  const pictures = readers > 0 && !isReady ? sharePictures(store, dataset.examples) : undefined;
  if (!pictures) return { ...dataset, end: () => Promise.resolve() };
  const ahead = new Ahead(dataset, { pictures, options, readers }, onProblem);
  return {
    ...dataset,
    beginEpoch: (...epoch) => ahead.beginEpoch(...epoch),
    read: (indices, inputs, targets) => ahead.read(indices, inputs, targets),
    timings: ahead.timings,
    end: () => ahead.end(),
  };
}

/** The pictures that are read, and by how many readers. */
type Work = Pick<ReaderData, "pictures" | "options" | "readers">;

/** The threads of a training, and what they write. */
interface Readers {
  readonly threads: readonly ScriptThread[];
  readonly ring: Ring;
}

class Ahead {
  readonly timings: PictureDataset["timings"];
  private readonly dataset: PictureDataset;
  private readonly work: Work;
  private readonly onProblem: (problem: string) => void;
  private readers: Readers | undefined;
  private hasEnded = false;
  private generation = 0;
  private order: Uint32Array = new Uint32Array();
  /** The ticket before that of the epoch's first batch. */
  private base = 0;
  /** The number of the next batch of the epoch. */
  private next = 0;
  /** Seconds that taking batches from the ring has taken. */
  private taking = 0;

  constructor(dataset: PictureDataset, work: Work, onProblem: (problem: string) => void) {
    this.dataset = dataset;
    this.work = work;
    this.onProblem = onProblem;
    const seconds = () => this.taking + dataset.timings.read;
    this.timings = {
      get read() {
        return seconds();
      },
      get augment() {
        return dataset.timings.augment;
      },
    };
  }

  beginEpoch(epoch: number, order: Uint32Array, batchSize: number, following?: Following): void {
    this.dataset.beginEpoch?.(epoch, order, batchSize, following);
    if (this.hasEnded) return;
    this.readers ??= this.start(batchSize);
    const { threads, ring } = this.readers;
    this.base += Math.ceil(this.order.length / ring.batchSize);
    this.order = ring.batchSize === batchSize ? order : new Uint32Array();
    this.next = 0;
    this.generation++;
    Atomics.store(ring.control, GENERATION, this.generation);
    this.take(ring, this.base);
    const message = {
      generation: this.generation,
      epoch,
      order: this.order,
      ...(following && { following }),
      base: this.base,
    };
    for (const thread of threads) thread.post(message);
  }

  read(
    indices: ArrayLike<number>,
    inputs: Float32Array,
    targets: Float32Array | Int32Array,
  ): void | Promise<void> {
    const { dataset, readers } = this;
    if (!readers || !this.isNext(indices, readers.ring)) return dataset.read(indices, inputs, targets);
    checkRead(dataset, indices, inputs, targets);
    const { ring } = readers;
    const ticket = this.base + ++this.next;
    if (claim(ring, ticket)) {
      this.take(ring, ticket);
      return dataset.read(indices, inputs, targets);
    }
    const began = performance.now();
    const finish = () => {
      const made = placeOf(ring, ticket);
      inputs.set(made.inputs.subarray(0, indices.length * sizeOf(dataset.inputShape)));
      targets.set(made.targets.subarray(0, indices.length * sizeOf(dataset.targetShape)));
      this.take(ring, ticket);
      this.taking += (performance.now() - began) / 1000;
    };
    if (this.isMade(ring, ticket)) return finish();
    return this.wait(ring, ticket).then((isMade) => {
      if (isMade) finish();
      else return dataset.read(indices, inputs, targets);
    });
  }

  async end(): Promise<void> {
    const { threads = [] } = this.readers ?? {};
    this.hasEnded = true;
    this.readers = undefined;
    await Promise.all(threads.map((thread) => thread.end()));
  }

  private isNext(indices: ArrayLike<number>, { batchSize }: Ring): boolean {
    const first = this.next * batchSize;
    const length = Math.min(batchSize, this.order.length - first);
    if (indices.length !== length || length === 0) return false;
    for (let i = 0; i < length; i++) if (indices[i] !== this.order[first + i]) return false;
    return true;
  }

  private isMade(ring: Ring, ticket: number): boolean {
    return Atomics.load(ring.control, madeWord(ring, ticket)) === ticket;
  }

  /** Frees the places of all batches up to a ticket. */
  private take({ control }: Ring, ticket: number): void {
    Atomics.store(control, TAKEN, ticket);
    Atomics.notify(control, TAKEN);
  }

  /** Waits until a reader has made the batch that it has begun. @returns false where it has failed */
  private async wait(ring: Ring, ticket: number): Promise<boolean> {
    const word = madeWord(ring, ticket);
    for (;;) {
      const made = Atomics.load(ring.control, word);
      if (made === ticket) return true;
      if (Atomics.wait(ring.control, word, made, LOOK_EVERY) !== "timed-out") continue;
      await nextTurn();
      if (!this.readers) return false;
    }
  }

  private start(batchSize: number): Readers {
    const { pictures, options, readers } = this.work;
    const { inputShape, targetShape } = this.dataset;
    const ring = makeRing(SLOTS_PER_READER * readers, batchSize, sizeOf(inputShape), sizeOf(targetShape));
    const script = new URL("./ahead-worker.js", import.meta.url);
    const threads = Array.from({ length: readers }, (_, reader) => {
      const data: ReaderData = { pictures, options, ring, reader, readers };
      const thread = startThread(script, data);
      thread.listen({
        message: () => undefined,
        error: (cause) => this.fail(cause instanceof Error ? cause.message : String(cause)),
        exit: (code) => this.fail(`it ended with code ${code}`),
      });
      return thread;
    });
    return { threads, ring };
  }

  /** From now on, the calling thread reads. */
  private fail(reason: string): void {
    if (this.hasEnded) return;
    void this.end();
    this.onProblem(
      `a thread that reads pictures ahead has failed: ${reason}; they are read as they are needed`,
    );
  }
}
