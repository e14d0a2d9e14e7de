/** @file The events of trainings, evaluations and predictions: plain objects that can be sent between threads. Browser-safe. */

import type { FileProblem } from "../data/collection/collection.ts";
import type { ObtainProgress } from "../data/obtain-options.ts";
import type { AscentStep } from "../explain/index.ts";
import type { EpochMetrics } from "../runs/metrics-log.ts";
import type { BatchProgress, PreparationProgress, RunInfo } from "../runs/observer.ts";
import type { PicturePrediction } from "../runs/images/predict-pictures.ts";
import type { RecordingPrediction } from "../runs/sound/predict-recordings.ts";
import type { ModelFacts } from "../runs/trained-model.ts";
import type { Profile } from "../runtime/profile.ts";

/** Something fell back, was repaired or is doubtful. */
export interface WarningEvent {
  readonly kind: "warning";
  readonly text: string;
}

/** Inputs on their way to what excites units. */
export interface AscentEvent extends AscentStep {
  readonly kind: "ascent";
}

/** While files are read. */
export type PreparationEvent =
  | WarningEvent
  /** A data set of files that are got from elsewhere. */
  | { readonly kind: "obtaining"; readonly progress: ObtainProgress }
  | { readonly kind: "preparing"; readonly progress: PreparationProgress }
  /** A line about the data or the result that everyone should read. */
  | { readonly kind: "note"; readonly text: string };

/** While files are read one after the other. */
export type PartsEvent =
  | WarningEvent
  | { readonly kind: "preparing"; readonly progress: PreparationProgress }
  /** A file that could not be read; the others are. */
  | { readonly kind: "problem"; readonly problem: FileProblem };

export type TrainingEvent =
  | PreparationEvent
  /** The run has its folder: whatever is stopped from here on can be resumed. @param path absolute */
  | { readonly kind: "begun"; readonly path: string }
  | { readonly kind: "started"; readonly info: RunInfo }
  /** The last of the batches that nobody has read yet. */
  | { readonly kind: "batch"; readonly progress: BatchProgress }
  /** @param isBest whether its validation is the best so far; false where nothing is held out. */
  | { readonly kind: "epoch"; readonly metrics: EpochMetrics; readonly isBest: boolean }
  /** @param path the path of the trace's file */
  | { readonly kind: "profiled"; readonly profile: Profile; readonly path: string };

export type PredictionEvent =
  | PreparationEvent
  /** The model that predicts, before everything else but warnings about its file. */
  | { readonly kind: "model"; readonly model: ModelFacts }
  | { readonly kind: "recording"; readonly prediction: RecordingPrediction }
  | { readonly kind: "picture"; readonly prediction: PicturePrediction }
  /** A file that could not be read; the others are predicted all the same. */
  | { readonly kind: "problem"; readonly problem: FileProblem };
