/** @file The examples of a run's test part on a map: near each other where the model sees them alike. Browser-safe. */

import { basename } from "#here/io/path";
import { AuricleError } from "../../errors.ts";
import { evenlySpaced } from "../../evenly-spaced.ts";
import { MOST_POINTS, type EmbeddingMapData } from "../../report/index.ts";
import { warnOfFiles } from "../list-files.ts";
import { loadRun } from "../load-run.ts";
import type { Job, ReadControls } from "../run-kind.ts";
import { scoreExamples } from "../scores.ts";
import { describeChanged, fileContentOf, readSplit } from "../split-file.ts";
import { DEFAULT_LAYER, embedExamples, layoutsOf, LEAST_POINTS } from "./embed-examples.ts";

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
  const tested = evenlySpaced(parts.test, MOST_POINTS);
  if (tested.length < parts.test.length)
    notes.push(`${MOST_POINTS} of ${parts.test.length} examples are drawn.`);
  if (tested.length < LEAST_POINTS) {
    throw new AuricleError(
      "data",
      `${path}: a map needs at least ${LEAST_POINTS} examples in the test part; it has ${tested.length}`,
    );
  }
  const evaluated = await kind.evaluate(
    { model, config, task, targetScale, signal: options.signal },
    store,
    tested,
  );
  const examples = evaluated.examples.map(({ example }) => example);
  const evaluation = scoreExamples("test", task, classNames, evaluated, (example) =>
    kind.seconds(store, example),
  );
  const { target, threads = 1, algorithms } = model.engine;
  const engine = { target: target ?? config.target, threads, algorithms: algorithms ?? config.algorithms };
  const job: Job = { kind, path, config, store, parts, targetScale, engine };
  const [shown] = await kind.withPreviews([evaluation], store, examples);
  const vectors = await embedExamples(model, job, examples, options);
  options.signal?.throwIfAborted();
  const { layouts, share } = await layoutsOf(vectors, options.seed ?? 0);
  return {
    path,
    examples: examples.length,
    share,
    title: basename(path),
    subtitle: `${examples.length} test examples of ${collection.name}`,
    createdAt: new Date().toISOString(),
    layer: options.layer ?? DEFAULT_LAYER,
    unit: collection.words.example,
    evaluation: shown,
    layouts,
    notes,
  };
}
