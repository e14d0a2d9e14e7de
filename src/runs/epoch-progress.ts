/** @file Where a training is within an epoch, counted batch by batch for whoever watches it. */

import type { BatchLogs, TrainingControl } from "../nn/index.ts";
import type { BatchProgress } from "./observer.ts";

export class EpochProgress {
  /** From 1. */
  epoch = 0;
  private readonly examplesPerEpoch: number;
  private began = 0;
  private lossSum = 0;
  private examples = 0;

  constructor(examplesPerEpoch: number) {
    this.examplesPerEpoch = examplesPerEpoch;
  }

  /** Seconds since the epoch began, in milliseconds' steps. */
  get seconds(): number {
    return Math.round(performance.now() - this.began) / 1000;
  }

  /** @param epoch from 0 */
  begin(epoch: number): void {
    this.epoch = epoch + 1;
    this.began = performance.now();
    this.lossSum = 0;
    this.examples = 0;
  }

  /**
   * @param batch the batch's number, from 0
   * @param accuracy the accuracy of the epoch so far; undefined where it is not counted by batch
   */
  after(
    batch: number,
    { loss, size }: BatchLogs,
    { epochs, batchesPerEpoch }: TrainingControl,
    accuracy?: number,
  ): BatchProgress {
    this.lossSum += loss * size;
    this.examples += size;
    return {
      epoch: this.epoch,
      batch: batch + 1,
      batches: batchesPerEpoch,
      loss: this.lossSum / this.examples,
      accuracy,
      examples: (this.epoch - 1) * this.examplesPerEpoch + this.examples,
      totalExamples: epochs * this.examplesPerEpoch,
    };
  }
}
