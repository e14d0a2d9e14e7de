/** @file The trained model of a run. Node only. */

import type { EngineOptions, Model } from "../../nn/index.ts";
import { readRunConfig, type RunConfig } from "./run-config.ts";
import { loadTrained } from "../model-files.ts";
import type { Warn } from "../observer.ts";
import { findRun } from "../run-folder.ts";
import { loadForTest } from "./run-model.ts";

export interface LoadedRun {
  /** The run's folder, absolute. */
  readonly path: string;
  readonly config: RunConfig;
  /** With the weights of the best epoch, or of the last where nothing was held out. */
  readonly model: Model;
}

/**
 * Reads a run's model, also of a run that is not finished.
 * @param warn is told where the weights are not the best ones, as their file is damaged or gone
 * @throws AuricleError "file" when there is no run, it has not finished an epoch, or a file is damaged.
 */
export async function loadImageRun(
  run: string,
  { threads, precision }: Pick<EngineOptions, "threads" | "precision">,
  warn: Warn,
): Promise<LoadedRun> {
  const path = await findRun(run);
  const config = await readRunConfig(path);
  const { target, algorithms } = config;
  const model = await loadTrained(
    path,
    (file) => loadForTest(file, config, { target, threads, algorithms, precision }),
    warn,
  );
  return { path, config, model };
}
