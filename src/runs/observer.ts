/** @file The events that a run reports to its observer. */

import type { Profile } from "../runtime/profile.ts";
import type { InitialLoss } from "./initial-loss.ts";
import type { EpochMetrics } from "./metrics-log.ts";
import type { TrainingConfig } from "./training-config.ts";

/** How far the decoding of examples is. */
export interface PreparationProgress {
  /** Those that are done with, those with a problem included. */
  readonly done: number;
  readonly examples: number;
  /** The noun for them, in the plural. */
  readonly unit: string;
  /** Seconds of audio decoded so far, and decoded per second by the clock; absent for pictures. */
  readonly audioSeconds?: number;
  readonly rate?: number;
}

/** The facts known when training begins. */
export interface RunInfo {
  /** The run's folder, absolute. */
  readonly path: string;
  readonly config: TrainingConfig;
  /** Short, for people. */
  readonly dataName: string;
  readonly threads: number;
  /** Number of weights that are trained. */
  readonly parameters: number;
  readonly examples: { readonly train: number; readonly validation: number };
  readonly axisNames: readonly string[] | undefined;
  /** Before the first step; undefined in a run that goes on. */
  readonly initialLoss?: InitialLoss;
  /** Above 0 in a run that goes on. */
  readonly epochsDone: number;
}

/** Where the training is after a batch. */
export interface BatchProgress {
  /** From 1. */
  readonly epoch: number;
  /** Batches done in this epoch. */
  readonly batch: number;
  readonly batches: number;
  /** Means over the epoch so far. */
  readonly loss: number;
  /** undefined where it is not counted by batch. */
  readonly accuracy: number | undefined;
  /** Examples trained on since the first epoch's beginning, and in all that is asked for. */
  readonly examples: number;
  readonly totalExamples: number;
}

/** Tells that something fell back, was repaired or is doubtful. */
export type Warn = (text: string) => void | Promise<void>;

export interface TrainingObserver {
  /** Called now and then while files are decoded. */
  preparing(progress: PreparationProgress): void;
  /** Shows a line about the data or the result that everyone should read. */
  note(text: string): void;
  /** Reports a fallback, a repair or something doubtful in the run; also an event of --json. */
  warning(text: string): void;
  /** The run is there: whatever is stopped from here on can be resumed. @param path its folder, absolute */
  begun(path: string): void;
  started(info: RunInfo): void;
  batch(progress: BatchProgress): void;
  /** @param isBest whether its validation loss is the least so far; false where nothing is held out. */
  epoch(metrics: EpochMetrics, isBest: boolean): void;
  /** @param path the path of the trace's file, absolute */
  profiled(profile: Profile, path: string): void;
}
