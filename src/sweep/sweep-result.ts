/** @file The results of a sweep: configurations, the winner, and its test. */

import type { EvaluationFigures, TrainingValues } from "../runs/index.ts";
import type { Score, SweepMetric } from "./scores.ts";
import type { Configuration } from "./space.ts";

/** A configuration and what became of it. */
export interface Entry {
  /** From 1. */
  readonly number: number;
  /** The options in which configurations differ. */
  readonly options: Configuration;
  /** "complete": trained to its end; "stopped": other configurations were better; "unfinished": time was up. */
  readonly status: "complete" | "stopped" | "unfinished" | "failed";
  /** Epochs that were compared: those of the last rung it came to; of several seeds the most. */
  readonly epochs: number;
  readonly score: Score | null;
  /** Why it failed. */
  readonly problem?: string;
}

/** The figures of the winner on the test part, of one seed. */
export interface TestFigures {
  readonly seed: number;
  /** The run's folder, absolute. */
  readonly run: string;
  readonly evaluations: readonly EvaluationFigures[];
}

export interface SweepResult {
  readonly metric: SweepMetric;
  /** The best first. */
  readonly entries: readonly Entry[];
  /** The first of them. */
  readonly best: Entry;
  /** All options of the best configuration, which repeat its first run. */
  readonly values: TrainingValues;
  readonly test: readonly TestFigures[];
  /** Whether the time of the budget ended the search. */
  readonly outOfTime: boolean;
  /** Seconds of work, those before interruptions included. */
  readonly seconds: number;
}
