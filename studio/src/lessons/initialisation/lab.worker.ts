/** @file The lesson's engine: one network for each rule, from one seed, on the same batches. */
import { expose } from "comlink";
import { Runs, turnTaker } from "../../engine/turns.ts";
import { drawDigits, pickDigits } from "../digits.ts";
import { RULE_NAMES, type NetworkRequest, type RuleName } from "./rules.ts";
import { batchesOf, SIGNAL_BATCH, Trial, type RuleSignals } from "./trials.ts";

export type LabRequest = Omit<NetworkRequest, "rule">;

export interface TrainRequest extends LabRequest {
  readonly steps: number;
}

export interface TrainProgress {
  /** The loss of each step since the last report, for each rule; NaN once its training has failed. */
  readonly losses: Readonly<Record<RuleName, readonly number[]>>;
  readonly failures: Readonly<Partial<Record<RuleName, string>>>;
}

const TRAINING_DIGITS = 1000;
const digits = drawDigits("train", TRAINING_DIGITS);
const watched = digits.then((all) =>
  pickDigits(
    all,
    Array.from({ length: SIGNAL_BATCH }, (_, i) => i),
  ),
);

/** The newest network of each rule, with its signals before any training once they were computed. */
interface Known {
  readonly key: string;
  readonly trial: Trial;
  before?: RuleSignals;
}
const known = new Map<RuleName, Known>();
/** "own" first: it follows a slider. */
const FIRST_TO_LAST = [...RULE_NAMES].reverse();
const runs = new Runs();

function knownOf(rule: RuleName, request: LabRequest): Known {
  const { activation, seed, own } = request;
  const key = JSON.stringify([activation, seed, rule === "own" ? own : 0]);
  const found = known.get(rule);
  if (found?.key === key) return found;
  const next = { key, trial: new Trial({ ...request, rule }) };
  known.set(rule, next);
  return next;
}

const lab = {
  /** Stops a training, and sends the signals of the networks before any training, one after the other. */
  async signals(request: LabRequest, onrule: (signals: RuleSignals) => void): Promise<void> {
    const run = runs.begin();
    const batch = await watched;
    for (const rule of FIRST_TO_LAST) {
      const one = knownOf(rule, request);
      one.trial.reset(request.learningRate);
      onrule((one.before ??= one.trial.signals(batch)));
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (run.signal.aborted) return;
    }
  },

  /**
   * Trains all networks from their first values, step by step side by side, then sends their signals.
   */
  async train(
    request: TrainRequest,
    onprogress: (progress: TrainProgress) => void,
    onsignals: (signals: readonly RuleSignals[]) => void,
  ): Promise<void> {
    const run = runs.begin();
    const [batchOf, batch] = [batchesOf(await digits, request.seed), await watched];
    const all = RULE_NAMES.map((rule) => knownOf(rule, request).trial);
    for (const trial of all) trial.reset(request.learningRate);
    let losses = all.map((): number[] => []);
    const report = () => {
      onprogress({
        losses: byRule(losses),
        failures: Object.fromEntries(all.flatMap(({ rule, failure }) => (failure ? [[rule, failure]] : []))),
      });
      losses = all.map(() => []);
    };
    const takeTurn = turnTaker(report);
    let step = 0;
    while (step < request.steps && !run.signal.aborted) {
      const examples = batchOf(step++);
      for (const [i, trial] of all.entries()) losses[i].push(await trial.train(examples));
      await takeTurn();
    }
    if (!run.isNewest) return;
    report();
    onsignals(all.map((trial) => trial.signals(batch)));
  },

  /** Ends the training that is going on after its step. */
  stop(): void {
    runs.stop();
  },
};

function byRule<T>(values: readonly T[]): Record<RuleName, T> {
  return Object.fromEntries(RULE_NAMES.map((rule, i) => [rule, values[i]])) as Record<RuleName, T>;
}

export type Lab = typeof lab;
expose(lab);
