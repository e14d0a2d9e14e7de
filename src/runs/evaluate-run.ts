/** @file How good a run's model is: on the parts of its own data, or on other recordings. Browser-safe. */

import {
  rolesBefore,
  type Collection,
  type Example,
  type KnownRole,
  type MediumWords,
} from "../data/audio/index.ts";
import type { FoundKnown } from "../data/audio/provenance/find-known.ts";
import { AuricleError } from "../errors.ts";
import type { Model } from "../nn/index.ts";
import type { Evaluation } from "../report/index.ts";
import type { Precision } from "../runtime/precision.ts";
import { doubtsAbout } from "./known-examples.ts";
import { warnOfFiles } from "./list-files.ts";
import { loadRun, type LoadedRun } from "./load-run.ts";
import type { Warn } from "./observer.ts";
import { loadProvenance, provenanceOfFirstWeights } from "./provenance-file.ts";
import type { ExampleEvaluations, ExampleStore, ReadControls } from "./run-kind.ts";
import { splitFacts, type RunResult } from "./run-result.ts";
import { scoreExamples } from "./scores.ts";
import { describeChanged, fileContentOf, readSplit } from "./split-file.ts";

export interface EvaluateOptions extends ReadControls {
  /** One of the splits of a known data set. */
  readonly splitName?: string;
  /** A data set's name, a folder or a list; default: the validation and test parts of the run's own. */
  readonly data?: string;
  /** "bfloat16" evaluates in it besides float32. Default "float32". */
  readonly precision?: Precision;
  /** Changes the model before it is evaluated, such as its weights. Default: it stays as it is. */
  readonly change?: (model: Model) => void;
  /** Adds pictures, and of recordings excerpts to play, to as many examples as a report has room for. Default false. */
  readonly previews?: boolean;
}

/** The losses and gains of bfloat16 on a part of the data. */
export interface AccuracyCost {
  /** In bfloat16. */
  readonly evaluation: Evaluation;
  /** The largest difference in any of the model's outputs for any window. */
  readonly largestDifference: number;
  /** The time to predict all windows, with programs already compiled and warmed up. */
  readonly milliseconds: Readonly<Record<Precision, number>>;
}

export interface RunEvaluation {
  /** The run's folder, absolute. */
  readonly path: string;
  readonly dataName: string;
  /** How the run's own data were split; undefined for other data. */
  readonly split: RunResult["split"] | undefined;
  /** The examples that were looked for among those that the model's weights come from; undefined where that is settled. */
  readonly known: KnownCounts | undefined;
  /** The test part first: of other data, the examples that are new to the model. */
  readonly evaluations: readonly Evaluation[];
  /** One for each evaluation, if bfloat16 was asked for. */
  readonly costs: readonly AccuracyCost[];
}

/** How many examples are new to a model, and how many it was trained on or chosen by, with all that must stay with those. */
export interface KnownCounts {
  readonly new: number;
  readonly validation: number;
  readonly training: number;
}

/** @throws AuricleError "file" when there is no such run, "data" when the recordings do not fit it. */
export async function evaluateRun(run: string, options: EvaluateOptions): Promise<RunEvaluation> {
  const loaded = await loadRun(run, options, (text) => options.observer.warning(text));
  options.change?.(loaded.model);
  const { config, path } = loaded;
  const { kind } = loaded;
  const { data = config.data, splitName } = options;
  const isOwn = options.data === undefined;
  const reading = isOwn ? config.reading : { splitName, task: config.task };
  const opened = await kind.open(data, { ...options, ...reading });
  const collection = isOwn ? opened : inClassesOf(loaded, opened);
  const store = await kind.prepare(collection, config, options);
  const warn: Warn = (text) => options.observer.warning(text);
  await warnOfFiles(store, warn);
  const readable = kind.readable(collection, store);
  const { split, parts, known, doubts } =
    options.data === undefined
      ? await ownParts(loaded, readable, store, options)
      : await newAndKnown(loaded, readable, store, { ...options, data: options.data });
  for (const doubt of doubts) await warn(doubt);
  if (!isOwn) await kind.warnOfRange(loaded.model, config, readable, warn, path);
  const { evaluations, costs } = await evaluateParts(loaded, store, parts, options);
  const shown = options.previews
    ? await kind.withPreviews(evaluations, store, Object.values(parts).flat())
    : evaluations;
  return { path, dataName: collection.name, split, known, evaluations: shown, costs };
}

/** The parts of the data that are evaluated, with what is known about their split. */
interface EvaluatedParts extends Pick<RunEvaluation, "split" | "known"> {
  /** Sentences about what cannot be determined of the recordings that the model was trained on. */
  readonly doubts: readonly string[];
  readonly parts: Readonly<Record<string, readonly Example[]>>;
}

/**
 * The test and validation parts of a run's own data. This version splits with regard to the recordings that a run's initial
 * weights were trained on; for a run of an earlier version they are searched for now.
 */
