/** @file A session: data, trainings, predictions and explanations behind one object that may live in another thread. Browser-safe. */

import type { Inspection } from "../data/audio/inspect/index.ts";
import type { FileProblem, Task } from "../data/collection/collection.ts";
import type { SplitFractions } from "../data/collection/index.ts";
import type { Ranks } from "../distributed/ranks.ts";
import type { PictureInspection } from "../data/images/inspect/inspection.ts";
import type { PageFiles } from "../io/store/page-files.ts";
import type { RunEvaluation } from "../runs/evaluate-run.ts";
import type { FileMap } from "../runs/explain/embed-files.ts";
import type { DataFeatures, DataFeaturesOptions } from "../runs/transfer/data-features.ts";
import type { EmbeddingMap, MapOptions } from "../runs/explain/embed-tested.ts";
import type { ExplainedInput } from "../runs/explain/explained-input.ts";
import type { ExcitingInputOptions, ExcitingInputs } from "../runs/explain/exciting-inputs.ts";
import type { ExplainOptions as FileExplainOptions, Explanation } from "../runs/explain/explanation.ts";
import type { LayerOutputs, LayerOutputsOptions } from "../runs/explain/layer-outputs.ts";
import type { LayerTimes } from "../runs/explain/layer-times.ts";
import type { FilePart } from "../runs/explain/file-parts.ts";
import type { StrongestOptions, StrongPlace } from "../runs/explain/strongest-places.ts";
import type { ModelInspection } from "../runs/inspect-model.ts";
import type { ListedRuns } from "../runs/list-runs.ts";
import type { KindName } from "../runs/options/option.ts";
import type { TrainingValues } from "../runs/options/training-values.ts";
import type { PreparedData, RunOutcome, SeedsOutcome } from "../runs/run-kind.ts";
import type { TrainingConfig } from "../runs/training-config.ts";
import type { DryRun } from "../runs/trial/dry-run.ts";
import type { LearningRateOutcome, RangeOptions } from "../runs/trial/learning-rate.ts";
import type { OverfitOutcome } from "../runs/trial/overfit.ts";
import type { Precision } from "../runtime/precision.ts";
import type { FloatArray } from "../tensor/array.ts";
import type { Activity } from "./activity.ts";
import type {
  AscentEvent,
  PartsEvent,
  PredictionEvent,
  PreparationEvent,
  TrainingEvent,
  WarningEvent,
} from "./events.ts";

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

/** How data are prepared; none of it changes what comes out. */
export interface PrepareOptions extends ReadOptions {
  /** The processes that share the work; for a session in the calling thread. */
  readonly ranks?: Ranks;
}

/** How a training is carried out; none of it changes what comes out. */
export interface TrainOptions extends PrepareOptions {
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
  /** Adds pictures, and of recordings excerpts to play, to as many examples as a report has room for. Default false. */
  readonly previews?: boolean;
}

export interface PredictOptions extends Omit<ReadOptions, "strict"> {
  readonly precision?: Precision;
  /** Stops at the first file that cannot be read. */
  readonly strict?: boolean;
  /** For recordings: seconds between the beginnings of windows. Default: the fewest windows that cover all. */
  readonly hopSeconds?: number;
  /** Pictures of the test part of the model's run by their numbers, from 0; they come before the files. */
  readonly tested?: readonly number[];
}

/** How a trial of a training is carried out; none of it changes what comes out. */
export interface OverfitOptions extends ReadOptions {
  /** A folder for the curve and the figures. Default: nothing is kept. */
  readonly out?: string;
}

export interface ExplainOptions extends FileExplainOptions {
  /** Default: all processors. */
  readonly threads?: number;
}

export interface ActivationOptions extends LayerOutputsOptions {
  /** Default: all processors. */
  readonly threads?: number;
}

export interface MaximizeOptions extends ExcitingInputOptions {
  /** Default: all processors. */
  readonly threads?: number;
}

export interface FileMapOptions extends MapOptions {
  /** Default: all processors. */
  readonly threads?: number;
}

export interface StrongestPlacesOptions extends StrongestOptions {
  /** Default: all processors. */
  readonly threads?: number;
}

export interface FeaturesOptions extends ReadOptions, DataFeaturesOptions {}

export interface EmbeddingMapOptions extends ReadOptions, MapOptions {}

/** A run as its folder names it. */
export interface FoundRun {
  /** Absolute. */
  readonly path: string;
  readonly kind: KindName;
  readonly config: TrainingConfig;
}

/** The decisions on a training that has not begun. */
export interface TrainingPlan {
  /** The options with their values, which repeat the training as a request. */
  readonly values: TrainingValues;
  readonly config: TrainingConfig;
}

