/** @file How good a classifier is on test data. */

import { z } from "zod";
import type { Dataset } from "../../data/index.ts";
import { AuricleError } from "../../errors.ts";
import { classificationReport, confusionMatrixMetric } from "../../nn/metrics/index.ts";
import type { Model } from "../../nn/index.ts";
import type { Precision } from "../../runtime/precision.ts";
import { sizeOf } from "../../tensor/shape.ts";

const score = z.number().min(0).max(1);

export const testResult = z.strictObject({
  examples: z.int(),
  loss: z.number(),
  accuracy: score,
  /** Unweighted means over the classes. */
  macroPrecision: score,
  macroRecall: score,
  macroF1: score,
  classes: z.array(
    z.strictObject({ name: z.string(), precision: score, recall: score, f1: score, support: z.int() }),
  ),
  /** Row = true class, column = predicted class. */
  confusionMatrix: z.array(z.array(z.int())),
});

export type TestResult = z.infer<typeof testResult>;

/** Examples that are computed at once: more take more memory and are no faster. */
export const BATCH_SIZE = 256;

/** The classes of a data set. @throws AuricleError "data" when its targets are no classes. */
export function classNamesOf(dataset: Dataset): readonly string[] {
  if (dataset.classNames) return dataset.classNames;
  throw new AuricleError("data", `data set "${dataset.name}": a classifier needs data with class names`);
}

/**
 * Tests a compiled model.
 * @param names the names of the model's classes
 * @throws AuricleError "data" for a label that is none of them.
 */
export async function testModel(
  model: Model,
  dataset: Dataset,
  names: readonly string[],
  precision: Precision = "float32",
): Promise<TestResult> {
  const classes = names.length;
  const { loss } = await model.evaluate(dataset, { batchSize: BATCH_SIZE, precision });
  const confusion = confusionMatrixMetric({ classes });
  const inputSize = sizeOf(dataset.inputShape);
  for (let start = 0; start < dataset.length; start += BATCH_SIZE) {
    const count = Math.min(BATCH_SIZE, dataset.length - start);
    const inputs = new Float32Array(count * inputSize);
    const labels = new Int32Array(count);
    await dataset.read(
      Uint32Array.from({ length: count }, (_, i) => start + i),
      inputs,
      labels,
    );
    const outputs = await model.predict(
      { shape: [count, ...dataset.inputShape], data: inputs },
      { precision },
    );
    confusion.update(outputs.data, labels);
  }
  const matrix = confusion.result();
  const report = classificationReport(matrix);
  return {
    examples: dataset.length,
    loss,
    accuracy: report.accuracy,
    macroPrecision: report.macro.precision,
    macroRecall: report.macro.recall,
    macroF1: report.macro.f1,
    classes: report.classes.map((scores, c) => ({ name: names[c], ...scores })),
    confusionMatrix: names.map((_, truth) =>
      Array.from(matrix.data.subarray(truth * classes, (truth + 1) * classes)),
    ),
  };
}
