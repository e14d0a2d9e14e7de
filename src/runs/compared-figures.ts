/** @file The figures by which runs are compared. Browser-safe. */

import type { EvaluationFigures } from "./run-result.ts";

/** Returns an evaluation's main figures by name, such as "test accuracy", the most important first. */
export function comparedFigures(evaluations: readonly EvaluationFigures[]): Map<string, number> {
  const figures = new Map<string, number>();
  for (const evaluation of evaluations) {
    const { name } = evaluation;
    if (evaluation.task === "classification") figures.set(`${name} accuracy`, evaluation.accuracy);
    if (evaluation.task !== "regression") figures.set(`${name} macro-F1`, evaluation.macroF1);
    if (evaluation.task === "tagging" && evaluation.meanAveragePrecision !== null) {
      figures.set(`${name} mean average precision`, evaluation.meanAveragePrecision);
    }
    if (evaluation.task === "regression") {
      for (const output of evaluation.outputs) {
        figures.set(`${name} error of ${output.name}`, output.meanAbsoluteError);
      }
    }
  }
  return figures;
}
