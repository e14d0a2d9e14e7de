/** @file How good a configuration is, by its validation. */

import { meanAndDeviation } from "../nn/metrics/index.ts";
import type { EpochMetrics } from "../runs/index.ts";
import { bestEpochOf } from "../runs/train-run.ts";

/** The figures by which configurations can be compared, the default for classes first. */
export const SWEEP_METRICS = ["validationMacroF1", "validationAccuracy", "validationLoss"] as const;
export type SweepMetric = (typeof SWEEP_METRICS)[number];

/** The metrics in words. */
export const METRIC_NAMES: Readonly<Record<SweepMetric, string>> = {
  validationMacroF1: "validation macro-F1",
  validationAccuracy: "validation accuracy",
  validationLoss: "validation loss",
};

/** The figures of a run after some epochs. */
export interface SeedScore {
  readonly seed: number;
  /** The metric at the best epoch so far: that of the weights that the run would keep. */
  readonly value: number;
  readonly loss: number;
  /** The best epoch, from 1. */
  readonly bestEpoch: number;
  /** Epochs trained, of those that were to be. */
  readonly epochs: number;
}

/** A configuration's figures over its seeds. */
export interface Score {
  readonly mean: number;
  /** The standard deviation of a sample; null for one seed. */
  readonly deviation: number | null;
  /** The mean validation loss, which decides between equal means. */
  readonly loss: number;
  readonly seeds: readonly SeedScore[];
}

/**
 * @param epochs as many of the metrics are regarded
 * @returns undefined where no epoch has the figure: nothing is held out, or the training has diverged
 */
export function scoreSeed(
  seed: number,
  all: readonly EpochMetrics[],
  epochs: number,
  metric: SweepMetric,
): SeedScore | undefined {
  const metrics = all.slice(0, epochs);
  const best = metrics.find(({ epoch }) => epoch === bestEpochOf(metrics));
  const [value, loss] = [best?.[metric], best?.validationLoss];
  if (!best || typeof value !== "number" || typeof loss !== "number") return undefined;
  return { seed, value, loss, bestEpoch: best.epoch, epochs: metrics.length };
}

export function scoreOf(seeds: readonly SeedScore[]): Score {
  const { mean, standardDeviation } = meanAndDeviation(seeds.map(({ value }) => value));
  const loss = seeds.reduce((sum, one) => sum + one.loss / seeds.length, 0);
  return { mean, deviation: standardDeviation ?? null, loss, seeds };
}

/** For sorting, the better first; 0 for equal ones. */
export function compareScores(one: Score, other: Score, metric: SweepMetric): number {
  const difference = metric === "validationLoss" ? one.mean - other.mean : other.mean - one.mean;
  return difference || one.loss - other.loss;
}
