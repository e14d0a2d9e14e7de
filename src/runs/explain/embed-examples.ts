/** @file Examples as the vectors of a layer, and these laid out on a plane. Browser-safe. */

import type { Example } from "../../data/audio/index.ts";
import type { Dataset } from "../../data/index.ts";
import { embeddings, pca, umap } from "../../explain/index.ts";
import type { Model } from "../../nn/index.ts";
import { formatPercent, type EmbeddingLayout } from "../../report/index.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { sizeOf } from "../../tensor/shape.ts";
import type { Job } from "../run-kind.ts";

/** Fewer examples have no neighbourhoods. */
export const LEAST_POINTS = 4;

/** The layer where none is named, in words. */
export const DEFAULT_LAYER = "what the last layer takes";

/**
 * Lays vectors out by their principal components and by UMAP. `share` is the part of the variance that the first two components have.
 * @param vectors `[N, D]`
 */
export async function layoutsOf(
  vectors: FloatArray,
  seed: number,
): Promise<{ readonly layouts: readonly EmbeddingLayout[]; readonly share: number }> {
  const components = Math.min(2, vectors.shape[1], vectors.shape[0] - 1);
  const { projected, shares } = pca(vectors, { components });
  const share = shares.reduce((sum, one) => sum + one, 0);
  const layouts = [
    {
      key: "pca",
      title: "Principal components",
      note: `${formatPercent(share)} of the variance: distances are as right as two axes allow`,
      places: inPlane(projected),
    },
    {
      key: "umap",
      title: "UMAP",
      note: "neighbours stay together; distances between groups and their sizes say little",
      places: (await umap(vectors, { seed })).data,
    },
  ];
  // Where all examples are the same to the model, there may be no places.
  return { layouts: layouts.filter(({ places }) => places.every(Number.isFinite)), share };
}

/** A single component lies on a line. */
function inPlane({ shape: [length, width], data }: FloatArray): Float32Array {
  return Float32Array.from({ length: 2 * length }, (_, i) =>
    i % 2 < width ? data[Math.floor(i / 2) * width + (i % 2)] : 0,
  );
}

/** Windows or pictures that go through the network together. */
const BATCH = 64;

/** A vector for each example: of one with several windows the mean over them. */
export async function embedExamples(
  model: Model,
  job: Job,
  examples: readonly Example[],
  { layer, signal }: { readonly layer?: string; readonly signal?: AbortSignal } = {},
): Promise<FloatArray> {
  const sums: Float64Array[] = [];
  let waiting: { readonly example: number; readonly input: Float32Array }[] = [];
  const counts = new Uint32Array(examples.length);
  const flush = async (shape: readonly number[]) => {
    const data = new Float32Array(waiting.length * sizeOf(shape));
    waiting.forEach(({ input }, i) => data.set(input, i * sizeOf(shape)));
    const options = { signal, ...(layer !== undefined && { layer }) };
    const found = await embeddings(model, { shape: [waiting.length, ...shape], data }, options);
    const [, width] = found.shape;
    waiting.forEach(({ example }, i) => {
      sums[example] ??= new Float64Array(width);
      for (let at = 0; at < width; at++) sums[example][at] += found.data[i * width + at];
      counts[example]++;
    });
    waiting = [];
  };
  for (const [example, one] of examples.entries()) {
    const dataset = job.kind.heldOut(job, [one]);
    for (const input of await inputsOf(dataset)) waiting.push({ example, input });
    const isLast = example === examples.length - 1;
    if (waiting.length >= BATCH || isLast) await flush(dataset.inputShape);
  }
  const width = sums[0].length;
  const data = Float32Array.from({ length: examples.length * width }, (_, i) => {
    const example = Math.floor(i / width);
    return sums[example][i % width] / counts[example];
  });
  return { shape: [examples.length, width], data };
}

async function inputsOf(dataset: Dataset): Promise<Float32Array[]> {
  const { length, inputShape, targetShape, targetDtype } = dataset;
  const size = sizeOf(inputShape);
  const data = new Float32Array(length * size);
  const targets = length * sizeOf(targetShape);
  const target = targetDtype === "int32" ? new Int32Array(targets) : new Float32Array(targets);
  await dataset.read([...Array(length).keys()], data, target);
  return Array.from({ length }, (_, i) => data.subarray(i * size, (i + 1) * size));
}
