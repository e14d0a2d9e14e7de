/** @file How far the configurations of a sweep have come, and how good they are. Configurations are counted from 0, entries from 1. */

import type { EpochMetrics } from "../runs/metrics-log.ts";
import { compareScores, scoreOf, scoreSeed, type Score, type SeedScore, type SweepMetric } from "./scores.ts";
import type { Configuration } from "./space.ts";
import type { Entry } from "./sweep-result.ts";
import { hasReached, type RunState } from "./trainer.ts";

export class Scoreboard {
  metric: SweepMetric = "validationLoss";
  /** By configuration: the most epochs that are done with all seeds; null: to the end. */
  readonly reached = new Map<number, number | null>();
  readonly begun = new Set<number>();
  /** By configuration: the reason for which it cannot be trained. */
  readonly failures = new Map<number, string>();
  private readonly seeds: readonly number[];
  private readonly configuration: (index: number) => Configuration | undefined;
  private readonly lastEpoch: number;
  /** By configuration and seed. */
  private readonly metrics = new Map<string, readonly EpochMetrics[]>();
  private readonly complete = new Set<string>();

  /** @param lastEpoch the epoch that a plan trains to at most, or Infinity */
  constructor(
    seeds: readonly number[],
    configuration: (index: number) => Configuration | undefined,
    lastEpoch: number,
  ) {
    this.seeds = seeds;
    this.configuration = configuration;
    this.lastEpoch = lastEpoch;
  }

  /** Notes what a run has come to. */
  keep(configuration: number, seed: number, state: RunState): void {
    this.metrics.set(keyOf(configuration, seed), state.metrics);
    if (hasReached(state, null)) this.complete.add(keyOf(configuration, seed));
  }

  /** Whether every seed has a finite figure within so many epochs. */
  hasScore(configuration: number, epochs: number): boolean {
    return this.scoresAt(configuration, epochs).length === this.seeds.length;
  }

  scoreAt(configuration: number, epochs: number): Score {
    return scoreOf(this.scoresAt(configuration, epochs));
  }

  private scoresAt(configuration: number, epochs: number): SeedScore[] {
    return this.seeds.flatMap((seed) => {
      const metrics = this.metrics.get(keyOf(configuration, seed)) ?? [];
      return scoreSeed(seed, metrics, epochs, this.metric) ?? [];
    });
  }

  entryOf(index: number): Entry {
    const options = this.configuration(index) ?? {};
    const common = { number: index + 1, options };
    const problem = this.failures.get(index);
    if (problem !== undefined) return { ...common, status: "failed", epochs: 0, score: null, problem };
    const reached = this.reached.get(index);
    if (reached === undefined) return { ...common, status: "unfinished", epochs: 0, score: null };
    const score = this.scoreAt(index, reached ?? Infinity);
    const isComplete = this.seeds.every((seed) => this.complete.has(keyOf(index, seed)));
    const epochs = Math.max(...score.seeds.map((one) => one.epochs));
    const isWhole = isComplete && (reached === null || score.seeds.every((one) => one.epochs <= reached));
    const isLast = reached === null || reached >= this.lastEpoch;
    return { ...common, status: isWhole && isLast ? "complete" : "stopped", epochs, score };
  }

  /** The entries of all that has begun, the best first: those that came further, and of them the better. */
  entries(): Entry[] {
    const rung = ({ number }: Entry) => this.reached.get(number - 1) ?? Infinity;
    return [...this.begun]
      .map((index) => this.entryOf(index))
      .sort((one, other) => {
        if (!one.score || !other.score) {
          return Number(!one.score) - Number(!other.score) || one.number - other.number;
        }
        const [a, b] = [rung(one), rung(other)];
        if (a !== b) return b - a;
        return compareScores(one.score, other.score, this.metric) || one.number - other.number;
      });
  }
}

function keyOf(configuration: number, seed: number): string {
  return `${configuration} ${seed}`;
}
