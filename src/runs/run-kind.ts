/**
 * @file A run, and what differs between runs on recordings and runs on pictures: how data are opened and prepared, how the
 * network is built, how examples are evaluated and shown. Everything else is one for all. See kinds.ts for the kinds.
 */

import type { AudioFormat } from "../audio/decode/detect-format.ts";
import type { Collection, Example, SplitParts } from "../data/audio/index.ts";
import type { FoundKnown } from "../data/audio/provenance/find-known.ts";
import type { Provenance } from "../data/audio/provenance/provenance.ts";
import type { FileProblem, Task } from "../data/collection/collection.ts";
import type { SplitReport } from "../data/collection/split/report.ts";
import type { PixelFormat } from "../data/images/pixels/messages.ts";
import type { Dataset, LoadOptions } from "../data/index.ts";
import type { Ranks } from "../distributed/ranks.ts";
import type { Image, ImageFormat } from "../image/image.ts";
import type { EngineOptions, Json, Model, Network } from "../nn/index.ts";
import type { Evaluation, Fact, FirstLayerFilters, SeedsSummary, Timing } from "../report/index.ts";
import type { Precision } from "../runtime/precision.ts";
import type { EpochMetrics } from "./metrics-log.ts";
import type { TrainingObserver, Warn } from "./observer.ts";
import type { KindName } from "./options/option.ts";
import type { TrainingValues } from "./options/training-values.ts";
import type { RunResult } from "./run-result.ts";
import type { RunWarnings } from "./run-warnings.ts";
import type { TargetScale } from "./target-scale.ts";
import type { TrainingConfig } from "./training-config.ts";

/** A request for a new run; anything left out has a default that depends on the data and the recipe. */
export interface RunRequest extends TrainingValues {
  /** A data set's name, or the path of a folder or a list. */
  readonly data: string;
}

/** How a run is carried out; none of it changes what comes out. */
export interface RunControls extends ReadControls {
  /** Records a profile of the first epoch that is trained. */
  readonly profile?: boolean;
  readonly observer: TrainingObserver;
  /** false: `featureFolder` is removed at the end, and not spoken of. Default true. */
  readonly cache?: boolean;
}

/** How data are found and their files read; none of it changes what comes out. */
export interface ReadControls extends Omit<LoadOptions, "role">, PrepareControls {}

/** How files are read; none of it changes what comes out. */
export interface PrepareControls {
  /** Threads that decode, at most one for each processor, which is the default. */
  readonly threads?: number;
  readonly featureFolder?: string;
  /** Refuses the data when a single file cannot be used. */
  readonly strict?: boolean;
  /** The processes that do the same together, each on a share. Default: this one alone. */
  readonly ranks?: Ranks;
  /** Ends the reading of files soon, with its reason; what is kept by then stays. A training ends after the step at hand. */
  readonly signal?: AbortSignal;
  readonly observer: Pick<TrainingObserver, "preparing" | "note" | "warning">;
}

/** Data that are ready to be trained on. */
export interface PreparedData {
  readonly kind: KindName;
  readonly examples: number;
  /** The number of files that cannot be used. */
  readonly unusable: number;
}

/** How a training ended. */
export type RunOutcome =
  | {
      readonly status: "finished";
      readonly kind: KindName;
      /** The run's folder, absolute. */
      readonly path: string;
      readonly result: RunResult;
      readonly metrics: readonly EpochMetrics[];
      /** false where the run was finished before. */
      readonly hasTrained: boolean;
    }
  | {
      readonly status: "interrupted";
      /** The run's folder, absolute; not there yet where one of several seeds was stopped while its data were read. */
      readonly path: string;
      readonly epochsDone: number;
      /** As many as there were to be. */
      readonly epochs: number;
      /** Where it is one of several: the folder of all, absolute, how many are finished, and how many there are to be. */
      readonly seeds?: { readonly path: string; readonly done: number; readonly of: number };
    };

/** Several runs that differ by their seed. */
export interface SeedsOutcome extends SeedsSummary {
  readonly status: "seeds";
  /** The folder that holds the runs, absolute. */
  readonly path: string;
  /** The seeds whose model is no better than guessing. */
  readonly notLearned: readonly number[];
}

