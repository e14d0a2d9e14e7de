/** @file The processes that train one network together, as the training sees them. Browser-safe. */

/**
 * One of several processes that do the same with shares of the examples. All must call the same methods in the same order; each call
 * waits for all others, and fails on all when one of them fails.
 */
export interface Ranks {
  /** The number of this process, from 0. Rank 0 alone writes. */
  readonly rank: number;
  /** How many there are: 1 or more. */
  readonly size: number;
  /**
   * Replaces each number by its mean over all ranks, weighted, and hands round a note of each. Sums are float64 in the order of the
   * ranks, so that all ranks have the same bits, on every run and with any MPI.
   * @param values the same length on all ranks; those of a rank of weight 0 are not looked at
   * @param weight 0 or more; where all are 0, the values are left as they are
   * @param note the same length on all ranks
   * @param what names the exchange in messages: "step 12"
   * @returns the notes by rank; valid until the next call
   */
  mean(
    values: Float32Array,
    weight: number,
    note: Float32Array,
    what: string,
  ): Promise<readonly Float32Array[]>;
  /** Hands bytes of any length round. @returns those of all ranks, by rank */
  gather(bytes: Uint8Array, what: string): Promise<readonly Uint8Array[]>;
  /** Gives all ranks the bytes of rank 0. @param bytes looked at on rank 0 alone */
  broadcast(bytes: Uint8Array, what: string): Promise<Uint8Array>;
  /** Waits until all are here. */
  barrier(what: string): Promise<void>;
}

/** A stretch of consecutive rows of a batch. */
export interface Share {
  readonly start: number;
  readonly count: number;
}

/** The rows of a rank: as many as those of any other, or one more on the first ranks. A rank's count never grows when `rows` shrinks. */
export function shareOf(rows: number, { rank, size }: Pick<Ranks, "rank" | "size">): Share {
  const least = Math.floor(rows / size);
  const more = rows % size;
  return { start: rank * least + Math.min(rank, more), count: least + (rank < more ? 1 : 0) };
}
