/**
 * @file Trains a run in its folder, from its beginning or from its last checkpoint.
 *
 * After each epoch the validation examples are evaluated as a whole, recordings window by window, and the epoch is judged by the result.
 * run-record.ts then writes the metrics and the checkpoint. Where the validation is stopped, the epoch is kept as it is and validated when
 * the run goes on. Browser-safe.
 */

import type { BatchLogs, Callback, CallbackState, EpochLogs, Model, TrainingControl } from "../nn/index.ts";
import { shareTraining } from "../nn/training/share-training.ts";
import { classificationReport, confusionMatrix } from "../nn/metrics/index.ts";
import { beginPhase } from "../runtime/recording.ts";
import { classShares, warningOf, type Guess } from "./diagnosis.ts";
import { EpochProgress } from "./epoch-progress.ts";
import { finiteOrNull, type EpochMetrics, type TrainedEpoch } from "./metrics-log.ts";
import type { TrainingObserver, Warn } from "./observer.ts";
import { ProfileCallback } from "./profile-callback.ts";
import { RECORD_NAME, type RunRecord } from "./run-record.ts";
import type { EvaluatedModel, ExampleEvaluations, Job, TrainingSet } from "./run-kind.ts";
import type { TrainingConfig } from "./training-config.ts";
import { evaluateShared } from "./share-run.ts";
import { hasHead } from "./transfer/strengths.ts";
import { unlessStopped } from "./unless-stopped.ts";

/** The time that training has taken, in seconds. */
export interface TrainingSeconds {
  /** The time that the training waits for data: reading and augmentation, but for what other threads do meanwhile. */
  read: number;
  augment: number;
  validate: number;
  /** All epochs of this process together. */
  total: number;
}

/**
 * Trains the epochs that are missing.
 * @param record gets the metrics of all epochs; fewer than there should be where it was interrupted
 */
export async function trainRun(
  job: Job,
  model: Model,
  windows: TrainingSet,
  record: RunRecord,
  controls: {
    readonly observer: TrainingObserver;
    /** Ends all but the steps of training. */
    readonly signal: AbortSignal | undefined;
    /** Ends the training after the step at hand. */
    readonly trainingSignal: AbortSignal | undefined;
    readonly profile: boolean | undefined;
    readonly warn: Warn;
  },
): Promise<TrainingSeconds> {
  const { path, config } = job;
  const seconds: TrainingSeconds = { read: 0, augment: 0, validate: 0, total: 0 };
  const { observer, signal } = controls;
  const recorder = new Recorder(job, model, windows.length, record, seconds, observer, signal);
  await recorder.validateAgain();
  if (hasHead(config.transfer) && record.metrics.length === 0) {
    const began = performance.now();
    const trained = await unlessStopped(signal, () => recorder.trainHead());
    seconds.total += (performance.now() - began) / 1000;
    if (!trained) return seconds;
  }
  if (record.unvalidated || isTrained(record.metrics, config)) return seconds;
  const classWeight =
    config.balance === "weights" && config.task === "classification" ? balancedWeights(job) : undefined;
  const began = performance.now();
  const ahead = job.kind.readAhead?.(job, (problem) => void controls.warn(problem));
  const { timings } = ahead ?? windows;
  try {
    await model.fit(ahead ?? windows, {
      epochs: config.epochs,
      batchSize: config.batchSize,
      ...(classWeight && { classWeight }),
      resume: true,
      signal: controls.trainingSignal,
      ...(job.ranks && { share: shareTraining(job.ranks, { syncBatchNorm: config.syncBatchNorm }) }),
      callbacks: [recorder, ...(controls.profile ? [new ProfileCallback(path, observer)] : [])],
    });
  } finally {
    await ahead?.end();
  }
  seconds.total += (performance.now() - began) / 1000;
  seconds.read = timings.read;
  seconds.augment = timings.augment;
  return seconds;
}

