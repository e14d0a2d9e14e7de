/** @file The losses and gains of a run's model when it computes in bfloat16. */

import type { Dataset } from "../../data/index.ts";
import type { Precision } from "../../runtime/precision.ts";
import type { Model } from "../../nn/index.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { softmax } from "./softmax.ts";
import { BATCH_SIZE, testModel, type TestResult } from "./test-result.ts";

export interface PrecisionResult {
  readonly accuracy: number;
  readonly macroF1: number;
  readonly loss: number;
  /** The time to predict all examples, with programs already compiled and warmed up. */
  readonly milliseconds: number;
}

export interface AccuracyCost {
  readonly float32: PrecisionResult;
  readonly bfloat16: PrecisionResult;
  /** The accuracy in float32 less that in bfloat16. */
  readonly accuracyCost: number;
  /** The largest difference for any class of any example. */
  readonly largestProbabilityDifference: number;
  /** The number of examples whose predicted class changes. */
  readonly changedClasses: number;
}

/**
 * Tests a compiled model in bfloat16 too, and predicts all examples in both precisions in turn.
 * @param names the names of the model's classes
 * @param float32 the result of `testModel` in float32
 * @throws AuricleError "unsupported" where the target or the processor has no bfloat16.
 */
export async function accuracyCost(
  model: Model,
  dataset: Dataset,
  names: readonly string[],
  float32: TestResult,
): Promise<AccuracyCost> {
  const bfloat16 = await testModel(model, dataset, names, "bfloat16");
  const milliseconds = { float32: 0, bfloat16: 0 };
  let largestProbabilityDifference = 0;
  let changedClasses = 0;
  for (let start = 0; start < dataset.length; start += BATCH_SIZE) {
    const count = Math.min(BATCH_SIZE, dataset.length - start);
    const data = new Float32Array(count * sizeOf(dataset.inputShape));
    const indices = Uint32Array.from({ length: count }, (_, i) => start + i);
    await dataset.read(indices, data, new Int32Array(count));
    const predict = async (precision: Precision) => {
      const before = performance.now();
      const outputs = await model.predict({ shape: [count, ...dataset.inputShape], data }, { precision });
      milliseconds[precision] += performance.now() - before;
      return outputs.data;
    };
    const [exact, rounded] = [await predict("float32"), await predict("bfloat16")];
    for (let row = 0; row < count; row++) {
      const [a, b] = [exact, rounded].map((rows) =>
        softmax(rows.subarray(row * names.length, (row + 1) * names.length)),
      );
      a.forEach((probability, c) => {
        largestProbabilityDifference = Math.max(largestProbabilityDifference, Math.abs(probability - b[c]));
      });
      if (a.indexOf(Math.max(...a)) !== b.indexOf(Math.max(...b))) changedClasses++;
    }
  }
  const resultOf = ({ accuracy, macroF1, loss }: TestResult, precision: Precision): PrecisionResult => ({
    accuracy,
    macroF1,
    loss,
    milliseconds: milliseconds[precision],
  });
  return {
    float32: resultOf(float32, "float32"),
    bfloat16: resultOf(bfloat16, "bfloat16"),
    accuracyCost: float32.accuracy - bfloat16.accuracy,
    largestProbabilityDifference,
    changedClasses,
  };
}