/** The prepared content of a collection: features, pixels. A kind makes it, and alone knows what else it holds. */
export interface ExampleStore {
  readonly problems: readonly FileProblem[];
  /** The defects of files that could be read nevertheless. */
  readonly warnings: readonly FileProblem[];
  readonly timings: { readonly total: number };
  has(example: Example): boolean;
  /** SHA-256 of the example's file, hexadecimal; of one in an archive, of its own content. */
  content(example: Example): string;
  /** SHA-256 of the file that the example is in, where files hold many; otherwise its content is that. */
  fileContent?(example: Example): string;
}

/** A run's folder, locked, and what is trained in it. */
export interface Job {
  readonly kind: RunKind;
  readonly path: string;
  readonly config: TrainingConfig;
  readonly store: ExampleStore;
  readonly parts: SplitParts<Example>;
  readonly targetScale: TargetScale | undefined;
  readonly engine: Required<Omit<EngineOptions, "precision">>;
  /** The processes that train together. */
  readonly ranks?: Ranks;
}

/** A run with its data and warnings. */
export interface Run {
  readonly job: Job;
  readonly collection: Collection;
  readonly report: SplitReport;
  readonly warnings: RunWarnings;
}

/** Examples to train on, with the time in seconds that making them has taken so far. */
export interface TrainingSet extends Dataset {
  readonly timings: { readonly read: number; readonly augment: number };
}

/** The same, made by other threads while the network computes. */
export interface ReadAheadSet extends TrainingSet {
  /** Ends the threads. */
  end(): Promise<void>;
}

/** A stretch of an example that the network sees at once, in seconds. */
export interface WindowTimes {
  readonly start: number;
  readonly end: number;
}

export interface WindowOutputs extends WindowTimes {
  readonly outputs: Float32Array;
}

export interface ExampleEvaluation {
  readonly example: Example;
  /** The mean over the windows where it has several. */
  readonly outputs: Float32Array;
  /** Empty for a picture, which is seen as a whole. */
  readonly windows: readonly WindowOutputs[];
}

export interface ExampleEvaluations {
  /** Those whose content is there, in their order. */
  readonly examples: readonly ExampleEvaluation[];
  /** The number of silent clips among them, whose predictions mean nothing. */
  readonly silent: number;
  /** The mean loss; for numbers, in units of their deviation, as training minimises it. */
  readonly loss: number;
  /** The time of the network alone, which compiles its programs when they are first needed. */
  readonly milliseconds: number;
}

/** The properties of the model that an evaluation needs. */
export interface EvaluatedModel {
  readonly model: Model;
  /** The run's configuration, of which the kind needs the form of the input. */
  readonly config: object;
  readonly task: Task;
  /** In a regression: between targets and the network's outputs. */
  readonly targetScale: TargetScale | undefined;
  /** Default: the model's. */
  readonly precision?: Precision;
  /** Ends the evaluation after the batch at hand, with its reason. */
  readonly signal?: AbortSignal;
}

/** A report's facts about a model's input, and the pictures and sounds that it shows. */
export interface ReportFacts {
  readonly facts: readonly Fact[];
  /** The units of the axes in the model's summary. */
  readonly summary: string;
  readonly filters?: FirstLayerFilters;
  /** Where the time of the preparation went. */
  readonly timings: readonly Timing[];
}

/** The search for examples in the data that weights come from. */
export interface KnownSearch {
  readonly data: string;
  readonly store: Pick<ExampleStore, "content">;
  readonly provenance: Provenance;
}

/** The facts of a new run's data that its configuration needs. */
export interface PlannedFacts {
  readonly input: ModelInput;
  readonly store: ExampleStore;
  readonly split: TrainingConfig["split"];
  /** The number of examples in the training set. */
  readonly examples: number;
}

/** A model by its name, and the form of its input, of which a kind alone knows more. */
export interface ModelInput {
  readonly model: TrainingConfig["model"];
  /** The form that pictures are brought to; absent for sound. */
  readonly pixels?: PixelFormat;
}

/** A network whose weights another run begins with. */
export interface FirstNetwork {
  /** The absolute path of a run's folder or a model file, or the name of a published network. */
  readonly from: string;
  /** The model's name. */
  readonly title: string;
  readonly network: Network;
  /** The metadata of the model file, which say what the network takes. */
  readonly metadata: Readonly<Record<string, Json>>;
  /** The data that the weights were trained on. */
  readonly provenance: Provenance;
}

/** How to open a collection. */
export type OpenOptions = Omit<LoadOptions, "role"> & {
  readonly strict?: boolean;
} & TrainingConfig["reading"];

