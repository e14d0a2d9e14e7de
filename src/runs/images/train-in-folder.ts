/**
 * @file The training of a run on images in its folder, from its beginning or from its last checkpoint; what is written after
 * each epoch is in run-record.ts. Node only.
 */

import type { Dataset, LoadOptions } from "../../data/index.ts";
import { diagnoseTraining } from "../../nn/checks/index.ts";
import type {
  BatchLogs,
  Callback,
  CallbackState,
  EngineOptions,
  EpochLogs,
  TrainingControl,
} from "../../nn/index.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { labelsOf } from "../../data/dataset.ts";
import { classShares, warningOf, type Guess } from "../diagnosis.ts";
import { EpochProgress } from "../epoch-progress.ts";
import { expectedLoss, type InitialLoss } from "../initial-loss.ts";
import type { EpochMetrics } from "../metrics-log.ts";
import { loadBest } from "../model-files.ts";
import type { TrainingObserver, Warn } from "../observer.ts";
import { ProfileCallback } from "../profile-callback.ts";
import type { RunConfig } from "./run-config.ts";
import { loadForTest, type RunModel } from "./run-model.ts";
import { RECORD_NAME, RunRecord } from "../run-record.ts";
import { writeResult, type RunResult } from "./image-result.ts";
import type { RunWarnings } from "../run-warnings.ts";
import { testModel } from "./test-result.ts";

/** How a run is carried out; none of it changes what comes out. */
export interface RunControls extends Omit<LoadOptions, "role"> {
  /** Default: all processors. */
  readonly threads?: number;
  /** Records a profile of the first epoch that is trained. */
  readonly profile?: boolean;
  readonly observer: TrainingObserver;
  /** Called when training begins: the signal ends it after the step at hand. */
  interruptible(): AbortSignal;
}

/** How a training ended. */
export type RunOutcome =
  | {
      readonly status: "finished";
      readonly kind: "images";
      /** The run's folder, absolute. */
      readonly path: string;
      readonly result: RunResult;
      /** false where the run was finished before. */
      readonly hasTrained: boolean;
    }
  | {
      readonly status: "interrupted";
      readonly path: string;
      readonly epochsDone: number;
      /** As many as there were to be. */
      readonly epochs: number;
    };

/** A run's folder, locked, and what is trained in it. */
export interface Job {
  readonly path: string;
  readonly config: RunConfig;
  readonly data: {
    readonly train: Dataset;
    readonly validation: Dataset | undefined;
    readonly test: Dataset;
    readonly shortName: string;
  };
  readonly engine: Required<Omit<EngineOptions, "precision">>;
}

/** Trains the epochs that are missing, tests and writes the result, unless it is interrupted before. */
export async function trainInFolder(
  job: Job,
  built: RunModel,
  warnings: RunWarnings,
  controls: RunControls,
): Promise<RunOutcome> {
  const { path, config, data } = job;
  const { model } = built;
  const epochsDone = model.trainer.epoch;
  const warn: Warn = (text) => warnings.add(text);
  const record = await RunRecord.open(path, model, warn);
  const { metrics } = record;
  const { observer } = controls;
  const signal = controls.interruptible();
  observer.started({
    path,
    config,
    dataName: data.shortName,
    threads: job.engine.threads,
    parameters: model.network.weights
      .filter((weight) => weight.trainable)
      .reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    examples: { train: data.train.length, validation: data.validation?.length ?? 0 },
    axisNames: data.train.axisNames,
    ...(epochsDone === 0 &&
      data.validation && { initialLoss: await initialLossOf(job, built, data.validation) }),
    epochsDone,
  });
  if (!hasStopped(metrics, config)) {
    await model.fit(data.train, {
      epochs: config.epochs,
      batchSize: config.batchSize,
      ...(data.validation && { validationData: data.validation }),
      resume: true,
      signal,
      callbacks: [
        new Recorder(job, built, record, observer, await guessOf(job)),
        ...(controls.profile ? [new ProfileCallback(path, observer)] : []),
      ],
    });
  }
  const isDone = metrics.length >= config.epochs || hasStopped(metrics, config);
  if (!isDone) return { status: "interrupted", path, epochsDone: metrics.length, epochs: config.epochs };
  const result = await test(job, built, metrics, warn);
  await writeResult(path, warnings.all.length === 0 ? result : { ...result, warnings: warnings.all });
  return { status: "finished", kind: "images", path, result, hasTrained: true };
}

