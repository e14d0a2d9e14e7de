/** @file Predictions for pictures whose pixels are prepared, and their evaluation. Browser-safe. */

import { inTargetUnits, windowLoss, windowOutputs } from "../../audio-model/outputs.ts";
import type { Example } from "../../data/collection/collection.ts";
import { pictureDataset, type PixelSource } from "../../data/images/picture-dataset.ts";
import { sizeOf } from "../../tensor/shape.ts";
import type { EvaluatedModel, ExampleEvaluation, ExampleEvaluations } from "../run-kind.ts";

/** Pictures that are computed at once: more take more memory and are no faster. */
const BATCH_SIZE = 64;

/** @throws AuricleError "data" when none of the pictures could be read. */
export async function evaluatePictures(
  { model, task, targetScale, precision }: EvaluatedModel,
  store: PixelSource,
  examples: readonly Example[],
): Promise<ExampleEvaluations> {
  const dataset = pictureDataset(store, examples);
  const clips: ExampleEvaluation[] = [];
  let loss = 0;
  let milliseconds = 0;
  for (let first = 0; first < dataset.length; first += BATCH_SIZE) {
    const count = Math.min(BATCH_SIZE, dataset.length - first);
    const inputs = new Float32Array(count * sizeOf(dataset.inputShape));
    const targets = new Float32Array(count * sizeOf(dataset.targetShape));
    const indices = Uint32Array.from({ length: count }, (_, i) => first + i);
    await dataset.read(indices, inputs, targets);
    const before = performance.now();
    const raw = await model.predict(
      { shape: [count, ...dataset.inputShape], data: inputs },
      { batchSize: BATCH_SIZE, precision },
    );
    milliseconds += performance.now() - before;
    windowOutputs(task, raw).forEach((outputs, i) => {
      const clip = dataset.examples[first + i];
      loss += windowLoss(task, outputs, targetScale ? targetScale.standardise(clip.target) : clip.target);
      clips.push({ clip, outputs: inTargetUnits(outputs, targetScale?.scale), windows: [] });
    });
  }
  return { clips, silent: 0, loss: loss / dataset.length, milliseconds };
}
