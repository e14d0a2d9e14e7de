/** @file An explanation of a model's answer to a recording or a picture, as plain data that can be sent between threads. Browser-safe. */

import type { MonoAudio } from "../../audio/audio.ts";
import type { FrontEndConfig } from "../../audio/front-end/config.ts";
import type { AudioExplanation } from "../../audio-model/explain-audio.ts";
import type { Task } from "../../data/collection/collection.ts";
import type {
  DeletionInsertion,
  ExplanationMethod,
  FirstFilters,
  LayerFeatures,
} from "../../explain/index.ts";
import type { OptionNames } from "../../options.ts";
import type { FloatArray } from "../../tensor/array.ts";

/** How an answer is explained. */
export interface ExplainOptions {
  /** The class, tag or number: its name or its number. Default: the most probable; of a regression the first. */
  readonly class?: string | number;
  /** Default: all; Grad-CAM where the network has a convolution. */
  readonly methods?: readonly ExplanationMethod[];
  /** The layer that Grad-CAM, and with `features` the outputs of layers, are of. Default: the last convolution; all of them. */
  readonly layer?: string;
  /** Where the part of a long recording begins, in seconds. Default: where the class is clearest. */
  readonly start?: number;
  /** The number of the picture, from 0, in a file that holds many. Default 0. */
  readonly example?: number;
  /** Whether maps are tested. Default false: it takes longer than the maps themselves. */
  readonly check?: boolean;
  /** Whether the outputs of layers are told. Default false. */
  readonly features?: boolean;
}

export const EXPLAIN_OPTIONS: OptionNames<ExplainOptions> = {
  class: true,
  methods: true,
  layer: true,
  start: true,
  example: true,
  check: true,
  features: true,
};

interface ExplanationOfFile {
  /** The file, as it was given, or the id of an example of the test part. */
  readonly path: string;
  /** The number of an example of the test part. */
  readonly tested?: number;
  /** The run's folder, or the model file. */
  readonly model: string;
  readonly task: Task;
  /** The names of the classes or tags, or of the numbers in a regression, by output. */
  readonly classNames: readonly string[];
  /** Probabilities of classes or tags, or numbers. */
  readonly outputs: Float32Array;
  /** The class that is explained, by its place among the names. */
  readonly class: number;
  /** The kernel of the first convolution, where it slides over the input's positions. */
  readonly filters?: FirstFilters;
  /** Sentences about the file, and about what is left out. */
  readonly notes: readonly string[];
}

/** An explanation of an answer to a recording. */
export interface RecordingExplanation extends ExplanationOfFile {
  readonly kind: "recording";
  /** The explained part at the model's sample rate, one channel. */
  readonly audio: MonoAudio;
  /** Where it begins in the file, in seconds. */
  readonly offset: number;
  /** The part of a long recording in words; absent where it is all of the file. */
  readonly part?: string;
  readonly frontEnd: FrontEndConfig;
  readonly maps: readonly RecordingMap[];
  /** The outputs of layers for the window in which the class is clearest. */
  readonly features?: WindowFeatures;
}

/** A map of a recording, and the recording divided by it. */
export type RecordingMap = Omit<AudioExplanation, "class" | "outputs" | "audio">;

/** The outputs of layers for one window. */
export interface WindowFeatures {
  /** The window's first step of features in the explained part. */
  readonly start: number;
  readonly layers: readonly LayerFeatures[];
}

/** An explanation of an answer to a picture. */
export interface PictureExplanation extends ExplanationOfFile {
  readonly kind: "picture";
  /** The number of the picture in a file that holds many. */
  readonly example?: number;
  /** As the network sees it: `[height, width, channels]`, 0 … 1. */
  readonly picture: FloatArray;
  readonly maps: readonly PictureMap[];
  readonly features?: readonly LayerFeatures[];
}

/** A map of a picture. */
export interface PictureMap {
  readonly method: ExplanationMethod;
  /** `[rows, columns]`: positive values speak for the class. Of a network that resizes first, rows and columns are others than the picture's. */
  readonly values: FloatArray;
  /** The layer that a map of "gradCam" is of. */
  readonly layer?: string;
  /** The relative error of completeness of "integratedGradients", and whether it is within 1 %. */
  readonly completeness?: { readonly error: number; readonly isWithin: boolean };
  /** The score with more and more of the pixels covered; absent for a map of other positions. */
  readonly check?: DeletionInsertion;
}

export type Explanation = RecordingExplanation | PictureExplanation;
