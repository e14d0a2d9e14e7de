/** @file The trained model of a run on sound. Node only. */

import { loadModel } from "../../nn/checkpoint/model-file.ts";
import type { EngineOptions, Model } from "../../nn/index.ts";
import { loadTrained } from "../model-files.ts";
import type { Warn } from "../observer.ts";
import { findRun } from "../run-folder.ts";
import { readSoundConfig, type SoundConfig } from "./sound-config.ts";

export interface LoadedSoundRun {
  /** The run's folder, absolute. */
  readonly path: string;
  readonly config: SoundConfig;
  /** With the weights of the best epoch, or of the last where nothing was held out. */
  readonly model: Model;
}

/**
 * Reads a run's model, also of a run that is not finished.
 * @param warn is told where the weights are not the best ones, as their file is damaged or gone
 * @throws AuricleError "file" when there is no run, it has not finished an epoch, or a file is damaged.
 */
export async function loadSoundRun(
  run: string,
  { threads, precision }: Pick<EngineOptions, "threads" | "precision">,
  warn: Warn,
): Promise<LoadedSoundRun> {
  const path = await findRun(run);
  const config = await readSoundConfig(path);
  const { target, algorithms } = config;
  const engine = { target, threads, algorithms, precision };
  return { path, config, model: await loadTrained(path, (file) => loadModel(file, engine), warn) };
}