/** The content of an example, as it was found: a file and its format, or a picture of which a file holds many. */
export type ExampleOriginal =
  { readonly path: string; readonly format: AudioFormat | ImageFormat } | { readonly picture: Image };

/** The part of a run that differs by the kind of its data. */
export interface RunKind {
  readonly name: KindName;
  /** Completes the configuration of a run from the content of its file. @throws AuricleError "file". */
  parseConfig(content: unknown, path: string): TrainingConfig;
  /** @throws AuricleError "data" or "file" as of the collection. */
  open(data: string, options: OpenOptions): Promise<Collection>;
  /**
   * Chooses the model's input for data: as requested, as suits them, or that of the network that training begins with.
   * @throws AuricleError "file" where such a network does not say what it takes
   */
  chooseInput(
    request: RunRequest,
    collection: Collection,
    first: FirstNetwork | undefined,
    warn: Warn,
  ): Promise<ModelInput>;
  /** Reads all examples. Tells which cannot be used. */
  prepare(collection: Collection, input: ModelInput, controls: PrepareControls): Promise<ExampleStore>;
  /** A collection of other examples, described by the same facts. */
  withExamples(collection: Collection, examples: readonly Example[]): Collection;
  /** The collection without the examples that could not be read, and with notes about the others. */
  readable(collection: Collection, store: ExampleStore): Collection;
  /**
   * Looks for examples that weights come from, and for pairs that hold the same.
   * @param compare whether contents are compared, not only files
   */
  findKnown(
    collection: Collection,
    search: KnownSearch,
    compare: boolean,
    controls: PrepareControls,
  ): Promise<FoundKnown>;
  newConfig(request: RunRequest, collection: Collection, facts: PlannedFacts): TrainingConfig;
  /** A model with new weights. @throws AuricleError "shape" where the network does not take such an input. */
  build(job: Omit<Job, "path">): Promise<Model>;
  /** A model of a network, with metadata that say what it takes and what its outputs mean. */
  describe(network: Network, job: Omit<Job, "path">): Model;
  training(job: Omit<Job, "path">, network: Network): Promise<TrainingSet>;
  /**
   * The folder in which the rows that a network makes of examples are kept, and all that these depend on besides the
   * example and the network. Absent where rows are quicker computed than kept.
   */
  keptRows?(job: Omit<Job, "path">): {
    readonly folder: string | undefined;
    readonly input: readonly unknown[];
  };
  /** The examples of {@link training}, with the same bits, read ahead by other threads. Absent where that would gain nothing. */
  readAhead?(job: Job, onProblem: (problem: string) => void): ReadAheadSet;
  /** The windows of {@link heldOut} of one example, from the beginning of its file. Absent for what is seen as a whole. */
  windowTimes?(job: Omit<Job, "path">, example: Example): readonly WindowTimes[];
  /** Examples as the network sees them without augmentation. */
  heldOut(job: Omit<Job, "path">, examples: readonly Example[]): Dataset;
  /** @throws AuricleError "data" when none of the examples could be read. */
  evaluate(
    model: EvaluatedModel,
    store: ExampleStore,
    examples: readonly Example[],
  ): Promise<ExampleEvaluations>;
  /** In a regression: between targets and the outputs of a run's model. @throws AuricleError "file" for a damaged file. */
  scaleOf(model: Model, path: string): TargetScale | undefined;
  /** Finds the content of an example. @throws AuricleError "file" where it is gone, or is none of the kind's formats. */
  original(collection: Collection, example: Example): Promise<ExampleOriginal>;
  /** The length of an example in seconds; 0 for a picture. */
  seconds(store: ExampleStore, example: Example): number;
  /** Sentences about the model's input. */
  notes(config: TrainingConfig): readonly string[];
  /** How much is kept of the prepared data and where; undefined where nothing is. */
  describeKept(store: ExampleStore): Promise<string | undefined>;
  report(run: Run, model: Model): ReportFacts;
  /** Evaluations with pictures and sounds for the examples that a report has room for. @param examples those evaluated */
  withPreviews(
    evaluations: readonly Evaluation[],
    store: ExampleStore,
    examples: readonly Example[],
  ): Promise<readonly Evaluation[]>;
  /** Names what other data have that the model's training had not. */
  warnOfRange(
    model: Model,
    config: TrainingConfig,
    collection: Collection,
    warn: Warn,
    path: string,
  ): Promise<void>;
}
