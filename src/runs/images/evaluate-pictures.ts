/** @file Predictions for pictures whose pixels are prepared, and their evaluation. Browser-safe. */

import type { Example } from "../../data/collection/collection.ts";
import { pictureDataset, type PixelSource } from "../../data/images/picture-dataset.ts";
import { evaluateBatches } from "../evaluate-batches.ts";
import type { EvaluatedModel, ExampleEvaluation, ExampleEvaluations } from "../run-kind.ts";

/** Pictures that are computed at once. */
const BATCH_SIZE = 64;

/** @throws AuricleError "data" when none of the pictures could be read. */
export async function evaluatePictures(
  evaluated: EvaluatedModel,
  store: PixelSource,
  examples: readonly Example[],
): Promise<ExampleEvaluations> {
  const dataset = pictureDataset(store, examples);
  const seen: ExampleEvaluation[] = [];
  const sums = await evaluateBatches(evaluated, dataset, {
    batchSize: BATCH_SIZE,
    targetOf: (index) => dataset.examples[index].target,
    take: (index, outputs) => seen.push({ example: dataset.examples[index], outputs, windows: [] }),
  });
  return { examples: seen, silent: 0, ...sums };
}
