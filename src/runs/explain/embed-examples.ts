/** @file Examples as the vectors of a layer, and these laid out on a plane. Browser-safe. */

import type { Example } from "../../data/audio/index.ts";
import { pca, umap } from "../../explain/index.ts";
import type { Model } from "../../nn/index.ts";
import { formatPercent, type EmbeddingLayout } from "../../report/index.ts";
import type { FloatArray } from "../../tensor/array.ts";
import type { Job } from "../run-kind.ts";
import { windowEmbeddings, type WindowEmbeddingsOptions } from "./window-embeddings.ts";

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

/** A vector for each example: of one with several windows the mean over them. */
export async function embedExamples(
  model: Model,
  job: Job,
  examples: readonly Example[],
  options: WindowEmbeddingsOptions = {},
): Promise<FloatArray> {
  const means: Float32Array[] = [];
  for await (const { data, width } of windowEmbeddings(model, job, examples, options)) {
    means.push(meanOfRows(data, width));
  }
  const width = means[0].length;
  const data = new Float32Array(examples.length * width);
  means.forEach((mean, i) => data.set(mean, i * width));
  return { shape: [examples.length, width], data };
}

/** The mean over rows, `[rows, width]`. */
export function meanOfRows(rows: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  rows.forEach((value, i) => (sums[i % width] += value));
  return Float32Array.from(sums, (sum) => sum / (rows.length / width));
}
