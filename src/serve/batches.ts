/** @file Batches of windows from several requests: one forward pass at a time, for all models together. */

import { MOST_AT_ONCE, sizePower } from "./bit-classes.ts";

/** A network that computes batches. */
export interface BatchNetwork {
  /** Programs of equal numbers give the same bits, see `findBitClasses`. */
  readonly bitClasses: readonly number[];
  /** @returns the outputs of each part */
  run(parts: readonly Part[]): Promise<readonly Float32Array[]>;
}

/** Windows of one request. */
export interface Part {
  readonly data: Float32Array;
  /** The number of windows, 1 … `MOST_AT_ONCE`. */
  readonly count: number;
}

interface WaitingPart extends Part {
  readonly network: BatchNetwork;
  readonly resolve: (outputs: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

/** Computes parts in the order in which they come; those that can do without a difference go together. */
export class Batches {
  private waiting: readonly WaitingPart[] = [];
  private isRunning = false;
  private readonly onBatch: (windows: number, parts: number, seconds: number) => void;

  /** @param onBatch is told of each batch: windows, parts, and how long it took */
  constructor(onBatch: (windows: number, parts: number, seconds: number) => void = () => undefined) {
    this.onBatch = onBatch;
  }

  /** @throws what the network throws */
  compute(network: BatchNetwork, part: Part): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      this.waiting = [...this.waiting, { ...part, network, resolve, reject }];
      void this.run();
    });
  }

  private async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    while (this.waiting.length > 0) {
      const batch = chooseBatch(this.waiting);
      this.waiting = this.waiting.filter((part) => !batch.includes(part));
      const begin = performance.now();
      try {
        const outputs = await batch[0].network.run(batch);
        batch.forEach(({ resolve }, i) => resolve(outputs[i]));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      this.onBatch(countOf(batch), batch.length, (performance.now() - begin) / 1000);
    }
    this.isRunning = false;
  }
}

/** Chooses the first part, and those of the same network that may go with it: no part's bits depend on the others. */
export function chooseBatch<P extends Part & { readonly network: BatchNetwork }>(waiting: readonly P[]): P[] {
  const [first] = waiting;
  const { network } = first;
  const classOf = (count: number) => network.bitClasses[sizePower(count)];
  const batch = [first];
  for (const part of waiting.slice(1)) {
    const total = countOf(batch) + part.count;
    const fits =
      part.network === network &&
      total <= MOST_AT_ONCE &&
      classOf(part.count) === classOf(first.count) &&
      classOf(total) === classOf(first.count);
    if (fits) batch.push(part);
  }
  return batch;
}

function countOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { count }) => sum + count, 0);
}
