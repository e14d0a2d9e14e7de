/** @file How good a run's model is: on the parts of its own data, or on other recordings. Node only. */

import { listenerOf } from "../../audio-model/audio-model.ts";
import { audioDescription } from "../../audio-model/description.ts";
import { outsideRange } from "../../audio-model/outside-range.ts";
import type { FeatureStore } from "../../data/audio/features/feature-store.ts";
import { rolesBefore, type AudioClip, type AudioCollection, type KnownRole } from "../../data/audio/index.ts";
import { withClips } from "../../data/audio/collection.ts";
import type { FoundKnown } from "../../data/audio/provenance/find-known.ts";
import { openAudioCollection, type OpenAudioOptions } from "../../data/audio/open.ts";
import { AuricleError } from "../../errors.ts";
import type { Precision } from "../../runtime/precision.ts";
import type { Evaluation } from "../../report/index.ts";
import type { Warn } from "../observer.ts";
import { evaluateClips, type ClipEvaluations } from "./evaluate-clips.ts";
import { doubtsAbout, knownIn } from "./known-clips.ts";
import { loadProvenance, provenanceOfFirstWeights } from "./provenance-file.ts";
import { loadSoundRun, type LoadedSoundRun } from "./load-sound-run.ts";
import { scoreClips } from "./scores.ts";
import {
  prepareCollection,
  readableCollection,
  warnOfRecordings,
  type PrepareControls,
  openOptions,
} from "./sound-data.ts";
import { splitFacts, type SoundResult } from "./sound-result.ts";
import { describeChanged, readSplit } from "./split-file.ts";
import { surveyRecordings } from "./survey-recordings.ts";
import { TargetScale } from "./target-scale.ts";

export interface EvaluateSoundOptions extends OpenAudioOptions, PrepareControls {
  /** A data set's name, a folder or a list; default: the validation and test parts of the run's own. */
  readonly data?: string;
  /** "bfloat16" evaluates in it besides float32. Default "float32". */
  readonly precision?: Precision;
}

/** The losses and gains of bfloat16 on a part of the data. */
export interface SoundAccuracyCost {
  /** In bfloat16. */
  readonly evaluation: Evaluation;
  /** The largest difference in any of the model's outputs for any window. */
  readonly largestDifference: number;
  /** The time to predict all windows, with programs already compiled and warmed up. */
  readonly milliseconds: Readonly<Record<Precision, number>>;
}

export interface SoundEvaluation {
  /** The run's folder, absolute. */
  readonly path: string;
  readonly dataName: string;
  /** How the run's own data were split; undefined for other data. */
  readonly split: SoundResult["split"] | undefined;
  /** The clips that were looked for among those that the model's weights come from; undefined where that is settled. */
  readonly heard: HeardClips | undefined;
  /** The test part first: of other data, the clips that are new to the model. */
  readonly evaluations: readonly Evaluation[];
  /** One for each evaluation, if bfloat16 was asked for. */
  readonly costs: readonly SoundAccuracyCost[];
}

/** How many clips are new to a model, and how many it was trained on or chosen by, with all that must stay with those. */
export interface HeardClips {
  readonly new: number;
  readonly validation: number;
  readonly training: number;
}

/** @throws AuricleError "file" when there is no such run, "data" when the recordings do not fit it. */
export async function evaluateSoundRun(run: string, options: EvaluateSoundOptions): Promise<SoundEvaluation> {
  const loaded = await loadSoundRun(run, options, (text) => options.observer.warning(text));
  const { config, path } = loaded;
  const opened =
    options.data === undefined
      ? await openAudioCollection(config.data, openOptions(options, config.reading))
      : await openAudioCollection(
          options.data,
          openOptions(options, { splitName: options.splitName, task: config.task }),
        );
  const collection = options.data === undefined ? opened : inClassesOf(loaded, opened);
  const store = await prepareCollection(collection, config, options);
  const warn: Warn = (text) => options.observer.warning(text);
  await warnOfRecordings(store, warn);
  const readable = readableCollection(collection, store);
  const { split, parts, heard, doubts } =
    options.data === undefined
      ? await ownParts(loaded, readable, store, options)
      : await newAndKnown(loaded, readable, store, { ...options, data: options.data });
  for (const doubt of doubts) await warn(doubt);
  if (options.data !== undefined) await warnOfRange(loaded, readable, warn);
  const results = await evaluateParts(loaded, store, parts, options.precision);
  return { path, dataName: collection.name, split, heard, ...results };
}

/** The parts of the data that are evaluated, with what is known about their split. */
interface EvaluatedParts extends Pick<SoundEvaluation, "split" | "heard"> {
  /** Sentences about what cannot be determined of the recordings that the model was trained on. */
  readonly doubts: readonly string[];
  readonly parts: Readonly<Record<string, readonly AudioClip[]>>;
}

/**
 * The test and validation parts of a run's own data. This version splits with regard to the recordings that a run's initial
 * weights were trained on; for a run of an earlier version they are searched for now.
 */
