/** @file Carrying a sweep out: which run is next, several at once, and the winner's test. Node only. */

import { AuricleError } from "../errors.ts";
import { formatRecipeFile, wordsOf, type OptionName, type TrainingValues } from "../runs/index.ts";
import { readResult } from "../runs/run-result.ts";
import { shortDataName } from "../runs/short-data-name.ts";
import { valuesOfRun } from "../runs/options/training-values.ts";
import { openSession } from "../session/index.ts";
import {
  defaultFirstEpochs,
  everyConfiguration,
  rungsOf,
  successiveHalving,
  type Job,
  type Plan,
} from "./plan.ts";
import { compareScores, METRIC_NAMES } from "./scores.ts";
import { Scoreboard } from "./scoreboard.ts";
import { renderSweep } from "./page.ts";
import type { Configuration } from "./space.ts";
import type { SweepControls, SweepOutcome } from "./sweep-events.ts";
import { configurationsOf, type Sweep } from "./sweep-file.ts";
import type { Entry, SweepResult, TestFigures } from "./sweep-result.ts";
import { SweepFolder } from "./sweep-folder.ts";
import { hasReached, stateOf, trainHere, type Task, type Trainer } from "./trainer.ts";
import { testedFigures } from "./tested.ts";
import { ProcessLost } from "./report.ts";
import { trainInProcess } from "./trainer-process.ts";

/**
 * Carries a sweep out in its folder, or goes on with it: what is trained is not trained again.
 * @throws AuricleError "file" or "argument" as of the folder; "data" where no configuration could be trained
 */
export async function runSweep(sweep: Sweep, path: string, controls: SweepControls): Promise<SweepOutcome> {
  const folder = await SweepFolder.open(path, sweep);
  try {
    return await new RunningSweep(sweep, folder, controls).run();
  } finally {
    await folder.release();
  }
}

/** A job whose seeds are being trained. */
interface Started {
  readonly job: Job;
  /** Seeds that are not done. */
  left: number;
  hasTrained: boolean;
}

interface Queued {
  readonly started: Started;
  readonly seed: number;
}

class RunningSweep {
  private readonly sweep: Sweep;
  private readonly folder: SweepFolder;
  private readonly controls: SweepControls;
  private readonly trainer: Trainer;
  private readonly slots: number;
  private readonly seeds: readonly number[];
  private readonly configuration: (index: number) => Configuration | undefined;
  private readonly board: Scoreboard;
  /** Warnings that were told. */
  private readonly told = new Set<string>();
  private readonly stopping = new AbortController();
  private isOutOfTime = false;

  constructor(sweep: Sweep, folder: SweepFolder, controls: SweepControls) {
    this.sweep = sweep;
    this.folder = folder;
    this.controls = controls;
    this.slots = Math.max(1, controls.parallel ?? 1);
    this.trainer = controls.trainer ?? (this.slots === 1 ? trainHere : trainInProcess);
    const first = sweep.base.seed ?? 0;
    this.seeds = Array.from({ length: sweep.seeds }, (_, i) => first + i);
    this.configuration = configurationsOf(sweep);
    this.board = new Scoreboard(this.seeds, this.configuration, sweep.base.epochs ?? Infinity);
    for (const [number, problem] of Object.entries(folder.progress.failures)) {
      this.board.failures.set(Number(number) - 1, problem);
    }
  }

  async run(): Promise<SweepOutcome> {
    const { signal, show } = this.controls;
    const { path } = this.folder;
    const stop = () => this.stopping.abort();
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    const since = performance.now();
    const before = this.folder.progress.seconds;
    const clock = () => {
      this.folder.progress.seconds = before + (performance.now() - since) / 1000;
    };
    try {
      if (!(await this.prepare())) return { status: "interrupted", path, entries: [] };
      const runs = this.plannedRuns();
      show({ kind: "begun", path, metric: this.board.metric, runs });
      this.noteIdle();
      const timer = this.deadline(before);
      await this.search(clock);
      clearTimeout(timer);
      if (signal.aborted) return { status: "interrupted", path, entries: this.board.entries() };
      return await this.finish(clock);
    } finally {
      signal.removeEventListener("abort", stop);
      clock();
      await this.folder.saveProgress();
    }
  }

