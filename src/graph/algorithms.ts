/** @file Where an operation can be computed in several ways: the ways, and how one is chosen. */
import type { Lowering } from "./lowering.ts";

/** The algorithm that every operation with a choice has. */
export const DIRECT = "direct";

/** One way to compute an operation. */
export interface Algorithm {
  readonly name: string;
  readonly lower: (lowering: Lowering) => void;
}

export interface Choice {
  /** Text that two choices share only if they are between the same algorithms on the same shapes. */
  readonly key: string;
  /** Those that can compute the operation; the fixed rule's comes first. One is called "direct". */
  readonly algorithms: readonly Algorithm[];
  /** The same, with the same order, on as few examples as say which is faster. */
  readonly sample: () => ChoiceSample;
}

export interface ChoiceSample {
  readonly algorithms: readonly Algorithm[];
  /** Words of each operand and of the result. */
  readonly inputs: readonly number[];
  readonly output: number;
}

export type ChooseAlgorithm = (choice: Choice) => Algorithm;

export const chooseFixed: ChooseAlgorithm = ({ algorithms }) => algorithms[0];

export const chooseDirect: ChooseAlgorithm = ({ algorithms }) => named(algorithms, DIRECT) ?? algorithms[0];

/**
 * Chooses by earlier measurements, and measures where there are none.
 * @param known the fastest algorithms measured before, by key
 * @param measure gives a time for each algorithm of a sample
 */
export function chooseMeasured(
  known: { get(key: string): string | undefined; set(key: string, name: string): void },
  measure: (sample: ChoiceSample) => readonly number[],
): ChooseAlgorithm {
  return ({ key, algorithms, sample }) => {
    if (algorithms.length === 1) return algorithms[0];
    const before = named(algorithms, known.get(key));
    if (before) return before;
    const times = measure(sample());
    const fastest = algorithms[times.indexOf(Math.min(...times))];
    known.set(key, fastest.name);
    return fastest;
  };
}

function named(algorithms: readonly Algorithm[], name: string | undefined): Algorithm | undefined {
  return algorithms.find((algorithm) => algorithm.name === name);
}
