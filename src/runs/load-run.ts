/** @file The trained model of a run . Browser-safe. */

import { loadModel } from "../nn/checkpoint/model-file.ts";
import type { EngineOptions, Model } from "../nn/index.ts";
import { loadTrained } from "./model-files.ts";
import type { Warn } from "./observer.ts";
import { findRun } from "./run-folder.ts";
import { readRun } from "./kinds.ts";
import type { RunKind } from "./run-kind.ts";
import type { TrainingConfig } from "./training-config.ts";

export interface LoadedRun {
  /** The run's folder, absolute. */
  readonly path: string;
  readonly kind: RunKind;
  readonly config: TrainingConfig;
  /** With the weights of the best epoch, or of the last where nothing was held out. */
  readonly model: Model;
}

/**
 * Reads a run's model, also of a run that is not finished.
 * @param warn is told where the weights are not the best ones, as their file is damaged or gone
 * @throws AuricleError "file" when there is no run, it has not finished an epoch, or a file is damaged.
 */
export async function loadRun(
  run: string,
  { threads, precision }: Pick<EngineOptions, "threads" | "precision">,
  warn: Warn,
): Promise<LoadedRun> {
  const path = await findRun(run);
  const { kind, config } = await readRun(path);
  const { target, algorithms } = config;
  const engine = { target, threads, algorithms, precision };
  return { path, kind, config, model: await loadTrained(path, (file) => loadModel(file, engine), warn) };
}