async function ownParts(
  { config, path }: LoadedSoundRun,
  collection: AudioCollection,
  store: FeatureStore,
  options: EvaluateSoundOptions,
): Promise<EvaluatedParts> {
  const recorded = await readSplit(path, collection, (clip) => store.content(clip));
  if (recorded.changed.length > 0) options.observer.note(`${describeChanged(recorded.changed)}.`);
  const { test, validation } = recorded.parts;
  const split = splitFacts(recorded.report, config);
  if (!config.transfer || recorded.report.known) {
    return { split, heard: undefined, doubts: [], parts: { test, validation } };
  }
  const provenance = await provenanceOfFirstWeights(config.transfer.from);
  const searched = { data: config.data, store, provenance };
  const found = await knownIn(withClips(collection, test), searched, true, options);
  const { parts, heard } = partsByKnowledge(test, found);
  const doubts = doubtsAbout(provenance, found);
  return { split, heard, doubts, parts: { test: parts.test, validation, ...parts } };
}

/** All of other data, what the model's weights come from apart. */
async function newAndKnown(
  { config, path, model }: LoadedSoundRun,
  collection: AudioCollection,
  store: FeatureStore,
  options: EvaluateSoundOptions & { readonly data: string },
): Promise<EvaluatedParts> {
  const metadata = () => Promise.resolve(model.metadata);
  const provenance = await loadProvenance({ path, config, metadata });
  const searched = { data: options.data, store, provenance };
  const found = await knownIn(collection, searched, true, options);
  return {
    split: undefined,
    ...partsByKnowledge(collection.clips, found),
    doubts: doubtsAbout(provenance, found),
  };
}

/** Names what the recordings have that the model's training had not. */
async function warnOfRange(
  { config, model, path }: LoadedSoundRun,
  { clips, name }: AudioCollection,
  warn: Warn,
): Promise<void> {
  const { heard } = audioDescription(model.metadata, path);
  if (!heard) return;
  const { range } = await surveyRecordings(clips);
  const outside = range ? outsideRange(range, heard, listenerOf(config.frontEnd, model)) : [];
  for (const { message } of outside) await warn(`${name} ${message}`);
}

function partsByKnowledge(
  clips: readonly AudioClip[],
  { known, links }: FoundKnown,
): Pick<EvaluatedParts, "parts"> & { readonly heard: HeardClips } {
  const before = rolesBefore(clips, known, { links });
  const those = (role: KnownRole | undefined) => clips.filter((_, i) => before[i] === role);
  const [unheard, validation, training] = [those(undefined), those("validation"), those("train")];
  return {
    parts: { test: unheard, "heard in validation": validation, "heard in training": training },
    heard: { new: unheard.length, validation: validation.length, training: training.length },
  };
}

async function evaluateParts(
  { model, config, path }: LoadedSoundRun,
  store: FeatureStore,
  parts: EvaluatedParts["parts"],
  precision: Precision | undefined,
): Promise<Pick<SoundEvaluation, "evaluations" | "costs">> {
  const { targetScale: stored } = audioDescription(model.metadata, path);
  const targetScale = stored && new TargetScale(stored);
  const means = stored?.map(({ mean }) => mean);
  const { task, windowFrames, classNames } = config;
  const evaluations: Evaluation[] = [];
  const costs: SoundAccuracyCost[] = [];
  for (const [name, clips] of Object.entries(parts)) {
    if (clips.length === 0) continue;
    const evaluate = (one: Precision) =>
      evaluateClips({ model, task, windowFrames, targetScale, precision: one }, store, clips);
    const score = (evaluated: ClipEvaluations) =>
      scoreClips(name, task, classNames, evaluated, (clip) => store.duration(clip), means);
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

/** The largest difference of any output of any window. */
function largestDifference(a: ClipEvaluations, b: ClipEvaluations): number {
  const outputsOf = ({ clips }: ClipEvaluations) =>
    clips.flatMap(({ windows }) => windows.flatMap(({ outputs }) => [...outputs]));
  const others = outputsOf(b);
  return outputsOf(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - others[i])), 0);
}

/** The recordings with the run's class indices, by the classes' names. */
function inClassesOf({ config, path }: LoadedSoundRun, collection: AudioCollection): AudioCollection {
  const { classNames, task } = config;
  const unknown = collection.classNames.find((name) => !classNames.includes(name));
  if (collection.task !== task || unknown !== undefined) {
    const what =
      unknown === undefined ? `are for ${collection.task}` : `have the class ${JSON.stringify(unknown)}`;
    throw new AuricleError(
      "data",
      `${collection.name}: these recordings ${what}; the model of ${path} is for ${task} of ${classNames.join(", ")}`,
    );
  }
  const places = collection.classNames.map((name) => classNames.indexOf(name));
  const clips = collection.clips.map((clip): AudioClip => {
    const target = new Float32Array(classNames.length);
    clip.target.forEach((value, i) => (target[places[i]] = value));
    return { ...clip, target, label: clip.label < 0 ? clip.label : places[clip.label] };
  });
  return { ...withClips(collection, clips), classNames };
}
