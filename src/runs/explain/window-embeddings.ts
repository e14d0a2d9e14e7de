/** @file Vectors of a layer for the windows of examples, or for pictures. Browser-safe. */

import type { Example } from "../../data/audio/index.ts";
import type { Dataset } from "../../data/index.ts";
import { embeddings } from "../../explain/index.ts";
import type { Model } from "../../nn/index.ts";
import { sizeOf } from "../../tensor/shape.ts";
import type { Job } from "../run-kind.ts";

/** Windows or pictures that go through the network together. */
const BATCH = 64;

export interface WindowEmbeddingsOptions {
  /** The layer, by its name. Default: the one that the last layer with weights takes. */
  readonly layer?: string;
  readonly signal?: AbortSignal;
}

/** The vectors of an example. */
export interface ExampleWindows {
  /** The number of the example. */
  readonly example: number;
  /** `[windows, width]`; one window for a picture. */
  readonly data: Float32Array;
  readonly width: number;
}

/** The vectors of the windows that cover each example, in the order of the examples. */
export async function* windowEmbeddings(
  model: Model,
  job: Pick<Job, "kind" | "store" | "config" | "parts" | "targetScale" | "engine">,
  examples: readonly Example[],
  { layer, signal }: WindowEmbeddingsOptions = {},
): AsyncGenerator<ExampleWindows> {
  let waiting: (readonly Float32Array[])[] = [];
  let first = 0;
  for (const [example, one] of examples.entries()) {
    const dataset = job.kind.heldOut(job, [one]);
    waiting.push(await inputsOf(dataset));
    const count = waiting.reduce((sum, { length }) => sum + length, 0);
    if (count < BATCH && example < examples.length - 1) continue;
    const size = sizeOf(dataset.inputShape);
    const data = new Float32Array(count * size);
    waiting.flat().forEach((input, i) => data.set(input, i * size));
    const options = { ...(signal && { signal }), ...(layer !== undefined && { layer }) };
    const found = await embeddings(model, { shape: [count, ...dataset.inputShape], data }, options);
    const [, width] = found.shape;
    let at = 0;
    for (const [i, { length }] of waiting.entries()) {
      yield { example: first + i, width, data: found.data.slice(at * width, (at + length) * width) };
      at += length;
    }
    waiting = [];
    first = example + 1;
  }
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
