/** @file Model files on disk. For Node.js. */
import { readFileBytes, writeFileAtomic } from "../../io/atomic-file.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Callback } from "../callbacks/index.ts";
import { MONITOR_OPTIONS, Monitor, type MonitorOptions } from "../callbacks/monitor.ts";
import type { Model } from "../model.ts";
import type { ModelOutputs } from "../per-output.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { LOAD_OPTIONS, type LoadOptions } from "./load-options.ts";
import { modelFromBytes, modelToBytes, type SaveOptions } from "./model-bytes.ts";

/**
 * Writes a model file, whole or not at all: a read of `path` meanwhile, or after a kill at any moment, finds the
 * old file or the new one. Usual ending: ".safetensors".
 * @throws AuricleError "file" saying what to do; `path` is then as it was.
 */
export async function saveModel(
  model: Model<ModelOutputs>,
  path: string,
  options: SaveOptions = {},
): Promise<void> {
  await writeFileAtomic(path, modelToBytes(model, options));
}

/**
 * Reads a model file; compiled, and ready to `fit` with `resume: true`, if it was saved with its training.
 * @typeParam Outputs what the model predicts, where it has several outputs: `{ genre: FloatArray; tempo: FloatArray }`
 * @throws AuricleError "file" naming the file and the fault in it.
 */
export async function loadModel<Outputs extends ModelOutputs = FloatArray>(
  path: string,
  options: LoadOptions = {},
): Promise<Model<Outputs>> {
  checkOptions("loadModel", options, LOAD_OPTIONS, "path, ");
  return modelFromBytes<Outputs>(await readFileBytes(path), path, options);
}

export interface ModelCheckpointOptions extends MonitorOptions {
  readonly path: string;
  /** Only when the monitored figure is the best so far; default false: after every epoch. */
  readonly saveBestOnly?: boolean;
}

const CHECKPOINT_OPTIONS: OptionNames<ModelCheckpointOptions> = {
  path: true,
  saveBestOnly: true,
  ...MONITOR_OPTIONS,
};

/**
 * Saves the model with its training after each epoch, atomically: a run killed at any moment resumes from the last
 * whole epoch (`loadModel`, then `fit` with `resume: true`) and ends with the same bits as one that never was.
 * @throws AuricleError "file" at an epoch's end when the file cannot be written.
 */
export function modelCheckpoint(model: Model<ModelOutputs>, options: ModelCheckpointOptions): Callback {
  const name = "modelCheckpoint";
  checkOptions(name, options, CHECKPOINT_OPTIONS, "model, ");
  const monitor = new Monitor(name, options);
  let isBest = false;
  return {
    name,
    onTrainBegin: () => monitor.reset(),
    onEpochEnd(epoch, logs) {
      isBest = monitor.improves(epoch, logs);
    },
    async onEpochComplete() {
      if (isBest || !options.saveBestOnly) await saveModel(model, options.path);
    },
    state: () => ({ values: monitor.values }),
    restore: ({ values }) => monitor.restore(values),
  };
}
