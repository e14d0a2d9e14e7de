/** @file The map of a run's report. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import { evenPlaces } from "../../evenly-spaced.ts";
import type { Model } from "../../nn/index.ts";
import type { EmbeddingMap, Evaluation } from "../../report/index.ts";
import type { FloatArray } from "../../tensor/array.ts";
import type { Job } from "../run-kind.ts";
import { DEFAULT_LAYER, embedExamples, layoutsOf, LEAST_POINTS } from "./embed-examples.ts";

/** Points at most: both layouts of so many take about a second, and a third of a megabyte of the page. */
const MOST_POINTS = 500;

/** Vectors longer than this have as many points at most: the time for principal components grows with the cube of the lesser of the two. */
const WIDE = 256;

/** Maps examples of an evaluation; undefined where these are too few, and for networks with a single layer that has weights. */
export async function reportMap(
  model: Model,
  job: Job,
  { name, results }: Evaluation,
): Promise<EmbeddingMap | undefined> {
  if (results.length < LEAST_POINTS) return undefined;
  const points = evenPlaces(results.length, MOST_POINTS);
  const byId = new Map(job.parts[name === "test" ? "test" : "validation"].map((one) => [one.id, one]));
  const examples = points.flatMap((point) => byId.get(results[point].id) ?? []);
  const vectors = await embedExamples(model, job, examples).catch((error: unknown) => {
    if (error instanceof AuricleError && error.code === "argument") return undefined;
    throw error;
  });
  if (!vectors) return undefined;
  const [length, width] = vectors.shape;
  const kept = width > WIDE ? evenPlaces(length, WIDE) : [...points.keys()];
  const { layouts } = await layoutsOf(rowsOf(vectors, kept), job.config.seed);
  return layouts.length === 0
    ? undefined
    : { layer: DEFAULT_LAYER, points: kept.map((row) => points[row]), layouts };
}

function rowsOf({ shape: [, width], data }: FloatArray, rows: readonly number[]): FloatArray {
  const kept = new Float32Array(rows.length * width);
  rows.forEach((row, i) => kept.set(data.subarray(row * width, (row + 1) * width), i * width));
  return { shape: [rows.length, width], data: kept };
}
