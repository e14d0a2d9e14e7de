/** @file The outputs of a model for all of a data set, with the loss and the time that they take. Browser-safe. */

import { inTargetUnits, windowLoss, windowOutputs } from "../audio-model/outputs.ts";
import type { Dataset } from "../data/index.ts";
import { AuricleError } from "../errors.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { EvaluatedModel, ExampleEvaluations } from "./run-kind.ts";

/** The number of inputs computed at once, and the use of their outputs. */
export interface BatchUse {
  /** Inputs that are computed at once: more take more memory and are no faster. */
  readonly batchSize: number;
  /** The target of the data set's input of that number. */
  readonly targetOf: (index: number) => Float32Array;
  /** Takes the outputs for that input: probabilities, or numbers in the units of the targets. */
  readonly take: (index: number, outputs: Float32Array) => void;
}

/**
 * @returns the mean loss over the inputs, and the time of the network alone
 * @throws AuricleError "numeric" where the network gives no finite numbers: a training has diverged
 */
export async function evaluateBatches(
  { model, task, targetScale, precision, signal }: EvaluatedModel,
  dataset: Dataset,
  { batchSize, targetOf, take }: BatchUse,
): Promise<Pick<ExampleEvaluations, "loss" | "milliseconds">> {
  let loss = 0;
  let milliseconds = 0;
  for (let first = 0; first < dataset.length; first += batchSize) {
    signal?.throwIfAborted();
    const count = Math.min(batchSize, dataset.length - first);
    const inputs = new Float32Array(count * sizeOf(dataset.inputShape));
    const targets = new Float32Array(count * sizeOf(dataset.targetShape));
    const indices = Uint32Array.from({ length: count }, (_, i) => first + i);
    await dataset.read(indices, inputs, targets);
    const before = performance.now();
    const raw = await model.predict(
      { shape: [count, ...dataset.inputShape], data: inputs },
      { batchSize, precision },
    );
    milliseconds += performance.now() - before;
    windowOutputs(task, raw).forEach((outputs, i) => {
      if (!outputs.every(Number.isFinite)) throw notFinite(outputs, first + i, dataset.length);
      const target = targetOf(first + i);
      loss += windowLoss(task, outputs, targetScale ? targetScale.standardise(target) : target);
      take(first + i, inTargetUnits(outputs, targetScale?.scale));
    });
  }
  return { loss: loss / dataset.length, milliseconds };
}

function notFinite(outputs: Float32Array, input: number, inputs: number): AuricleError {
  const value = outputs.find((one) => !Number.isFinite(one));
  return new AuricleError(
    "numeric",
    `the model answers ${value} to input ${input} of ${inputs}: its weights, or the numbers within it, have grown beyond float32. ` +
      "Where it is being trained, a tenth of the learning rate is worth trying",
  );
}
