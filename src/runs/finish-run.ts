/** @file From a model that is ready for training to a finished run: trained, tested, and reported. Browser-safe. */

import { join } from "#here/io/path";
import { evenlySpaced } from "../evenly-spaced.ts";
import { diagnoseTraining, type TrainingDiagnosis } from "../nn/checks/index.ts";
import { loadModel } from "../nn/checkpoint/model-file.ts";
import type { Model } from "../nn/index.ts";
import { renderReport, type Evaluation } from "../report/index.ts";
import { writeFileAtomic } from "../io/atomic-file.ts";
import { sizeOf } from "../tensor/shape.ts";
import { expectedLoss, type InitialLoss } from "./initial-loss.ts";
import type { EpochMetrics } from "./metrics-log.ts";
import { loadBest } from "./model-files.ts";
import { modelTitle } from "./networks/network-path.ts";
import type { Warn } from "./observer.ts";
import { RunRecord } from "./run-record.ts";
import { notesOf } from "./run-notes.ts";
import { scoreExamples } from "./scores.ts";
import type { ExampleEvaluations, Job, Run, RunControls, RunOutcome, TrainingSet } from "./run-kind.ts";
import { answersByDistance, compileModel } from "./compile-model.ts";
import { reportOf } from "./run-report.ts";
import { figuresOf, splitFacts, writeResult, type RunResult } from "./run-result.ts";
import { bestEpochOf, isTrained, trainRun, type TrainingSeconds } from "./train-run.ts";
import { hasHead } from "./transfer/strengths.ts";
import { describeTransfer, transferResult } from "./transfer/transfer-result.ts";
import { evaluateShared } from "./share-run.ts";
import { unlessStopped } from "./unless-stopped.ts";

export const REPORT_NAME = "report.html";

/** Trains the epochs that are missing, tests, and writes the result and the report, unless it is interrupted before. */
export async function finishRun(
  run: Run,
  trained: { readonly model: Model; readonly windows: TrainingSet },
  controls: RunControls,
): Promise<RunOutcome> {
  const { job, warnings } = run;
  const { path, config } = job;
  const { model, windows } = trained;
  const { observer } = controls;
  const signal = signalOf(job, controls);
  observer.begun(path);
  const record = await trainEpochs(run, trained, controls);
  const { metrics, seconds } = record;
  const { length: epochsDone } = metrics;
  const interrupted: RunOutcome = { status: "interrupted", path, epochsDone, epochs: config.epochs };
  if (!isTrained(metrics, config)) return interrupted;
  const { bestEpoch, best } = await testedModel(run, model, metrics, (text) => warnings.add(text));
  // Validated once, answers need not be computed again.
  const { epoch, answers } = record.bestAnswers ?? {};
  const validated = bestEpoch !== null && epoch === bestEpoch ? answers : undefined;
  const evaluations = await unlessStopped(signal, () => evaluateParts(job, best, validated, signal));
  if (!evaluations) return interrupted;
  if (job.ranks && job.ranks.rank > 0) {
    const result = resultOf(run, metrics, bestEpoch, evaluations);
    return { status: "finished", kind: job.kind.name, path, result, metrics, hasTrained: true };
  }
  const diagnosis = await diagnose(job, best, windows, metrics);
  const transfer = transferResult(config, record.head, metrics, bestEpoch);
  const taken = transfer && describeTransfer(transfer);
  if (taken !== undefined) observer.note(taken);
  const result = {
    ...resultOf(run, metrics, bestEpoch, evaluations),
    ...(transfer && { transfer }),
    diagnosis,
  };
  const source = { run, model: best, metrics, bestEpoch, evaluations, diagnosis, transfer, seconds };
  const data = await reportOf(source);
  await writeFileAtomic(join(path, REPORT_NAME), renderReport(data));
  // Last, since it says that the run is finished.
  await writeResult(path, result, evaluations);
  return { status: "finished", kind: job.kind.name, path, result, metrics, hasTrained: true };
}

/** Several processes end together, after a step: whatever else is stopped on one of them would keep the others waiting. */
function signalOf({ ranks }: Job, { signal }: RunControls): AbortSignal | undefined {
  return ranks ? undefined : signal;
}

/** Trains the epochs that are missing. @returns the metrics of those that are done; fewer than wanted where it was interrupted */
export async function trainEpochs(
  run: Run,
  { model, windows }: { readonly model: Model; readonly windows: TrainingSet },
  controls: RunControls,
): Promise<Pick<RunRecord, "metrics" | "head" | "bestAnswers"> & { readonly seconds: TrainingSeconds }> {
  const { job, warnings } = run;
  const { path, config, parts } = job;
  const { observer, profile } = controls;
  for (const note of notesOf(run)) observer.note(note);
  const warn: Warn = (text) => warnings.add(text);
  const record = await RunRecord.open(path, model, warn);
  observer.started({
    path,
    config,
    dataName: run.collection.name,
    threads: job.engine.threads,
    parameters: model.network.weights
      .filter(({ trainable }) => trainable)
      .reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    examples: { train: windows.length, validation: parts.validation.length },
    axisNames: windows.axisNames,
    ...(model.trainer.epoch === 0 &&
      !hasHead(config.transfer) && { initialLoss: await initialLossOf(job, model) }),
    epochsDone: record.metrics.length,
  });
  const seconds = await trainRun(job, model, windows, record, {
    observer,
    signal: signalOf(job, controls),
    trainingSignal: controls.signal,
    profile,
    warn,
  });
  observer.note(describeTime(job.store.timings, seconds));
  const { metrics, head, bestAnswers } = record;
  return { metrics, head, bestAnswers, seconds };
}

