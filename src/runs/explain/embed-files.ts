/** @file Files on a map: near each other where a model sees them alike. Browser-safe. */

import type { Task } from "../../data/collection/collection.ts";
import { clipOutputs } from "../../audio-model/outputs.ts";
import { AuricleError } from "../../errors.ts";
import { embeddings } from "../../explain/index.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { EmbeddingLayout } from "../../report/index.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { factsOf, type TrainedModel } from "../trained-model.ts";
import { DEFAULT_LAYER, layoutsOf, LEAST_POINTS } from "./embed-examples.ts";
import type { MapOptions } from "./embed-tested.ts";
import { inputsOfParts, type FileExample, type FilePart, type PartsOptions } from "./file-parts.ts";

const OPTIONS: OptionNames<MapOptions> = { layer: true, seed: true };

/** An example on a map, with the model's answer to it. */
export interface MappedExample extends FileExample {
  /** Probabilities of classes or tags, or numbers: of a recording the mean over its windows. */
  readonly outputs: Float32Array;
}

/** Files in two dimensions. Plain data. */
export interface FileMap {
  readonly task: Task;
  /** The names of the classes or tags, or of the numbers in a regression, by output. */
  readonly classNames: readonly string[];
  /** The layer whose outputs are laid out. */
  readonly layer: string;
  readonly examples: readonly MappedExample[];
  /** Places `[examples, 2]` by principal components and by UMAP; none where all examples are the same to the model. */
  readonly layouts: readonly EmbeddingLayout[];
  /** The share of the variance that the first two principal components have. */
  readonly share: number;
}

/**
 * Computes what a layer makes of each example, of a recording the mean over its windows, and lays the vectors out in a plane.
 * @throws AuricleError "data" for fewer than four examples that can be read; "argument" for a layer that there is not
 */
export async function embedFiles(
  trained: TrainedModel,
  parts: readonly FilePart[],
  options: MapOptions,
  reading: PartsOptions,
): Promise<FileMap> {
  checkOptions("embedFiles", options, OPTIONS, "model, parts, ");
  const { layer, seed = 0 } = options;
  const sums = new Map<string, Sum>();
  for await (const { example, x, outputs } of inputsOfParts(trained, parts, reading)) {
    const found = await embeddings(trained.model, x, {
      ...(layer !== undefined && { layer }),
      ...(reading.signal && { signal: reading.signal }),
    });
    const key = JSON.stringify(example);
    const sum = sums.get(key) ?? new Sum(example, found.shape[1]);
    sums.set(key, sum);
    sum.add(found, outputs);
  }
  if (sums.size < LEAST_POINTS) {
    throw new AuricleError(
      "data",
      `${trained.path}: a map needs at least ${LEAST_POINTS} files that can be read; got ${sums.size}`,
    );
  }
  const all = [...sums.values()];
  const width = all[0].vector.length;
  const data = new Float32Array(all.length * width);
  all.forEach((sum, i) => data.set(sum.mean(), i * width));
  const { layouts, share } = await layoutsOf({ shape: [all.length, width], data }, seed);
  const { task, classNames } = factsOf(trained);
  return {
    task,
    classNames,
    layer: layer ?? DEFAULT_LAYER,
    examples: all.map(({ example, answers }) => ({ ...example, outputs: clipOutputs(answers) })),
    layouts,
    share,
  };
}

/** The windows of one example. */
class Sum {
  readonly example: FileExample;
  readonly vector: Float64Array;
  readonly answers: Float32Array[] = [];

  constructor(example: FileExample, width: number) {
    this.example = example;
    this.vector = new Float64Array(width);
  }

  add({ shape: [windows, width], data }: FloatArray, answers: readonly Float32Array[]): void {
    this.answers.push(...answers);
    for (let i = 0; i < windows * width; i++) this.vector[i % width] += data[i];
  }

  mean(): Float64Array {
    return this.vector.map((value) => value / this.answers.length);
  }
}