  /** Reads the data once for all runs, and finds the task. @returns whether it came to its end */
  private async prepare(): Promise<boolean> {
    const { signal, show, reading, threads } = this.controls;
    const request = this.requestOf(0, this.seeds[0]);
    const activity = openSession().plan(request, { ...reading, threads });
    const stop = () => activity.stop();
    signal.addEventListener("abort", stop);
    try {
      const { config } = await activity.listen(show);
      this.board.metric =
        this.sweep.metric ?? (config.task === "classification" ? "validationMacroF1" : "validationLoss");
      if (this.board.metric !== "validationLoss" && config.task !== "classification") {
        throw new AuricleError(
          "argument",
          `the metric ${this.board.metric} needs classes, and these data are for ${config.task}: leave "metric" out`,
        );
      }
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  private plannedRuns(): number | null {
    const { strategy, budget, seeds } = this.sweep;
    if (strategy !== "grid")
      return budget.runs === undefined ? null : Math.floor(budget.runs / seeds) * seeds;
    let count = 0;
    while (this.configuration(count)) count++;
    return count * seeds;
  }

  /** Says so where successive halving leaves some slots without a run. */
  private noteIdle(): void {
    const { strategy, asha } = this.sweep;
    const most = asha.concurrent * this.seeds.length;
    if (strategy !== "asha" || this.slots <= most) return;
    const text =
      `At most ${most} of ${this.slots} runs are under way at once, as "concurrent" in "asha" is ${asha.concurrent}; ` +
      "another sweep may have a larger one.";
    this.controls.show({ kind: "note", text });
  }

  /** Ends the search when the minutes of the budget are over. */
  private deadline(secondsBefore: number): ReturnType<typeof setTimeout> | undefined {
    const { minutes } = this.sweep.budget;
    if (minutes === undefined) return undefined;
    const left = Math.max(0, 60 * minutes - secondsBefore);
    // A timer has 31 bits of milliseconds.
    return setTimeout(
      () => {
        this.isOutOfTime = true;
        this.stopping.abort();
      },
      Math.min(1000 * left, 2 ** 31 - 1),
    );
  }

  private plan(): Plan {
    const has = (index: number) => this.configuration(index) !== undefined;
    const { base, strategy, asha } = this.sweep;
    if (strategy !== "asha") return everyConfiguration({ has });
    const { reduction, concurrent } = asha;
    const { epochs = 1 } = base;
    const rungs = rungsOf(epochs, reduction, asha.firstEpochs ?? defaultFirstEpochs(epochs, reduction));
    const compare = (one: number, other: number, at: number) =>
      compareScores(this.board.scoreAt(one, at), this.board.scoreAt(other, at), this.board.metric);
    return successiveHalving({ has, compare }, { rungs, reduction, concurrent });
  }

  /** Works off the plan with all slots. */
  private async search(clock: () => void): Promise<void> {
    const plan = this.plan();
    const queue: Queued[] = [];
    const busy = new Set<Promise<void>>();
    const free = new Set(Array.from({ length: this.slots }, (_, slot) => slot));
    const { signal } = this.stopping;
    let failure: { readonly error: unknown } | undefined;
    /** Puts seeds of further jobs into the queue. @returns whether there is one to train */
    const fill = async (): Promise<boolean> => {
      while (queue.length === 0) {
        const job = plan.next();
        if (!job) return false;
        this.board.begun.add(job.configuration);
        const started: Started = { job, left: this.seeds.length, hasTrained: false };
        for (const seed of this.seeds) {
          if (this.board.failures.has(job.configuration) || (await this.isThere(job, seed))) started.left--;
          else queue.push({ started, seed });
        }
        if (started.left === 0) this.end(plan, started);
      }
      return true;
    };
    for (;;) {
      while (!signal.aborted && !failure && free.size > 0 && (await fill())) {
        const [slot] = free;
        const queued = queue.shift();
        if (!queued) break;
        free.delete(slot);
        const work = this.train(queued, slot)
          .then(async () => {
            clock();
            await this.folder.saveProgress();
            const { started } = queued;
            if (--started.left === 0 && (await this.isDone(started.job))) this.end(plan, started);
          })
          .catch((error: unknown) => {
            failure ??= { error };
          })
          .finally(() => {
            free.add(slot);
            busy.delete(work);
          });
        busy.add(work);
      }
      if (busy.size === 0) break;
      await Promise.race(busy);
    }
    if (failure) throw failure.error;
  }

  /** A job with all its seeds is done. */
  private end(plan: Plan, { job, hasTrained }: Started): void {
    const { configuration, epochs } = job;
    if (!this.board.failures.has(configuration)) {
      this.board.reached.set(configuration, epochs);
      if (!this.board.hasScore(configuration, epochs ?? Infinity)) {
        this.board.failures.set(configuration, "its validation gave no finite figure: it has diverged");
      }
    }
    this.controls.show({ kind: "trained", entry: this.board.entryOf(configuration), hasTrained });
    plan.done(job, this.board.failures.has(configuration));
  }

  /** Whether all seeds of a job are done; otherwise it was stopped. */
  private async isDone(job: Job): Promise<boolean> {
    if (this.board.failures.has(job.configuration)) return true;
    const areThere = await Promise.all(this.seeds.map((seed) => this.isThere(job, seed)));
    return areThere.every(Boolean);
  }

  /** Whether a run has come so far already. */
  private async isThere({ configuration, epochs }: Job, seed: number): Promise<boolean> {
    if (!this.folder.hasBegun(configuration, seed)) return false;
    const state = await stateOf(this.folder.runOf(configuration, seed));
    if (!state) return false;
    this.board.keep(configuration, seed, state);
    return hasReached(state, epochs);
  }

  private async train({ started, seed }: Queued, slot: number): Promise<void> {
    const { configuration, epochs } = started.job;
    // Another seed of it has failed.
    if (this.board.failures.has(configuration)) return;
    started.hasTrained = true;
    try {
      await this.carryOut(this.taskOf(configuration, seed, epochs, false, slot), configuration, seed);
    } catch (error) {
      // Whatever stops a sweep may end the process of a training that has just begun.
      if (error instanceof ProcessLost && this.stopping.signal.aborted) return;
      if (!(error instanceof AuricleError) && !(error instanceof ProcessLost)) throw error;
      // A full disk or a file that is gone is no fault of the configuration.
      if (error instanceof AuricleError && error.code === "file") throw error;
      this.board.failures.set(configuration, error.message);
      if (error instanceof AuricleError) this.folder.progress.failures[configuration + 1] = error.message;
    }
  }

  private async carryOut(task: Task, configuration: number, seed: number): Promise<void> {
    const { show } = this.controls;
    const signal = task.finish ? this.controls.signal : this.stopping.signal;
    await this.trainer(
      task,
      (event) => {
        if (event.kind === "epoch") return show({ ...event, number: configuration + 1, seed });
        // Most are about the data, and so about every run.
        if (this.told.has(event.text)) return;
        this.told.add(event.text);
        show(event);
      },
      signal,
    );
    this.folder.begin(configuration, seed);
    const state = await stateOf(task.folder);
    if (state) this.board.keep(configuration, seed, state);
  }

  private taskOf(
    configuration: number,
    seed: number,
    epochs: number | null,
    finish: boolean,
    slot: number,
  ): Task {
    const { threads, reading } = this.controls;
    const slots = finish ? 1 : this.slots;
    const own = Math.floor(threads / slots) + (slot < threads % slots ? 1 : 0);
    return {
      request: this.requestOf(configuration, seed),
      folder: this.folder.runOf(configuration, seed),
      epochs,
      finish,
      options: { ...reading, threads: Math.max(1, own) },
    };
  }

  /** All seeds share the parts of the data: what tests the winner has then chosen nothing. */
  private requestOf(configuration: number, seed: number) {
    const { base, data } = this.sweep;
    const splitSeed = base.splitSeed ?? this.seeds[0];
    return { ...base, ...this.configuration(configuration), seed, splitSeed, data };
  }

  /** Trains the winner to its end, tests it, and writes what came of all. */
  private async finish(clock: () => void): Promise<SweepOutcome> {
    const { path } = this.folder;
    const [found] = this.board.entries();
    if (!found?.score) throw this.nothingTrained(found);
    const index = found.number - 1;
    this.controls.show({ kind: "testing", entry: found });
    const test: TestFigures[] = [];
    for (const seed of this.seeds) {
      const run = this.folder.runOf(index, seed);
      if (!(await readResult(run))) await this.carryOut(this.taskOf(index, seed, null, true, 0), index, seed);
      const result = await readResult(run);
      if (!result) return { status: "interrupted", path, entries: this.board.entries() };
      const state = await stateOf(run);
      if (state) this.board.keep(index, seed, state);
      const evaluations = result.evaluations.filter(({ name }) => name === "test");
      test.push({ seed, run, evaluations });
    }
    this.board.reached.set(index, this.sweep.strategy === "asha" ? (this.sweep.base.epochs ?? null) : null);
    clock();
    const best = this.board.entryOf(index);
    const entries = [best, ...this.board.entries().filter(({ number }) => number !== best.number)];
    const values = await this.valuesOf(index);
    const result: SweepResult = {
      metric: this.board.metric,
      entries,
      best,
      values,
      test,
      outOfTime: this.isOutOfTime,
      seconds: this.folder.progress.seconds,
    };
    await this.folder.write("results", `${JSON.stringify(result, undefined, 2)}\n`);
    await this.folder.write("best", formatRecipeFile(values));
    await this.folder.write("page", this.pageOf(result));
    return { status: "finished", path, ...result };
  }

  private pageOf({ metric, entries, best, test }: SweepResult): string {
    const words = Object.entries(best.options).flatMap(([name, value]) => wordsOf(name as OptionName, value));
    const figures = testedFigures(test);
    const metricName = METRIC_NAMES[metric];
    return renderSweep({
      title: shortDataName(this.sweep.data),
      sweep: this.sweep,
      metric,
      metricName,
      entries,
      facts: [
        `The best is configuration ${best.number} (${words.join(" ")}), chosen by ${metricName} alone.`,
        figures.length === 0
          ? "No part of the data is held out for a test."
          : `It alone was tested: ${figures.join(", ")}.`,
      ],
    });
  }

  /** All options of the winner, the seed of the split among them. */
  private async valuesOf(index: number): Promise<TrainingValues> {
    const state = await stateOf(this.folder.runOf(index, this.seeds[0]));
    const { splitSeed } = this.requestOf(index, this.seeds[0]);
    return { ...(state && valuesOfRun(state.config)), splitSeed };
  }

  private nothingTrained(first: Entry | undefined): AuricleError {
    if (this.isOutOfTime) {
      return new AuricleError(
        "argument",
        "the time is up before one configuration is trained: give budget more minutes, and the same command goes on",
      );
    }
    const why = first?.problem ?? "there is none";
    return new AuricleError("data", `no configuration could be trained; the first: ${why}`);
  }
}
