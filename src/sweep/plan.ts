/** @file Which training is next: all configurations in turn, or those that successive halving lets go on. */

/** A configuration to train up to an epoch. */
export interface Job {
  /** The configuration's number, from 0. */
  readonly configuration: number;
  /** null: to the end of its training. */
  readonly epochs: number | null;
}

/** The results as a plan needs them. */
export interface Results {
  /** Whether a configuration exists: those of a random search end with the budget or the space. */
  has(configuration: number): boolean;
  /**
   * For sorting, the better first.
   * @param epochs as many of each are regarded
   */
  compare(one: number, other: number, epochs: number): number;
}

/** The order of a sweep. Which jobs there are depends on results alone, never on how many run at once or how quick they are. */
export interface Plan {
  /** The next job; undefined where one must wait for results, or where there is none left. */
  next(): Job | undefined;
  /** Tells that a job is done. @param failed whether the configuration has no result */
  done(job: Job, failed: boolean): void;
}

/** All configurations, each to its end. */
export function everyConfiguration(results: Pick<Results, "has">): Plan {
  let count = 0;
  return {
    next: () => (results.has(count) ? { configuration: count++, epochs: null } : undefined),
    done: () => undefined,
  };
}

/** Epochs at which configurations are compared, and at last those of a whole training. */
export function rungsOf(epochs: number, reduction: number, firstEpochs: number): number[] {
  const rungs: number[] = [];
  for (let rung = firstEpochs; rung < epochs; rung *= reduction) rungs.push(rung);
  return [...rungs, epochs];
}

/** Three rungs: a ninth of the epochs, a third and all, with the usual reduction. */
export function defaultFirstEpochs(epochs: number, reduction: number): number {
  return Math.max(1, Math.ceil(epochs / reduction ** 2));
}

/** A job that counts as under way until the clock of the plan says that it ends. */
interface Running {
  readonly job: Job;
  readonly rung: number;
  readonly endsAt: number;
  isDone: boolean;
  failed: boolean;
}

/**
 * Asynchronous successive halving (Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning", algorithm 2): as soon as
 * one of `reduction` configurations on a rung is known to be the best of them, it goes on; otherwise a new one begins.
 *
 * Which come first would depend on how quick processes are. So the plan has a clock of its own, on which an epoch always takes the
 * same time and `concurrent` jobs are under way: results are taken in the order of that clock. The same file then gives the same jobs,
 * whatever runs at once, and after any interruption.
 */
export function successiveHalving(
  results: Results,
  {
    rungs,
    reduction,
    concurrent,
  }: { readonly rungs: readonly number[]; readonly reduction: number; readonly concurrent: number },
): Plan {
  let clock = 0;
  let begun = 0;
  const running: Running[] = [];
  /** By rung: the configurations that have come there with a result, and those of them that went on. */
  const reached = rungs.map(() => [] as number[]);
  const promoted = rungs.map(() => new Set<number>());

  /** The best that may go on from a rung, the highest first. */
  const promotable = (): { configuration: number; rung: number } | undefined => {
    for (let rung = rungs.length - 2; rung >= 0; rung--) {
      const sorted = [...reached[rung]].sort((a, b) => results.compare(a, b, rungs[rung]) || a - b);
      const candidates = sorted.slice(0, Math.floor(sorted.length / reduction));
      const configuration = candidates.find((one) => !promoted[rung].has(one));
      if (configuration === undefined) continue;
      promoted[rung].add(configuration);
      return { configuration, rung: rung + 1 };
    }
    return undefined;
  };

  const begin = (configuration: number, rung: number): Job => {
    const job = { configuration, epochs: rungs[rung] };
    const cost = rungs[rung] - (rung === 0 ? 0 : rungs[rung - 1]);
    running.push({ job, rung, endsAt: clock + cost, isDone: false, failed: false });
    return job;
  };

  /** Takes the result of the job that ends first; of several the one that began first. */
  const takeFirst = (): boolean => {
    const first = running.reduce((a, b) => (b.endsAt < a.endsAt ? b : a));
    if (!first.isDone) return false;
    running.splice(running.indexOf(first), 1);
    clock = first.endsAt;
    if (!first.failed) reached[first.rung].push(first.job.configuration);
    return true;
  };

  return {
    next() {
      for (;;) {
        if (running.length < concurrent) {
          const better = promotable();
          if (better) return begin(better.configuration, better.rung);
          if (results.has(begun)) return begin(begun++, 0);
        }
        if (running.length === 0 || !takeFirst()) return undefined;
      }
    },
    done(job, failed) {
      const found = running.find((one) => one.job === job);
      if (found) Object.assign(found, { isDone: true, failed });
    },
  };
}
