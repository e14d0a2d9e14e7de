/** @file Examples as a network sees them: a vector each. Browser-safe. */
import type { Dataset } from "../data/dataset.ts";
import { AuricleError } from "../errors.ts";
import type { InferenceNetwork } from "../nn/inference-network.ts";
import { datasetRows } from "./dataset-rows.ts";
import { isDataset, type ModelInputs } from "../nn/training/example-source.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import type { FloatArray, NumericArray } from "../tensor/array.ts";
import { activationsOf } from "./activations.ts";
import { givenInputs } from "./inputs.ts";
import { nodeNamed } from "./layer-choice.ts";
import { BATCH_OPTIONS, type BatchOptions, type ExplainedModel } from "./programs.ts";

export interface EmbeddingsOptions extends BatchOptions {
  /** The layer, by its name as `activations` takes it. Default: the one that the last layer with weights takes. */
  readonly layer?: string;
}

const OPTIONS: OptionNames<EmbeddingsOptions> = { layer: true, ...BATCH_OPTIONS };

/**
 * Computes a layer's output for each example, as one vector: of a layer with positions the mean over them.
 *
 * @example
 * const { projected } = pca(await embeddings(model, test)); // [N, 2]
 * @param data `[N, …]` for each input, or a data set
 * @returns `[N, D]`
 * @throws AuricleError as `activations`
 */
export async function embeddings(
  model: ExplainedModel,
  data: ModelInputs | Dataset,
  options: EmbeddingsOptions = {},
): Promise<FloatArray> {
  checkOptions("embeddings", options, OPTIONS, "model, data, ");
  const { network } = model;
  const node = options.layer === undefined ? beforeLast(network) : nodeNamed(network, options.layer);
  const width = network.nodes[node].outputShape.at(-1) ?? 1;
  const parts: FloatArray[] = [];
  for await (const arrays of partsOf(network, data)) {
    const [found] = await activationsOf(model, arrays, [node], options);
    parts.push(meanOverPositions(found, width));
  }
  const length = parts.reduce((sum, { shape }) => sum + shape[0], 0);
  const joined = new Float32Array(length * width);
  let end = 0;
  for (const { data: values } of parts) {
    joined.set(values, end);
    end += values.length;
  }
  return { shape: [length, width], data: joined };
}

/** The node whose output the last layer with weights takes. */
function beforeLast(network: InferenceNetwork): number {
  const { nodes, inputs } = network;
  const last = nodes.findLast(({ multiplyAdds }) => multiplyAdds > 0);
  const node = (last?.inputs[0] ?? 0) - inputs.length;
  if (node >= 0) return node;
  throw new AuricleError(
    "argument",
    `${network.name}: has no layer before its last one with weights; name a layer: { layer: "…" }`,
  );
}

async function* partsOf(
  network: InferenceNetwork,
  data: ModelInputs | Dataset,
): AsyncGenerator<readonly NumericArray[]> {
  if (isDataset(data)) yield* datasetRows(network, data);
  else yield givenInputs(network, data).arrays;
}

function meanOverPositions({ shape: [length], data }: FloatArray, width: number): FloatArray {
  const positions = data.length / (length * width);
  const sums = new Float64Array(length * width);
  data.forEach((value, i) => (sums[Math.floor(i / (positions * width)) * width + (i % width)] += value));
  return { shape: [length, width], data: Float32Array.from(sums, (sum) => sum / positions) };
}