/** How files are inspected. */
export interface InspectDataOptions extends Omit<ReadOptions, "strict"> {
  /** Whether files that hold the same are looked for. Default true. */
  readonly duplicates?: boolean;
  /** The shares of training, validation and test. Default 0.85, 0.1, 0.05. */
  readonly split?: SplitFractions;
  /** The seed of the split. Default 0. */
  readonly seed?: number;
  /** Whether a split that the data's authors published is taken. Default true. */
  readonly officialSplit?: boolean;
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
  /** Says what kind of training data are for, without opening them. @throws AuricleError "data" or "file" for what is none. */
  kindOf(data: string): Promise<KindName>;
  /** Looks at data without reading all of them. @throws AuricleError "data" or "file" when they are not understood. */
  describe(data: string, options?: ReadOptions): Promise<DataSummary>;
  /** Reads all files of a collection: what is wrong with them, what they are like, which hold the same, whether a split would leak. */
  inspectData(
    data: string,
    options?: InspectDataOptions,
  ): Activity<PreparationEvent, Inspection | PictureInspection>;
  /** Reads data as a training of that request would, and keeps what it made of them: features or pixels. */
  prepare(request: TrainRequest, options?: PrepareOptions): Activity<PreparationEvent, PreparedData>;
  /** Decides all that a training of that request would, and does not train. @throws AuricleError from the activity, as `train`. */
  plan(request: TrainRequest, options?: ReadOptions): Activity<PreparationEvent, TrainingPlan>;
  /** Takes one batch through everything that a training does, keeps nothing, and says what the training would cost. */
  dryRun(request: TrainRequest, options?: ReadOptions): Activity<PreparationEvent, DryRun>;
  /** Trains on one batch until it is memorised: whether network, loss, data and learning rate fit together. */
  overfitOneBatch(
    request: TrainRequest,
    options?: OverfitOptions,
  ): Activity<PreparationEvent, OverfitOutcome>;
  /** Tests a range of learning rates on the data, and suggests one. @throws AuricleError "argument" for a range that is none. */
  learningRate(
    request: TrainRequest,
    range?: RangeOptions,
    options?: ReadOptions,
  ): Activity<PreparationEvent, LearningRateOutcome>;
  /** Begins a run and trains. @throws AuricleError from the activity; a run that has started can be resumed. */
  train(request: TrainRequest, options?: TrainOptions): Activity<TrainingEvent, RunOutcome>;
  /** Trains with several consecutive seeds, each in a run of its own in `options.out`. */
  trainSeeds(
    request: TrainRequest,
    seeds: number,
    options?: TrainOptions,
  ): Activity<TrainingEvent, RunOutcome | SeedsOutcome>;
  /**
   * Goes on with a run after its last whole epoch; the result is, bit for bit, that of a run never interrupted. A finished run gives
   * its result.
   * @param wanted options that must be those of the run
   */
  resume(
    run: string,
    wanted?: Partial<TrainRequest>,
    options?: TrainOptions,
  ): Activity<TrainingEvent, RunOutcome>;
  /** Whether a folder holds a run. */
  hasRun(folder: string): Promise<boolean>;
  /**
   * Reads what a run is.
   * @param run its folder; default: the newest one in `runs` that is not finished
   * @throws AuricleError "file" where there is none.
   */
  findRun(run?: string): Promise<FoundRun>;
  evaluate(run: string, options?: EvaluateOptions): Activity<PreparationEvent, RunEvaluation>;
  /**
   * Predicts files, and all files in folders. The event `model` comes first.
   * @param model a run's folder or a model file
   * @returns an activity whose result is the number of files that could not be read
   */
  predict(
    model: string,
    places: readonly string[],
    options?: PredictOptions,
  ): Activity<PredictionEvent, number>;
  /**
   * Explains what a model says about a recording or a picture; also one of the pictures that an IDX file or one of CIFAR-10's holds.
   * The model is kept for the next question to it.
   * @param input a file, or an example of the test part of the model's run by its number: `{ tested: 7 }`
   */
  explain(
    model: string,
    input: ExplainedInput,
    options?: ExplainOptions,
  ): Activity<WarningEvent, Explanation>;
  /**
   * Computes what layers make of a recording's window or of a picture: their outputs, and where the most active unit of each looks.
   * Quick, and the model is kept: a page can ask for each input that it shows.
   * @param input as of `explain`
   */
  activations(
    model: string,
    input: ExplainedInput,
    options?: ActivationOptions,
  ): Activity<WarningEvent, LayerOutputs>;
  /**
   * Finds an input for each unit, class or channel that excites it most: a picture, or a window of a recording's features or samples.
   * The events `ascent` have the inputs on the way.
   */
  maximizeActivation(
    model: string,
    options: MaximizeOptions,
  ): Activity<WarningEvent | AscentEvent, ExcitingInputs>;
  /**
   * Looks at a model: its layers with shapes, weights, multiply-adds and receptive fields.
   * @param model a run's folder or a model file; of a run that is training, its `last.safetensors` has the weights of the last epoch
   */
  inspect(model: string): Promise<ModelInspection>;
  /** Copies weights of a model. @param paths as `inspect` names them; default: all @throws AuricleError "argument" for others. */
  weights(model: string, paths?: readonly string[]): Promise<Readonly<Record<string, FloatArray>>>;
  /** Places the examples of a run's test part in two dimensions: near each other where the model sees them alike. */
  embeddingMap(run: string, options?: EmbeddingMapOptions): Activity<PreparationEvent, EmbeddingMap>;
  /**
   * Places files and parts of recordings in two dimensions: near each other where the model sees them alike. Files that cannot be read are
   * events, and the others are placed.
   */
  embedFiles(
    model: string,
    parts: readonly FilePart[],
    options?: FileMapOptions,
  ): Activity<PartsEvent, FileMap>;
  /**
   * Computes what a network makes of each recording or picture, as features for use elsewhere: of all windows, with labels where there are some.
   * @param places one data set's name, folder or list; or recordings and folders of them
   */
  features(places: readonly string[], options: FeaturesOptions): Activity<PreparationEvent, DataFeatures>;
  /** Finds the places in files to which a channel of a layer answers most strongly, the strongest first. */
  strongestPlaces(
    model: string,
    parts: readonly FilePart[],
    options: StrongestPlacesOptions,
  ): Activity<PartsEvent, readonly StrongPlace[]>;
  /** Measures how long each layer computes for one example; nothing else of the session computes meanwhile. */
  layerTimes(model: string): Promise<LayerTimes>;
  /** Lists the runs in a folder. Default: `runs`. */
  runs(folder?: string): Promise<ListedRuns>;
}
