/** @file How good a run's model is: on the parts of its own data, or on other recordings. Node only. */

import { listenerOf } from "../../audio-model/audio-model.ts";
import { audioDescription } from "../../audio-model/description.ts";
import { outsideRange } from "../../audio-model/outside-range.ts";
import type { AudioClip, AudioCollection, SplitParts } from "../../data/audio/index.ts";
import { openAudioCollection, type OpenAudioOptions } from "../../data/audio/open.ts";
import { AuricleError } from "../../errors.ts";
import type { Precision } from "../../runtime/precision.ts";
import type { Evaluation } from "../../report/index.ts";
import { evaluateClips, type ClipEvaluations } from "./evaluate-clips.ts";
import { loadSoundRun, type LoadedSoundRun } from "./load-sound-run.ts";
import { scoreClips } from "./scores.ts";
import {
  prepareCollection,
  readableCollection,
  warnOfRecordings,
  type PrepareControls,
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

/** What a part of the data loses and gains in bfloat16. */
export interface SoundAccuracyCost {
  /** In bfloat16. */
  readonly evaluation: Evaluation;
  /** Of what the model says of a window. */
  readonly largestDifference: number;
  /** Of predicting all windows, programs compiled and in use before. */
  readonly milliseconds: Readonly<Record<Precision, number>>;
}

export interface SoundEvaluation {
  /** The run's folder, absolute. */
  readonly path: string;
  readonly dataName: string;
  /** How the run's own data were split; undefined for other data. */
  readonly split: SoundResult["split"] | undefined;
  /** The test part first. */
  readonly evaluations: readonly Evaluation[];
  /** One for each evaluation, if bfloat16 was asked for. */
  readonly costs: readonly SoundAccuracyCost[];
}

/** @throws AuricleError "file" when there is no such run, "data" when the recordings do not fit it. */
export async function evaluateSoundRun(run: string, options: EvaluateSoundOptions): Promise<SoundEvaluation> {
  const loaded = await loadSoundRun(run, options, (text) => options.observer.warning(text));
  const { config, path } = loaded;
  const opened =
    options.data === undefined
      ? await openAudioCollection(config.data, { ...options, ...config.reading })
      : await openAudioCollection(options.data, { ...options, task: config.task });
  const collection = options.data === undefined ? opened : inClassesOf(loaded, opened);
  const store = await prepareCollection(collection, config, options);
  await warnOfRecordings(store, (text) => options.observer.warning(text));
  const readable = readableCollection(collection, store);
  const recorded =
    options.data === undefined ? await readSplit(path, readable, (clip) => store.content(clip)) : undefined;
  if (recorded && recorded.changed.length > 0) options.observer.note(`${describeChanged(recorded.changed)}.`);
  const { test, validation }: Omit<SplitParts, "train"> = recorded?.parts ?? {
    test: readable.clips,
    validation: [],
  };
  const { targetScale: stored, heard } = audioDescription(loaded.model.metadata, path);
  if (options.data !== undefined && heard) {
    const { range } = await surveyRecordings(readable.clips);
    const outside = range ? outsideRange(range, heard, listenerOf(config.frontEnd, loaded.model)) : [];
    for (const { message } of outside) options.observer.warning(`${collection.name} ${message}`);
  }
  const targetScale = stored && new TargetScale(stored);
  const means = stored?.map(({ mean }) => mean);
  const { task, windowFrames, classNames } = config;
  const evaluations: Evaluation[] = [];
  const costs: SoundAccuracyCost[] = [];
  for (const [name, clips] of Object.entries({ test, validation })) {
    if (clips.length === 0) continue;
    const evaluate = (precision: Precision) =>
      evaluateClips({ model: loaded.model, task, windowFrames, targetScale, precision }, store, clips);
    const score = (evaluated: ClipEvaluations) =>
      scoreClips(name, task, classNames, evaluated, (clip) => store.duration(clip), means);
    const evaluated = await evaluate("float32");
    evaluations.push(score(evaluated));
    if (options.precision !== "bfloat16") continue;
    const rounded = await evaluate("bfloat16");
    // For the first ones, programs were compiled.
    const [float32, bfloat16] = [await evaluate("float32"), await evaluate("bfloat16")];
    costs.push({
      evaluation: score(rounded),
      largestDifference: largestDifference(evaluated, rounded),
      milliseconds: { float32: float32.milliseconds, bfloat16: bfloat16.milliseconds },
    });
  }
  const split = recorded && splitFacts(recorded.report, config);
  return { path, dataName: collection.name, split, evaluations, costs };
}

/** Of any output of any window. */
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
  return { ...collection, classNames, clips };
}