/** n / (classes · examples of the class): the same sum of weights for each class. */
function balancedWeights({ config, parts }: Job): Record<number, number> {
  const counts = new Map<number, number>();
  for (const { label } of parts.train) counts.set(label, (counts.get(label) ?? 0) + 1);
  const examples = parts.train.length;
  return Object.fromEntries(
    [...counts].map(([label, count]) => [label, examples / (config.classNames.length * count)]),
  );
}

/** Whether every epoch is done, or the validation ended the training before. */
export function isTrained(metrics: readonly EpochMetrics[], config: TrainingConfig): boolean {
  return metrics.length >= config.epochs || hasStopped(metrics, config);
}

/**
 * The number of the epoch with the highest macro-F1 over the validation examples, of equals with the least loss, and where
 * there is no such figure with the least loss; null where nothing is held out.
 */
export function bestEpochOf(metrics: readonly EpochMetrics[]): number | null {
  let best: EpochMetrics | undefined;
  for (const one of metrics) {
    if (one.validationLoss !== null && (!best || isBetter(one, best))) best = one;
  }
  return best?.epoch ?? null;
}

function isBetter(one: EpochMetrics, other: EpochMetrics): boolean {
  const difference = (one.validationMacroF1 ?? 0) - (other.validationMacroF1 ?? 0);
  return difference !== 0 ? difference > 0 : (one.validationLoss ?? 0) < (other.validationLoss ?? 0);
}

function hasStopped(metrics: readonly EpochMetrics[], { patience }: TrainingConfig): boolean {
  return patience !== null && metrics.length - (bestEpochOf(metrics) ?? 0) >= patience;
}

/** The best constant answer to the training windows, as the loss weighs them. */
function guessOf({ config, parts }: Job): Guess {
  const { task, classNames, balance, labelSmoothing } = config;
  if (task === "regression") return { kind: "values", means: [] };
  if (task === "tagging") {
    const share = (tag: number) => parts.train.reduce((sum, { target }) => sum + target[tag], 0);
    const means = classNames.map((_, tag) => share(tag) / parts.train.length);
    return { kind: "yes-or-no", means, labelSmoothing };
  }
  const classes = classNames.length;
  const means =
    balance === "none"
      ? classShares(
          parts.train.map(({ label }) => label),
          classes,
        )
      : new Array<number>(classes).fill(1 / classes);
  return { kind: "classes", means, labelSmoothing };
}

type Validation = Pick<EpochMetrics, "validationLoss" | "validationAccuracy" | "validationMacroF1">;

/** The same order for all epochs: equal trainings have equal checkpoints. */
function metricsOf(
  { epoch, loss, accuracy, learningRate, seconds }: TrainedEpoch,
  validated: Validation,
): EpochMetrics {
  return { epoch, loss, accuracy, ...validated, learningRate, seconds };
}

class Recorder implements Callback {
  readonly name = RECORD_NAME;
  private readonly job: Job;
  private readonly model: EvaluatedModel;
  private readonly record: RunRecord;
  private readonly seconds: TrainingSeconds;
  private readonly observer: TrainingObserver;
  private readonly guess: Guess;
  private readonly progress: EpochProgress;
  /** Those of the epoch that was validated last. */
  private answers: ExampleEvaluations | undefined;

  constructor(
    job: Job,
    model: Model,
    windowsPerEpoch: number,
    record: RunRecord,
    seconds: TrainingSeconds,
    observer: TrainingObserver,
    signal: AbortSignal | undefined,
  ) {
    this.job = job;
    this.guess = guessOf(job);
    this.model = { model, config: job.config, task: job.config.task, targetScale: job.targetScale, signal };
    this.progress = new EpochProgress(windowsPerEpoch);
    this.record = record;
    this.seconds = seconds;
    this.observer = observer;
  }

  onEpochBegin(epoch: number): void {
    this.progress.begin(epoch);
  }

  onBatchEnd(batch: number, logs: BatchLogs, training: TrainingControl): void {
    this.observer.batch(this.progress.after(batch, logs, training));
  }