async function initialLossOf(
  { config }: Job,
  { model }: RunModel,
  validation: Dataset,
): Promise<InitialLoss> {
  const { loss } = await model.evaluate(validation);
  const classes = config.classNames.length;
  // The loss of 1998 compares distances, and those of an untrained network are nothing in particular.
  const isSoftmax = config.model !== "lenet5-1998";
  const expected = isSoftmax ? expectedLoss("classification", classes) : { expected: undefined, reason: "" };
  return { loss, part: "validation", ...expected };
}

/** The number of the epoch with the least validation loss, the first of equals; null where there is none. */
function bestEpoch(metrics: readonly EpochMetrics[]): number | null {
  let best: number | null = null;
  let least = Infinity;
  for (const { epoch, validationLoss } of metrics) {
    if (validationLoss !== null && validationLoss < least) {
      best = epoch;
      least = validationLoss;
    }
  }
  return best;
}

/** Whether the validation loss has not fallen for as long as the run is patient. */
function hasStopped(metrics: readonly EpochMetrics[], { patience }: RunConfig): boolean {
  return patience !== null && metrics.length - (bestEpoch(metrics) ?? 0) >= patience;
}

async function test(
  job: Job,
  built: RunModel,
  metrics: readonly EpochMetrics[],
  warn: Warn,
): Promise<RunResult> {
  const { path, config, data, engine } = job;
  const epochs = metrics.length;
  const best = bestEpoch(metrics);
  const loaded =
    best === null
      ? undefined
      : await loadBest(path, { bestEpoch: best, epochs }, (file) => loadForTest(file, config, engine), warn);
  const model = loaded ?? built.model;
  const diagnosis = await diagnoseTraining(model, {
    training: data.train,
    heldOut: data.validation ?? data.test,
    lastLoss: metrics.at(-1)?.loss,
    steps: epochs * Math.ceil(data.train.length / config.batchSize),
  });
  return {
    model: config.model,
    data: config.data,
    epochs,
    stoppedEarly: epochs < config.epochs,
    bestEpoch: best === null || loaded ? best : epochs,
    test: await testModel(model, data.test, config.classNames),
    diagnosis: { verdict: diagnosis.verdict, findings: [...diagnosis.findings] },
  };
}

/** Always answering the shares of the classes in the training data. */
async function guessOf({ data, config }: Job): Promise<Guess> {
  return { kind: "classes", means: classShares(await labelsOf(data.train), config.classNames.length) };
}

/** Writes to the run's folder after each epoch, and tells the observer. */
class Recorder implements Callback {
  readonly name = RECORD_NAME;
  private readonly job: Job;
  private readonly built: RunModel;
  private readonly record: RunRecord;
  private readonly observer: TrainingObserver;
  private readonly guess: Guess;
  private readonly progress: EpochProgress;

  constructor(job: Job, built: RunModel, record: RunRecord, observer: TrainingObserver, guess: Guess) {
    this.job = job;
    this.guess = guess;
    this.built = built;
    this.record = record;
    this.observer = observer;
    this.progress = new EpochProgress(job.data.train.length);
  }

  onEpochBegin(epoch: number): void {
    this.progress.begin(epoch);
  }

  onBatchEnd(batch: number, logs: BatchLogs, training: TrainingControl): void {
    this.observer.batch(this.progress.after(batch, logs, training, this.built.accuracy.result()));
  }

  onEpochEnd(_epoch: number, logs: EpochLogs): void {
    this.record.add({
      epoch: this.progress.epoch,
      loss: logs.loss,
      accuracy: logs.accuracy,
      validationLoss: finiteOrNull(logs.valLoss),
      validationAccuracy: finiteOrNull(logs.valAccuracy),
      validationMacroF1: null,
      learningRate: logs.learningRate,
      seconds: this.progress.seconds,
    });
  }

  state(): CallbackState {
    return this.record.state();
  }

  async onEpochComplete(_epoch: number, _logs: EpochLogs, training: TrainingControl): Promise<void> {
    const { metrics } = this.record;
    const one = metrics[metrics.length - 1];
    const isBest = bestEpoch(metrics) === one.epoch;
    await this.record.save(isBest);
    this.observer.epoch(one, isBest);
    const warning = warningOf(metrics, this.guess);
    if (warning !== undefined) this.observer.note(warning);
    if (hasStopped(metrics, this.job.config)) training.stop();
  }
}

/** JSON has no NaN and no infinities: a validation that gave one has no figure. */
export function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
