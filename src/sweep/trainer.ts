/** @file One training of a sweep: up to an epoch, where it is paused, or to its end with the test. */

import { AuricleError } from "../errors.ts";
import { readMetrics, type EpochMetrics } from "../runs/metrics-log.ts";
import { readRun } from "../runs/kinds.ts";
import { hasRun } from "../runs/run-folder.ts";
import { isTrained } from "../runs/train-run.ts";
import type { TrainingConfig } from "../runs/index.ts";
import { openSession, type TrainOptions, type TrainRequest } from "../session/index.ts";

/** A run to train. Plain data, which another process can be sent. */
export interface Task {
  readonly request: TrainRequest;
  /** The folder of the run, absolute. */
  readonly folder: string;
  /** The epoch after which it is paused; null: the last one, after which it is paused too, before anything is tested. */
  readonly epochs: number | null;
  /** Whether the run is finished: trained to its end, tested, and reported. */
  readonly finish: boolean;
  readonly options: TrainOptions;
}

export type TaskEvent =
  | { readonly kind: "epoch"; readonly metrics: EpochMetrics }
  | { readonly kind: "warning"; readonly text: string };

/**
 * Carries a task out, or goes on with it.
 * @param signal ends it after the step at hand, without an error; what is trained stays
 * @throws AuricleError as a training does
 */
export type Trainer = (task: Task, show: (event: TaskEvent) => void, signal: AbortSignal) => Promise<void>;

/** A run as its folder has it. */
export interface RunState {
  readonly config: TrainingConfig;
  readonly metrics: readonly EpochMetrics[];
}

/** @returns undefined where there is no run @throws AuricleError "file" for one that cannot be read */
export async function stateOf(folder: string): Promise<RunState | undefined> {
  if (!(await hasRun(folder))) return undefined;
  const { config } = await readRun(folder);
  return { config, metrics: await readMetrics(folder) };
}

/** Whether a run has come to an epoch, or to its end before. */
export function hasReached({ config, metrics }: RunState, epochs: number | null): boolean {
  return isTrained(metrics, config) || (epochs !== null && metrics.length >= epochs);
}

/** Trains in this process. */
export const trainHere: Trainer = async ({ request, folder, epochs, finish, options }, show, signal) => {
  const before = await stateOf(folder);
  const session = openSession();
  const activity = before
    ? session.resume(folder, request, options)
    : session.train(request, { ...options, out: folder });
  const stop = () => activity.stop();
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  const metrics = [...(before?.metrics ?? [])];
  let config = before?.config;
  let problem: AuricleError | undefined;
  try {
    await activity.listen((event) => {
      if (event.kind === "warning") show(event);
      if (event.kind === "started") {
        ({ config } = event.info);
        if (event.info.examples.validation === 0) {
          problem = nothingHeldOut(request.data);
          activity.stop();
        }
      }
      if (event.kind !== "epoch" || !config) return;
      // An epoch whose checkpoint was lost is trained again.
      metrics[event.metrics.epoch - 1] = event.metrics;
      show(event);
      if (!finish && hasReached({ config, metrics: metrics.slice(0, event.metrics.epoch) }, epochs))
        activity.stop();
    });
  } catch (error) {
    // Stopped while its data were read.
    if (!(error instanceof Error && error.name === "AbortError")) throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
  if (problem) throw problem;
};

function nothingHeldOut(data: string): AuricleError {
  return new AuricleError(
    "data",
    `${data}: nothing is held out for validation, by which a sweep chooses; give base a "validation" share`,
  );
}
