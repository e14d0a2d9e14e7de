/** @file The controls, events and outcome of a sweep. */

import type { EpochMetrics } from "../runs/metrics-log.ts";
import type { PreparationEvent, TrainOptions } from "../session/index.ts";
import type { SweepMetric } from "./scores.ts";
import type { Entry, SweepResult } from "./sweep-result.ts";
import type { Trainer } from "./trainer.ts";

/** The events of a sweep. Configurations have numbers from 1. */
export type SweepEvent =
  | PreparationEvent
  | {
      readonly kind: "begun";
      readonly path: string;
      readonly metric: SweepMetric;
      readonly runs: number | null;
    }
  | { readonly kind: "epoch"; readonly number: number; readonly seed: number; readonly metrics: EpochMetrics }
  | { readonly kind: "trained"; readonly entry: Entry; readonly hasTrained: boolean }
  | { readonly kind: "testing"; readonly entry: Entry };

export type SweepOutcome =
  | ({ readonly status: "finished"; readonly path: string } & SweepResult)
  | { readonly status: "interrupted"; readonly path: string; readonly entries: readonly Entry[] };

export interface SweepControls {
  /** Runs side by side. Default 1. */
  readonly parallel?: number;
  /** Threads of all runs together. */
  readonly threads: number;
  /** How data are read. */
  readonly reading: Omit<TrainOptions, "threads" | "out" | "profile">;
  readonly show: (event: SweepEvent) => void;
  /** Ends the sweep after the steps at hand. */
  readonly signal: AbortSignal;
  /** Default: one run at a time in this process, several in processes of their own. */
  readonly trainer?: Trainer;
}
