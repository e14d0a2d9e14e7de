/** @file A session: data, trainings, predictions and explanations behind one object that may live in another thread. Browser-safe. */

import type { AudioExplanation, ExplainAudioOptions } from "../audio-model/index.ts";
import type { FileProblem, Task } from "../data/collection/collection.ts";
import type { PageFiles } from "../io/store/page-files.ts";
import type { RunEvaluation } from "../runs/evaluate-run.ts";
import type { ListedRuns } from "../runs/list-runs.ts";
import type { KindName } from "../runs/options/option.ts";
import type { TrainingValues } from "../runs/options/training-values.ts";
import type { RunOutcome, SeedsOutcome } from "../runs/run-kind.ts";
import type { Precision } from "../runtime/precision.ts";
import type { Activity } from "./activity.ts";
import type { PredictionEvent, PreparationEvent, TrainingEvent } from "./events.ts";

/** Options of a training by their names, as recipe files have them, and the data. */
export interface TrainRequest extends TrainingValues {
  /** A data set's name, or the path of a folder or a list. */
  readonly data: string;
}

/** How files are read and where features are kept; none of it changes what comes out. */
export interface ReadOptions {
  /** Default: all processors. */
  readonly threads?: number;
  /** Refuses data with a file that cannot be used. Default false: the others are used. */
  readonly strict?: boolean;
  /** The folder of cached features and pixels. Default: in the user's cache folder, in a browser in the site's storage. */
  readonly featureFolder?: string;
  /** A folder with copies of data sets, searched first. */
  readonly dataFolder?: string;
  /** Whether files of data sets that are missing are downloaded. Default true. */
  readonly download?: boolean;
}

/** How a training is carried out; none of it changes what comes out. */
export interface TrainOptions extends ReadOptions {
  /** The folder of the run. Default: a new one in `runs`. */
  readonly out?: string;
  /** Records a profile of the first epoch. */
  readonly profile?: boolean;
  /** false: `featureFolder` is removed at the end by whoever named it, and the run does not speak of it. Default true. */
  readonly cache?: boolean;
}

export interface EvaluateOptions extends ReadOptions {
  /** A data set's name, a folder or a list. Default: the validation and test parts of the run's own data. */
  readonly data?: string;
  /** "bfloat16" evaluates in it besides float32. Default "float32". */
  readonly precision?: Precision;
}

export interface PredictOptions {
  /** Default: all processors. */
  readonly threads?: number;
  readonly precision?: Precision;
  /** Stops at the first file that cannot be read. */
  readonly strict?: boolean;
}

/** A collection that was opened, without its examples. */
export interface DataSummary {
  readonly kind: KindName;
  readonly name: string;
  readonly task: Task;
  /** The names of the classes or tags, or of the numbers in a regression, by output. */
  readonly classNames: readonly string[];
  readonly examples: number;
  /** By class or tag: how many examples have it; empty in a regression. */
  readonly counts: readonly number[];
  readonly problems: readonly FileProblem[];
  readonly notes: readonly string[];
}

/** Everything that comes out of a session can be sent between threads. */
export interface Session {
  /**
   * Opens files of a page under a name, in place of those that had it; in browsers only.
   * @returns the path under which all other methods find them: "/opened/drums"
   * @throws AuricleError "argument" for names and paths that are none, "unsupported" in Node.js, where files have paths.
   */
  openFiles(name: string, files: PageFiles): Promise<string>;
  /** Looks at data without reading all of them. @throws AuricleError "data" or "file" when they are not understood. */
  describe(data: string, options?: ReadOptions): Promise<DataSummary>;
  /** Begins a run and trains. @throws AuricleError from the activity; a run that has started can be resumed. */
  train(request: TrainRequest, options?: TrainOptions): Activity<TrainingEvent, RunOutcome>;
  /** Trains with several consecutive seeds, each in a run of its own in `options.out`. */
  trainSeeds(
    request: TrainRequest,
    seeds: number,
    options?: TrainOptions,
  ): Activity<TrainingEvent, RunOutcome | SeedsOutcome>;
  /**
   * Goes on with a run after its last whole epoch; the result is, bit for bit, that of a run never interrupted.
   * @param wanted options that must be those of the run
   */
  resume(
    run: string,
    wanted?: Partial<TrainRequest>,
    options?: TrainOptions,
  ): Activity<TrainingEvent, RunOutcome>;
  evaluate(run: string, options?: EvaluateOptions): Activity<PreparationEvent, RunEvaluation>;
  /**
   * Predicts files, and all files in folders.
   * @param model a run's folder or a model file
   * @returns an activity whose result is the number of files that could not be read
   */
  predict(
    model: string,
    places: readonly string[],
    options?: PredictOptions,
  ): Activity<PredictionEvent, number>;
  /** Explains what a model of sound says about a recording. @throws AuricleError "argument" for a model of pictures. */
  explain(model: string, file: string, options?: ExplainAudioOptions): Promise<AudioExplanation>;
  /** Lists the runs in a folder. Default: `runs`. */
  runs(folder?: string): Promise<ListedRuns>;
}
