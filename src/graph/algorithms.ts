/** @file How one of several ways to compute an operation is chosen. */
import type { Algorithm, ChoiceSample, ChooseAlgorithm } from "./lowering.ts";

/** The algorithm that every operation with a choice has. */
export const DIRECT = "direct";

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
