/**
 * @file Batch normalisation by the statistics of the whole batch, where several processes have shares of it: in the middle of a step they
 * exchange the moments of each layer, and on the way back the sums in its gradient. Browser-safe.
 */
import type { Ranks } from "../../distributed/ranks.ts";
import { AuricleError } from "../../errors.ts";
import type { PausingProgram } from "../../graph/compiled-graph.ts";
import { batchNormOfShare, type AcrossShares } from "../../ops/batch-norm-training.ts";
import { handOver } from "../../ops/hand-over.ts";
import type { TrainingOperations } from "../layers/training-operations.ts";

const PURPOSES = { moments: "moments of the batch", sums: "sums over the batch" } as const;

const ACROSS: AcrossShares = {
  moments({ mean, variance }) {
    const [all, allVariance] = handOver([mean, variance], PURPOSES.moments);
    return { mean: all, variance: allVariance };
  },
  sums(own) {
    const [first, second] = handOver(own, PURPOSES.sums);
    return [first, second];
  },
};

/** The operations of a step whose program hands over what {@link BatchExchange} exchanges. */
export const SHARED_OPERATIONS: Partial<TrainingOperations> = {
  batchNormTraining: (x, options = {}) => batchNormOfShare(x, options, ACROSS),
};

/** The places of a rank's note: these, then the numbers that are handed over. */
const NOTE = { rows: 0, point: 1, numbers: 2 } as const;

/** The exchanges of one step. */
export class BatchExchange {
  private readonly ranks: Ranks;
  private readonly program: PausingProgram;
  private readonly rows: number;
  private readonly when: string;

  /**
   * @param program that of the step; that for any other number of rows where this rank has none
   * @param rows the rows of the batch that this rank has
   * @param when for messages: "epoch 1, batch 2"
   */
  constructor(ranks: Ranks, program: PausingProgram, rows: number, when: string) {
    this.ranks = ranks;
    this.program = program;
    this.rows = rows;
    this.when = when;
  }

  /** Runs the program; without rows, only answers to the others. */
  async run(): Promise<void> {
    const { program, rows } = this;
    const points = program.handOvers;
    if (rows === 0) {
      for (const [index, { writes }] of points.entries()) {
        await this.gather(new Float32Array(writes[0].words), index);
      }
      return;
    }
    let index = 0;
    for (const numbers of program.parts()) {
      const notes = await this.gather(numbers, index);
      if (points[index].handOver === PURPOSES.moments) joinMoments(notes, numbers);
      else joinSums(notes, numbers);
      index++;
    }
  }

  private async gather(numbers: Float32Array, index: number): Promise<readonly Float32Array[]> {
    const { ranks, rows, when } = this;
    const note = new Float32Array(NOTE.numbers + numbers.length);
    note[NOTE.rows] = rows;
    note[NOTE.point] = index;
    note.set(numbers, NOTE.numbers);
    const notes = await ranks.mean(NO_VALUES, rows, note, `${when}, batch normalisation`);
    if (notes.every((one) => one.length === note.length && one[NOTE.point] === index)) return notes;
    throw new AuricleError(
      "unsupported",
      `${when}: the ranks' programs exchange the statistics of batch normalisation in different orders; train without --sync-batch-norm`,
    );
  }
}

const NO_VALUES = new Float32Array(0);

/**
 * Means and variances of the whole from those of its parts, in float64: the variance of the whole is the mean of the parts' variances and of
 * their means' squared distances from the mean.
 */
function joinMoments(notes: readonly Float32Array[], into: Float32Array): void {
  const channels = into.length / 2;
  const total = notes.reduce((sum, note) => sum + note[NOTE.rows], 0);
  for (let channel = 0; channel < channels; channel++) {
    let mean = 0;
    for (const note of notes) mean += (note[NOTE.rows] / total) * note[NOTE.numbers + channel];
    let variance = 0;
    for (const note of notes) {
      const distance = note[NOTE.numbers + channel] - mean;
      const own = note[NOTE.numbers + channels + channel];
      variance += (note[NOTE.rows] / total) * (own + distance * distance);
    }
    into[channel] = mean;
    into[channels + channel] = variance;
  }
}

/** The mean of the ranks' sums, weighted by their rows. */
function joinSums(notes: readonly Float32Array[], into: Float32Array): void {
  const total = notes.reduce((sum, note) => sum + note[NOTE.rows], 0);
  for (let i = 0; i < into.length; i++) {
    let sum = 0;
    for (const note of notes) sum += note[NOTE.rows] * note[NOTE.numbers + i];
    into[i] = sum / total;
  }
}