async function ownParts(
  { kind, config, path }: LoadedRun,
  collection: Collection,
  store: ExampleStore,
  options: EvaluateOptions,
): Promise<EvaluatedParts> {
  const recorded = await readSplit(path, collection, fileContentOf(store));
  if (recorded.changed.length > 0) options.observer.note(`${describeChanged(recorded.changed)}.`);
  const { test, validation } = recorded.parts;
  const split = splitFacts(recorded.report, config);
  if (!config.transfer || recorded.report.known) {
    return { split, known: undefined, doubts: [], parts: { test, validation } };
  }
  const provenance = await provenanceOfFirstWeights(config.transfer.from);
  const searched = { data: config.data, store, provenance };
  const found = await kind.findKnown(kind.withExamples(collection, test), searched, true, options);
  const { parts, known } = partsByKnowledge(test, found, collection.words);
  const doubts = doubtsAbout(provenance, found, collection.words);
  return { split, known, doubts, parts: { test: parts.test, validation, ...parts } };
}

/** All of other data, what the model's weights come from apart. */
async function newAndKnown(
  { kind, config, path, model }: LoadedRun,
  collection: Collection,
  store: ExampleStore,
  options: EvaluateOptions & { readonly data: string },
): Promise<EvaluatedParts> {
  const metadata = () => Promise.resolve(model.metadata);
  const provenance = await loadProvenance({ path, config, metadata });
  const searched = { data: options.data, store, provenance };
  const found = await kind.findKnown(collection, searched, true, options);
  return {
    split: undefined,
    ...partsByKnowledge(collection.examples, found, collection.words),
    doubts: doubtsAbout(provenance, found, collection.words),
  };
}

function partsByKnowledge(
  examples: readonly Example[],
  { known, links }: FoundKnown,
  { met }: MediumWords,
): Pick<EvaluatedParts, "parts"> & { readonly known: KnownCounts } {
  const before = rolesBefore(examples, known, { links });
  const those = (role: KnownRole | undefined) => examples.filter((_, i) => before[i] === role);
  const [fresh, validation, training] = [those(undefined), those("validation"), those("train")];
  return {
    parts: { test: fresh, [`${met} in validation`]: validation, [`${met} in training`]: training },
    known: { new: fresh.length, validation: validation.length, training: training.length },
  };
}

async function evaluateParts(
  { kind, model, config, path }: LoadedRun,
  store: ExampleStore,
  parts: EvaluatedParts["parts"],
  { precision, signal }: Pick<EvaluateOptions, "precision" | "signal">,
): Promise<Pick<RunEvaluation, "evaluations" | "costs">> {
  const targetScale = config.task === "regression" ? kind.scaleOf(model, path) : undefined;
  const means = targetScale?.scale.map(({ mean }) => mean);
  const { task, classNames } = config;
  const evaluations: Evaluation[] = [];
  const costs: AccuracyCost[] = [];
  for (const [name, examples] of Object.entries(parts)) {
    if (examples.length === 0) continue;
    const evaluate = (one: Precision) =>
      kind.evaluate({ model, config, task, targetScale, precision: one, signal }, store, examples);
    const score = (evaluated: ExampleEvaluations) =>
      scoreExamples(name, task, classNames, evaluated, (example) => kind.seconds(store, example), means);
    const evaluated = await evaluate("float32");
    evaluations.push(score(evaluated));
    if (precision !== "bfloat16") continue;
    const rounded = await evaluate("bfloat16");
    // For the first ones, programs were compiled.
    const [float32, bfloat16] = [await evaluate("float32"), await evaluate("bfloat16")];
    costs.push({
      evaluation: score(rounded),
      largestDifference: largestDifference(evaluated, rounded),
      milliseconds: { float32: float32.milliseconds, bfloat16: bfloat16.milliseconds },
    });
  }
  return { evaluations, costs };
}

/** The largest difference of any output of any window, or of any example that has none. */
function largestDifference(a: ExampleEvaluations, b: ExampleEvaluations): number {
  const outputsOf = ({ examples }: ExampleEvaluations) =>
    examples.flatMap(({ windows, outputs }) =>
      windows.length > 0 ? windows.flatMap((window) => [...window.outputs]) : [...outputs],
    );
  const others = outputsOf(b);
  return outputsOf(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - others[i])), 0);
}

/** The recordings with the run's class indices, by the classes' names. */
function inClassesOf({ kind, config, path }: LoadedRun, opened: Collection): Collection {
  const { classNames, task } = config;
  const collection = namedByNumbers(opened, classNames);
  const unknown = collection.classNames.find((name) => !classNames.includes(name));
  if (collection.task !== task || unknown !== undefined) {
    const what =
      unknown === undefined ? `are for ${collection.task}` : `have the class ${JSON.stringify(unknown)}`;
    throw new AuricleError(
      "data",
      `${collection.name}: these ${collection.words.files} ${what}; the model of ${path} is for ${task} of ${classNames.join(", ")}`,
    );
  }
  const places = collection.classNames.map((name) => classNames.indexOf(name));
  const examples = collection.examples.map((example): Example => {
    const target = new Float32Array(classNames.length);
    example.target.forEach((value, i) => (target[places[i]] = value));
    const { label } = example;
    return { ...example, target, label: label < 0 ? label : places[label] };
  });
  return { ...kind.withExamples(collection, examples), classNames };
}

/** In archives, classes that are but numbers here or in the model are the others by their numbers. */
function namedByNumbers(collection: Collection, classNames: readonly string[]): Collection {
  const { classNames: own, examples, task } = collection;
  const areNumbers = [own, classNames].some((names) => names.every((name, label) => name === String(label)));
  const isArchive = examples.every(({ index }) => index !== undefined);
  if (!areNumbers || !isArchive || task !== "classification" || own.length > classNames.length)
    return collection;
  return { ...collection, classNames: classNames.slice(0, own.length) };
}
