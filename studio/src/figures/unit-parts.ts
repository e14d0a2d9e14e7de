/** @file The parts of the sum behind one unit, as figures show them. */

/** Products that belong together: those of one input channel. */
export interface SumPart {
  readonly name: string;
  readonly inputs: readonly number[];
  readonly weights: readonly number[];
  /** Numbers in a row of the window. */
  readonly columns: number;
  /** The sum of its products. */
  readonly value: number;
}

export interface UnitSum {
  readonly parts: readonly SumPart[];
  readonly bias: number;
  /** The parts and the bias together. */
  readonly total: number;
  /** "tanh"; "linear" for none. */
  readonly activation: string;
  /** The value that the engine computed for the unit. */
  readonly value: number;
}

/** The indices of the parts that say most, the largest first; at most `count`. */
export function largestParts(parts: readonly SumPart[], count: number): number[] {
  return parts
    .map(({ value }, i) => ({ i, size: Math.abs(value) }))
    .sort((a, b) => b.size - a.size)
    .slice(0, count)
    .map(({ i }) => i);
}