  async onEpochEnd(_epoch: number, logs: EpochLogs): Promise<void> {
    const { epoch } = this.progress;
    const { loss, learningRate } = logs;
    const trained = { epoch, loss, accuracy: finiteOrNull(logs.accuracy), learningRate };
    const validated = await unlessStopped(this.model.signal, () => this.validate());
    const { seconds } = this.progress;
    if (validated) this.record.add(metricsOf({ ...trained, seconds }, validated));
    else this.record.unvalidated = { ...trained, seconds };
  }

  state(): CallbackState {
    return this.record.state();
  }

  async onEpochComplete(_epoch: number, _logs: EpochLogs, training: TrainingControl): Promise<void> {
    const { record } = this;
    if (record.unvalidated) return record.saveUnvalidated();
    const isBest = this.isBest(record.metrics);
    await record.save(isBest);
    this.tell(isBest);
    if (hasStopped(record.metrics, this.job.config)) training.stop();
  }

  /** Trains the head of a frozen network: the first epoch. @throws the signal's reason */
  async trainHead(): Promise<boolean> {
    const { job, model, observer, record } = this;
    const began = performance.now();
    // Loaded here, since a page that trains another network has no use for it.
    const { trainHead } = await import("./transfer/train-head.ts");
    const { choice, loss, accuracy } = await trainHead(job, model.model, { observer, signal: model.signal });
    const validated = await this.validate();
    const seconds = (performance.now() - began) / 1000;
    const one = metricsOf({ epoch: 1, loss, accuracy, learningRate: 0, seconds }, validated);
    const isBest = this.isBest([one]);
    await record.saveHead(choice, one, isBest);
    this.tell(isBest);
    return true;
  }

  /** Validates the epoch whose validation was stopped, if there is one. */
  async validateAgain(): Promise<void> {
    const { unvalidated, metrics } = this.record;
    if (!unvalidated) return;
    const began = performance.now();
    const validated = await unlessStopped(this.model.signal, () => this.validate());
    if (!validated) return;
    const seconds = (unvalidated.seconds ?? 0) + (performance.now() - began) / 1000;
    const one = metricsOf({ ...unvalidated, seconds }, validated);
    const isBest = this.isBest([...metrics, one]);
    await this.record.validate(one, isBest);
    this.tell(isBest);
  }

  /** Whether the last epoch is the best. */
  private isBest(metrics: readonly EpochMetrics[]): boolean {
    return bestEpochOf(metrics) === metrics[metrics.length - 1].epoch;
  }

  private tell(isBest: boolean): void {
    const { metrics } = this.record;
    const { epoch } = metrics[metrics.length - 1];
    if (isBest && this.answers) this.record.bestAnswers = { epoch, answers: this.answers };
    this.observer.epoch(metrics[metrics.length - 1], isBest);
    const warning = warningOf(metrics, this.guess);
    if (warning !== undefined) this.observer.note(warning);
  }

  private async validate(): Promise<Validation> {
    const { store, parts, config } = this.job;
    const began = performance.now();
    if (parts.validation.length === 0) {
      return { validationLoss: null, validationAccuracy: null, validationMacroF1: null };
    }
    const endPhase = beginPhase("validation");
    const evaluation = await evaluateShared(this.job, this.model, store, parts.validation);
    this.answers = evaluation;
    endPhase();
    const scores =
      config.task === "classification" ? scoresOf(evaluation, config.classNames.length) : undefined;
    this.seconds.validate += (performance.now() - began) / 1000;
    return {
      validationLoss: finiteOrNull(evaluation.loss),
      validationAccuracy: scores?.accuracy ?? null,
      validationMacroF1: scores?.macro.f1 ?? null,
    };
  }
}

function scoresOf({ examples }: ExampleEvaluations, classes: number) {
  const outputs = new Float32Array(examples.length * classes);
  examples.forEach((one, i) => outputs.set(one.outputs, i * classes));
  const labels = examples.map(({ example }) => example.label);
  return classificationReport(confusionMatrix(outputs, labels, classes));
}
