/** @file The winner's figures on the test part, over its seeds. */

import { meanAndDeviation } from "../nn/metrics/index.ts";
import { comparedFigures } from "../runs/compared-figures.ts";
import type { TestFigures } from "./sweep-result.ts";

/** "test accuracy 0.9123 ± 0.0045" for each figure; none where nothing is held out for the test. */
export function testedFigures(test: readonly Pick<TestFigures, "evaluations">[]): string[] {
  const figures = test.map(({ evaluations }) => comparedFigures(evaluations));
  return [...(figures[0]?.keys() ?? [])].map((name) => {
    const { mean, standardDeviation } = meanAndDeviation(figures.flatMap((one) => one.get(name) ?? []));
    return `${name} ${mean.toFixed(4)}${standardDeviation === undefined ? "" : ` ± ${standardDeviation.toFixed(4)}`}`;
  });
}
