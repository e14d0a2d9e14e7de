/**
 * @file The content of a report as plain data: the training run fills it in, and `renderReport` draws it. All of it is
 * JSON except the typed arrays of previews and filters. Browser-safe.
 */

import type { Task } from "../data/collection/collection.ts";

export interface ReportData {
  /** The run's name, short. */
  readonly title: string;
  /** When the run ended, as ISO 8601. */
  readonly createdAt: string;
  readonly task: Task;
  readonly data: DataSummary;
  readonly model: ModelSummary;
  /** One row for each epoch, oldest first. */
  readonly history: readonly EpochRow[];
  /** The epoch whose weights were evaluated; null: the last, as nothing was held out. */
  readonly bestEpoch: number | null;
  /** Warnings about fallbacks, repairs and doubtful findings in the run, shown at the head of the report. Default: none. */
  readonly warnings?: readonly string[];
  /** The most important one, usually "test", first: its figures are the headline. */
  readonly evaluations: readonly Evaluation[];
  /** The diagnosis of the trained model; absent where none was made. */
  readonly diagnosis?: Diagnosis;
  /** The filters of the first convolution, if there is one. */
  readonly filters?: FirstLayerFilters;
  /** A map of examples of the first evaluation; absent where it has too few, or the network has no layer to draw. */
  readonly map?: EmbeddingMap;
  /** Everything that determines what the run computes, in display order. */
  readonly configuration: readonly Fact[];
  /** Versions, engine, threads, machine. */
  readonly environment: readonly Fact[];
  /** The time spent on decoding, features, augmentation, training, …, in display order. The figures need not add up. */
  readonly timings: readonly Timing[];
  /** The command that does the same again; several lines where it takes several. */
  readonly command: string;
}

/** The title of a diagnosis that has findings, by verdict. */
export const DIAGNOSIS_TITLES = {
  failed: "The model learnt nothing useful: do not trust its predictions.",
  "too-short": "The training was too short to teach the model anything.",
  learned: "The training shows something unusual.",
} as const;

/** Whether the training has taught the model anything, as `diagnoseTraining` says. */
export interface Diagnosis {
  readonly verdict: keyof typeof DIAGNOSIS_TITLES;
  /** The failure first, then its likely causes. */
  readonly findings: readonly { readonly observation: string; readonly advice: string }[];
}

/** A name and its value. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface Timing {
  readonly name: string;
  readonly seconds: number;
  /** The meaning of the figure, where it is not obvious: "sum over 2 workers". */
  readonly note?: string;
}

/** A part of the data, in the order of {@link DataSummary.parts}. */
export interface DataPart {
  /** "train", "validation", "test". */
  readonly name: string;
  /** Examples of each class or tag; empty in a regression. */
  readonly classCounts: readonly number[];
  /** All examples. */
  readonly examples: number;
  /** All of them together; absent where there is no sound. */
  readonly seconds?: number;
}

export interface DataSummary {
  readonly name: string;
  /** Whether it was made by a program instead of recorded; said aloud in the report. */
  readonly synthetic: boolean;
  /** The name of one example: "clip", "image". */
  readonly unit: string;
  /** The names of the classes or tags, or of the numbers in a regression. */
  readonly classNames: readonly string[];
  /** Licence, source, sample rates and other known facts. */
  readonly facts: readonly Fact[];
  readonly parts: readonly DataPart[];
  readonly split: SplitSummary;
  /** Files that were left out or are doubtful; all of them. */
  readonly problems: readonly DataProblem[];
}

export interface SplitSummary {
  /** In words: "85/10/5, stratified, by group, seed 0", "official". */
  readonly method: string;
  /** The leaks of the split, in words; empty where none was found. */
  readonly leaks: readonly string[];
  /** Whether a split that leaks was forced; said aloud in the report. */
  readonly forced: boolean;
}

export interface DataProblem {
  /** As people know the file: best relative to the data's folder. */
  readonly file: string;
  readonly problem: string;
}

export interface ModelSummary {
  readonly name: string;
  /** Number of trained weights. */
  readonly parameters: number;
  /** The model's summary as text in a fixed-width font, if there is one. */
  readonly summary?: string;
  /** Front end, window length, input shape, … */
  readonly facts: readonly Fact[];
}

/** Figures of one epoch; null where there is none. */
export interface EpochRow {
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  /** 0 … 1. */
  readonly accuracy: number | null;
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  readonly validationMacroF1: number | null;
  readonly learningRate: number;
  readonly seconds: number | null;
}

export type Evaluation = ClassificationEvaluation | TaggingEvaluation | RegressionEvaluation;

interface EvaluationCommon {
  /** The part of the data: "test", "validation". */
  readonly name: string;
  /** Examples that were evaluated. */
  readonly examples: number;
  /** How many of the clips are silent; absent where none is. */
  readonly silent?: number;
  readonly loss: number | null;
  /** Every example's result, in the order of the data. */
  readonly results: readonly ExampleResult[];
}

