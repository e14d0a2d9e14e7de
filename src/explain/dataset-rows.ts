/** @file The inputs of a data set, some examples at a time. Browser-safe. */
import type { Dataset } from "../data/dataset.ts";
import { AuricleError } from "../errors.ts";
import type { InferenceNetwork } from "../nn/inference-network.ts";
import { indexRange } from "../nn/training/evaluate.ts";
import type { FloatArray } from "../tensor/array.ts";
import { formatShape, sameShape, sizeOf } from "../tensor/shape.ts";
import { givenInputs } from "./inputs.ts";

/** Examples read at once. */
const PART = 256;

/** @throws AuricleError "shape" for examples that are not the network's, "data" for an empty set or unusable numbers. */
export async function* datasetRows(
  network: InferenceNetwork,
  dataset: Dataset,
): AsyncGenerator<readonly FloatArray[]> {
  const { inputShape, targetShape, length, name } = dataset;
  if (network.inputShapes.length !== 1 || !sameShape(network.inputShapes[0], inputShape)) {
    throw new AuricleError(
      "shape",
      `${network.name}: one example must be ${network.inputShapes.map(formatShape).join(" and ")}; ` +
        `data set "${name}" has ${formatShape(inputShape)}`,
    );
  }
  for (let start = 0; start < length; start += PART) {
    const indices = indexRange(start, Math.min(PART, length - start));
    const data = new Float32Array(indices.length * sizeOf(inputShape));
    const targets = indices.length * sizeOf(targetShape);
    await dataset.read(
      indices,
      data,
      dataset.targetDtype === "int32" ? new Int32Array(targets) : new Float32Array(targets),
    );
    const x = { shape: [indices.length, ...inputShape], data };
    givenInputs(network, x);
    yield [x];
  }
}