/** Examples that tell the loss before training well enough. */
const MOST_EXAMPLES = 200;

/** The loss of the new weights on whole examples, without augmentation and smoothed labels. */
async function initialLossOf(job: Job, model: Model): Promise<InitialLoss> {
  const { kind, config, store, parts, targetScale } = job;
  const { task, classNames } = config;
  const part = parts.validation.length > 0 ? "validation" : "training";
  const examples = part === "validation" ? parts.validation : parts.train;
  const some = evenlySpaced(examples, MOST_EXAMPLES);
  const { loss } = await kind.evaluate({ model, config, task, targetScale }, store, some);
  // Distances of an untrained network are nothing in particular.
  const expected = answersByDistance(model.network)
    ? { expected: undefined, reason: "" }
    : expectedLoss(task, classNames.length);
  return { loss, part, ...expected };
}

/** The weights of the best epoch; of the last one where nothing is held out, or where the best ones are lost. */
async function testedModel(
  { job: { path, engine } }: Run,
  last: Model,
  metrics: readonly EpochMetrics[],
  warn: Warn,
): Promise<{ readonly bestEpoch: number | null; readonly best: Model }> {
  const epochs = metrics.length;
  const bestEpoch = bestEpochOf(metrics);
  if (bestEpoch === null) return { bestEpoch, best: last };
  const best = await loadBest(path, { bestEpoch, epochs }, (file) => loadModel(file, engine), warn);
  return best ? { bestEpoch, best } : { bestEpoch: epochs, best: last };
}

/** Where the time of this process went, in a line. */
function describeTime(prepared: { readonly total: number }, trained: TrainingSeconds): string {
  const data = trained.read + trained.augment;
  const share = trained.total > 0 ? (100 * data) / trained.total : 0;
  const figure = (seconds: number) => `${seconds.toFixed(1)} s`;
  return [
    `Time: preparing ${figure(prepared.total)}`,
    `training ${figure(trained.total - trained.validate - data)}`,
    `waiting for data ${figure(data)} (${share.toFixed(1)} %)`,
    `validating ${figure(trained.validate)}`,
  ].join(", ");
}

/** The test part first, where there is one. @param validated the validation part's answers, where they are known */
async function evaluateParts(
  job: Job,
  model: Model,
  validated: ExampleEvaluations | undefined,
  signal: AbortSignal | undefined,
): Promise<Evaluation[]> {
  const { kind, config, store, parts, targetScale } = job;
  const { task, classNames } = config;
  const evaluations: Evaluation[] = [];
  const means = targetScale?.scale.map(({ mean }) => mean);
  for (const name of ["test", "validation"] as const) {
    if (parts[name].length === 0) continue;
    const evaluated =
      (name === "validation" ? validated : undefined) ??
      (await evaluateShared(job, { model, config, task, targetScale, signal }, store, parts[name]));
    evaluations.push(
      scoreExamples(name, task, classNames, evaluated, (example) => kind.seconds(store, example), means),
    );
  }
  return evaluations;
}

/** Looks at the training examples as they were trained on, and at those that were held out. */
async function diagnose(job: Job, model: Model, training: TrainingSet, metrics: readonly EpochMetrics[]) {
  const { kind, config, parts, targetScale } = job;
  if (!model.isCompiled) compileModel(model, config, 1);
  const examples = parts.validation.length > 0 ? parts.validation : parts.test;
  const scaled = targetScale ? targetScale.standardiseExamples(examples) : examples;
  const { verdict, findings }: TrainingDiagnosis = await diagnoseTraining(model, {
    training,
    ...(examples.length > 0 && {
      heldOut: kind.heldOut(job, scaled),
    }),
    lastLoss: metrics.at(-1)?.loss,
    steps: metrics.length * Math.ceil(training.length / config.batchSize),
  });
  return { verdict, findings: [...findings] };
}

function resultOf(
  run: Run,
  metrics: readonly EpochMetrics[],
  bestEpoch: number | null,
  evaluations: readonly Evaluation[],
): RunResult {
  const { collection, report, warnings } = run;
  const { config } = run.job;
  return {
    kind: run.job.kind.name,
    model: modelTitle(config.model),
    data: collection.name,
    epochs: metrics.length,
    stoppedEarly: metrics.length < config.epochs,
    bestEpoch,
    ...(warnings.all.length > 0 && { warnings: warnings.all }),
    split: splitFacts(report, config),
    evaluations: evaluations.map(figuresOf),
    notes: notesOf(run),
  };
}
