/**
 * @file The files that a training writes into its run's folder after each epoch, for runs of every kind. In this order: the
 * line of metrics, the best weights where they are new, and the checkpoint to go on from. A process killed between two of them
 * leaves a run whose checkpoint is an epoch behind; that epoch is trained again, with the same result, after its line has
 * been removed. The checkpoint holds the metrics of all epochs but for their times, so the logs can be made again from it.
 * An epoch whose validation was stopped has a checkpoint and no line yet: going on begins with its validation.
 * Browser-safe.
 */

import { join } from "#here/io/path";
import { AuricleError } from "../errors.ts";
import { loadModel } from "../nn/checkpoint/model-file.ts";
import type { CallbackState, Model } from "../nn/index.ts";
import {
  MetricsLog,
  readMetrics,
  stored,
  storedMetrics,
  storedTrainedEpoch,
  type EpochMetrics,
  type TrainedEpoch,
} from "./metrics-log.ts";
import { saveAgain, saveBeginning, saveEpoch } from "./model-files.ts";
import type { Warn } from "./observer.ts";
import { RUN_FILES } from "./run-folder.ts";
import type { ExampleEvaluations } from "./run-kind.ts";
import { headChoiceSchema, type HeadChoice } from "./transfer/head-choice.ts";

/** The name under which the metrics are kept in a checkpoint. */
export const RECORD_NAME = "runRecord";

/** The values of its state: the epochs that are done, and one that is trained and still to be validated. */
const VALUE = "epochs";
const UNVALIDATED = "unvalidated";
const HEAD = "head";

export class RunRecord {
  /** The metrics of all epochs so far, oldest first. */
  readonly metrics: EpochMetrics[];
  /** The epoch after these, where it is trained and its validation was stopped. */
  unvalidated: TrainedEpoch | undefined;
  /** How the head was trained that the first epoch is, where it is one. */
  head: HeadChoice | undefined;
  /** The validation examples as the best epoch answers them; undefined where another process validated it. */
  bestAnswers: { readonly epoch: number; readonly answers: ExampleEvaluations } | undefined;
  private readonly folder: string;
  private readonly model: Model;
  private readonly log: MetricsLog;

  private constructor(folder: string, model: Model, log: MetricsLog) {
    this.folder = folder;
    this.model = model;
    this.log = log;
    this.metrics = [...log.metrics];
    this.unvalidated = unvalidatedOf(model);
    this.head = headOf(model);
  }

  /**
   * Opens the record of a run whose model is new or comes from the run's checkpoint.
   * @throws AuricleError "file".
   */
  static async open(folder: string, model: Model, warn: Warn): Promise<RunRecord> {
    const log = await openLog(folder, model, warn);
    if (model.trainer.epoch === 0) await saveBeginning(folder, model);
    return new RunRecord(folder, model, log);
  }

  /** Adds an epoch that was trained; to be called before the training's state is taken for a checkpoint. */
  add(metrics: EpochMetrics): void {
    this.metrics.push(metrics);
  }

  /** For the checkpoint. Times are not the same twice, and equal trainings have equal checkpoints once all is validated. */
  state(): CallbackState {
    const epochs = JSON.stringify(this.metrics.map((one) => ({ ...one, seconds: null })));
    const { unvalidated, head } = this;
    return {
      values: {
        [VALUE]: epochs,
        ...(unvalidated && { [UNVALIDATED]: JSON.stringify(unvalidated) }),
        ...(head && { [HEAD]: JSON.stringify(head) }),
      },
    };
  }

  /** Writes the epoch that was added last. @throws AuricleError "file"; what was written before stays. */
  async save(isBest: boolean): Promise<void> {
    await this.log.append(this.metrics[this.metrics.length - 1]);
    await saveEpoch(this.folder, this.model, isBest);
  }

  /** Adds the first epoch, in which a head was trained without steps, and writes it. @throws AuricleError "file". */
  async saveHead(head: HeadChoice, metrics: EpochMetrics, isBest: boolean): Promise<void> {
    const { trainer } = this.model;
    this.head = head;
    this.add(metrics);
    const { loss, accuracy, learningRate } = metrics;
    const columns = { epoch: 0, loss, ...(accuracy !== null && { accuracy }), learningRate };
    trainer.history = Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, [value]]));
    trainer.epoch = 1;
    trainer.callbackStates = [{ name: RECORD_NAME, state: this.state() }];
    await this.save(isBest);
  }

  /** Writes the checkpoint of an epoch that is still to be validated. @throws AuricleError "file". */
  async saveUnvalidated(): Promise<void> {
    await saveEpoch(this.folder, this.model, false);
  }

  /** Adds the epoch that was still to be validated. The checkpoint takes the place of the one without its validation. */
  async validate(metrics: EpochMetrics, isBest: boolean): Promise<void> {
    const { trainer } = this.model;
    this.unvalidated = undefined;
    this.add(metrics);
    trainer.callbackStates = trainer.callbackStates.map((one) =>
      one.name === RECORD_NAME ? { ...one, state: this.state() } : one,
    );
    await this.log.append(metrics);
    await saveAgain(this.folder, this.model, isBest);
  }
}

function openLog(folder: string, model: Model, warn: Warn): Promise<MetricsLog> {
  const epochs = model.trainer.epoch - (unvalidatedOf(model) ? 1 : 0);
  return MetricsLog.open(folder, epochs, storedMetrics(valueOf(model, VALUE)), warn);
}

function unvalidatedOf(model: Model): TrainedEpoch | undefined {
  const text = valueOf(model, UNVALIDATED);
  return text === undefined ? undefined : storedTrainedEpoch(text);
}

/** @throws AuricleError "file" for a text of another version. */
function headOf(model: Model): HeadChoice | undefined {
  const text = valueOf(model, HEAD);
  return text === undefined ? undefined : stored(text, headChoiceSchema);
}

function valueOf({ trainer }: Model, value: string): unknown {
  return trainer.callbackStates.find(({ name }) => name === RECORD_NAME)?.state.values[value];
}

/** The metrics of a finished run; lines that are lost are made again from its checkpoint, which is said. */
export async function readEpochs(
  folder: string,
  epochs: number,
  warn: Warn,
): Promise<readonly EpochMetrics[]> {
  const metrics = await readMetrics(folder);
  if (metrics.length === epochs) return metrics;
  try {
    return (await openLog(folder, await loadModel(join(folder, RUN_FILES.last)), warn)).metrics;
  } catch (error) {
    if (!(error instanceof AuricleError)) throw error;
    await warn(`${RUN_FILES.metrics} is damaged and cannot be restored: ${error.message}`);
    return metrics;
  }
}