export interface ClassificationEvaluation extends EvaluationCommon {
  readonly task: "classification";
  /** By example; 0 … 1. */
  readonly accuracy: number;
  /** 95 %, lower and upper end. */
  readonly accuracyInterval: readonly [number, number];
  /** By window, where an example has several. */
  readonly windowAccuracy?: number;
  readonly macroF1: number;
  /** In the order of the class indices. */
  readonly classes: readonly ClassScores[];
  /** Row = true class, column = predicted class. */
  readonly confusionMatrix: readonly (readonly number[])[];
}

export interface ClassScores {
  readonly name: string;
  /** 0 … 1. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly support: number;
}

export interface TaggingEvaluation extends EvaluationCommon {
  readonly task: "tagging";
  /** Means over the tags that have examples with and without them; null where there is none. */
  readonly meanAveragePrecision: number | null;
  readonly meanRocAuc: number | null;
  readonly macroF1: number;
  readonly tags: readonly TagScores[];
}

export interface TagScores {
  readonly name: string;
  /** null where no example, or every example, has the tag. */
  readonly averagePrecision: number | null;
  readonly rocAuc: number | null;
  /** At the threshold 0.5. */
  readonly f1: number;
  /** Examples that have the tag. */
  readonly support: number;
}

export interface RegressionEvaluation extends EvaluationCommon {
  readonly task: "regression";
  readonly outputs: readonly OutputScores[];
}

/** How well one number is predicted, in its own unit. */
export interface OutputScores {
  readonly name: string;
  /** "Hz", "beats a minute"; empty where there is none. */
  readonly unit: string;
  readonly meanAbsoluteError: number;
  /** The mean absolute error of always answering the training data's mean. */
  readonly baselineError?: number;
}

/** The model's result for one example. */
export interface ExampleResult {
  readonly id: string;
  /** The length of the whole recording or clip; 0 for a picture. */
  readonly seconds: number;
  /** The true answer: one class index, any number of tags' indices, or the numbers of a regression. */
  readonly truth: readonly number[];
  /** A probability for each class or tag, or the predicted numbers; of the whole example. */
  readonly outputs: readonly number[];
  /** By window, in the order of their time. */
  readonly windows: readonly WindowResult[];
  /** To look at and listen to; see `examplesToPreview` for the examples that need it. */
  readonly preview?: ExamplePreview;
}

export interface WindowResult {
  /** In seconds from the clip's beginning. */
  readonly start: number;
  readonly end: number;
  /** As {@link ExampleResult.outputs}. */
  readonly outputs: readonly number[];
}

export interface ExamplePreview {
  readonly spectrogram?: SpectrogramPreview;
  readonly audio?: AudioPreview;
  readonly picture?: PicturePreview;
}

/** A picture as the model sees it, without augmentation. */
export interface PicturePreview {
  readonly width: number;
  readonly height: number;
  /** 1 for grey, 3 for RGB. */
  readonly channels: 1 | 3;
  /** `[height, width, channels]`, 0 … 255. */
  readonly pixels: Uint8Array;
}

/** A spectrogram of the whole clip. */
export interface SpectrogramPreview {
  /** `[frames, bins]`, lowest frequency first: decibels as floats, or 0 … 255 as bytes. */
  readonly values: Float32Array | Uint8Array;
  readonly frames: number;
  readonly bins: number;
  /** Hz of each bin, rising. */
  readonly frequencies: readonly number[];
}

/** A piece of the clip that can be played: 16-bit mono, at most 22,050 Hz and 6 s, or it takes too much room. */
export interface AudioPreview {
  /** The bytes of a WAV file. */
  readonly wav: Uint8Array;
  /** Where in the clip it begins and ends, in seconds. */
  readonly start: number;
  readonly end: number;
}

/** The kernel of the first convolution. */
export interface FirstLayerFilters {
  /** The layer's name. */
  readonly layer: string;
  /** The medium of the layer's input. Default "sound". */
  readonly sees?: "sound" | "pictures";
  /**
   * `[time, frequency, inputs, filters]`, or `[time, inputs, filters]` for a layer that sees a waveform; of pictures
   * `[height, width, inputs, filters]`.
   */
  readonly shape: readonly number[];
  /** In C order. */
  readonly data: Float32Array;
  /** The rate of the layer's input along its time axis, in Hz: frames or samples per second; 0 for pictures. */
  readonly sampleRate: number;
}

/** The examples of an evaluation on a map, near each other where the model sees them alike. */
export interface EmbeddingMap {
  /** The layer that the embeddings are of, in words. */
  readonly layer: string;
  /** The place of each point's example in {@link Evaluation.results} of the first evaluation. */
  readonly points: readonly number[];
  readonly layouts: readonly EmbeddingLayout[];
}

export interface EmbeddingLayout {
  /** The name in files: "pca", "umap". */
  readonly key: string;
  readonly title: string;
  readonly note: string;
  /** `[examples, 2]`. */
  readonly places: Float32Array;
}

/** Runs that differ by their seed. */
export interface SeedsSummary {
  /** The names of a run's figures: "test accuracy", "test macro-F1", … */
  readonly metrics: readonly string[];
  readonly runs: readonly SeedRun[];
}

export interface SeedRun {
  readonly seed: number;
  /** In the order of {@link SeedsSummary.metrics}. */
  readonly values: readonly number[];
}
