/** @file The examples of a run's test part on a map: near each other where the model sees them alike. Browser-safe. */

import { basename } from "#here/io/path";
import type { Dataset } from "../../data/index.ts";
import type { Example } from "../../data/audio/index.ts";
import { AuricleError } from "../../errors.ts";
import { embeddings, pca, umap } from "../../explain/index.ts";
import {
  formatPercent,
  MOST_POINTS,
  type EmbeddingLayout,
  type EmbeddingMapData,
} from "../../report/index.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { warnOfFiles } from "../list-files.ts";
import { loadRun, type LoadedRun } from "../load-run.ts";
import type { Job, ReadControls } from "../run-kind.ts";
import { scoreClips } from "../scores.ts";
import { describeChanged, fileContentOf, readSplit } from "../split-file.ts";

/** How a map is made. */
export interface MapOptions {
  /** The layer, by its name. Default: the one that the last layer with weights takes. */
  readonly layer?: string;
  /** The seed of UMAP. Default 0. */
  readonly seed?: number;
}

/** The examples of a test part in two dimensions. Plain data. */
export interface EmbeddingMap extends EmbeddingMapData {
  /** The run's folder, absolute. */
  readonly path: string;
  readonly examples: number;
  /** The share of the variance that the first two principal components have. */
  readonly share: number;
}

/** @throws AuricleError "file" where there is no run, "data" for fewer than four examples, "argument" for a layer that there is not. */
export async function embedTested(run: string, options: MapOptions & ReadControls): Promise<EmbeddingMap> {
  const loaded = await loadRun(run, options, (text) => options.observer.warning(text));
  const { kind, config, path, model } = loaded;
  const opened = await kind.open(config.data, { ...options, ...config.reading });
  const store = await kind.prepare(opened, config, options);
  await warnOfFiles(store, (text) => options.observer.warning(text));
  const collection = kind.readable(opened, store);
  const { parts, changed } = await readSplit(path, collection, fileContentOf(store));
  if (changed.length > 0) options.observer.note(`${describeChanged(changed)}.`);
  const { task, classNames } = config;
  const targetScale = task === "regression" ? kind.scaleOf(model, path) : undefined;
  const notes: string[] = [];
  const tested = parts.test.slice(0, MOST_POINTS);
  if (tested.length < parts.test.length)
    notes.push(`The first ${MOST_POINTS} of ${parts.test.length} examples are drawn.`);
  if (tested.length < LEAST) {
    throw new AuricleError(
      "data",
      `${path}: a map needs at least ${LEAST} examples in the test part; it has ${tested.length}`,
    );
  }
  const evaluated = await kind.evaluate(
    { model, config, task, targetScale, signal: options.signal },
    store,
    tested,
  );
  const examples = evaluated.clips.map(({ clip }) => clip);
  const evaluation = scoreClips("test", task, classNames, evaluated, (clip) => kind.seconds(store, clip));
  const { target, threads = 1, algorithms } = model.engine;
  const engine = { target: target ?? config.target, threads, algorithms: algorithms ?? config.algorithms };
  const job: Job = { kind, path, config, store, parts, targetScale, engine };
  const [shown] = await kind.withPreviews([evaluation], store, examples);
  const vectors = await embed(loaded, job, examples, options);
  options.signal?.throwIfAborted();
  const { layouts, share } = await layoutsOf(vectors, options.seed ?? 0);
  return {
    path,
    examples: examples.length,
    share,
    title: basename(path),
    subtitle: `${examples.length} test examples of ${collection.name}`,
    createdAt: new Date().toISOString(),
    layer: options.layer ?? "what the last layer takes",
    unit: collection.words.example,
    evaluation: shown,
    layouts,
    notes,
  };
}

/** Fewer have no neighbourhoods. */
const LEAST = 4;

async function layoutsOf(
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
  return { layouts, share };
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
async function embed(
  { kind, model }: LoadedRun,
  job: Job,
  examples: readonly Example[],
  { layer, signal }: MapOptions & Pick<ReadControls, "signal">,
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
    const dataset = kind.heldOut(job, [one]);
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
