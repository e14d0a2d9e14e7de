/**
 * @file The files that a training writes into its run's folder after each epoch, for runs of every kind. In this order: the
 * line of metrics, the best weights where they are new, and the checkpoint to go on from. A process killed between two of them
 * leaves a run whose checkpoint is an epoch behind; that epoch is trained again, with the same result, after its line has
 * been removed. The checkpoint holds the metrics of all epochs but for their times, so the logs can be made again from it.
 * Browser-safe.
 */

import { join } from "#here/io/path";
import { AuricleError } from "../errors.ts";
import { loadModel } from "../nn/checkpoint/model-file.ts";
import type { CallbackState, Model } from "../nn/index.ts";
import { MetricsLog, readMetrics, storedMetrics, type EpochMetrics } from "./metrics-log.ts";
import { saveBeginning, saveEpoch } from "./model-files.ts";
import type { Warn } from "./observer.ts";
import { RUN_FILES } from "./run-folder.ts";

/** The name under which the metrics are kept in a checkpoint. */
export const RECORD_NAME = "runRecord";

const VALUE = "epochs";

export class RunRecord {
  /** The metrics of all epochs so far, oldest first. */
  readonly metrics: EpochMetrics[];
  private readonly folder: string;
  private readonly model: Model;
  private readonly log: MetricsLog;

  private constructor(folder: string, model: Model, log: MetricsLog) {
    this.folder = folder;
    this.model = model;
    this.log = log;
    this.metrics = [...log.metrics];
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

  /** For the checkpoint. Times are not the same twice, and equal trainings have equal checkpoints. */
  state(): CallbackState {
    return { values: { [VALUE]: JSON.stringify(this.metrics.map((one) => ({ ...one, seconds: null }))) } };
  }

  /** Writes the epoch that was added last. @throws AuricleError "file"; what was written before stays. */
  async save(isBest: boolean): Promise<void> {
    await this.log.append(this.metrics[this.metrics.length - 1]);
    await saveEpoch(this.folder, this.model, isBest);
  }
}

function openLog(folder: string, { trainer }: Model, warn: Warn): Promise<MetricsLog> {
  const text = trainer.callbackStates.find(({ name }) => name === RECORD_NAME)?.state.values[VALUE];
  return MetricsLog.open(folder, trainer.epoch, storedMetrics(text), warn);
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
