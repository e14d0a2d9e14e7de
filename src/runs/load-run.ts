/** @file The trained model of a run. Node only. */

import { join } from "node:path";
import { AuricleError } from "../errors.ts";
import type { EngineOptions, Model } from "../nn/index.ts";
import { readRunConfig, type RunConfig } from "./run-config.ts";
import { exists, findRun, RUN_FILES } from "./run-folder.ts";
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
 * @throws AuricleError "file" when there is no run, it has not finished an epoch, or a file is damaged.
 */
export async function loadRun(
  run: string,
  { threads, precision }: Pick<EngineOptions, "threads" | "precision">,
): Promise<LoadedRun> {
  const path = await findRun(run);
  const config = await readRunConfig(path);
  for (const name of [RUN_FILES.best, RUN_FILES.last]) {
    const file = join(path, name);
    if (!(await exists(file))) continue;
    const { target, algorithms } = config;
    return {
      path,
      config,
      model: await loadForTest(file, config, { target, threads, algorithms, precision }),
    };
  }
  throw new AuricleError(
    "file",
    `${path}: this run has no model yet, as no epoch is finished; go on with it by: auricle train --resume ${run}`,
  );
}
