/** @file Predictions for clips whose features are prepared, window by window, and their evaluation. Browser-safe. */

import type { WindowPrediction } from "../../audio-model/hear-pieces.ts";
import { clipOutputs } from "../../audio-model/outputs.ts";
import type { AudioClip } from "../../data/audio/collection.ts";
import type { FeatureStore } from "../../data/audio/features/feature-store.ts";
import { windowDataset, type WindowDataset } from "../../data/audio/features/windows/window-dataset.ts";
import { evaluateBatches } from "../evaluate-batches.ts";
import type { EvaluatedModel, ExampleEvaluations, WindowTimes } from "../run-kind.ts";
import type { SoundConfig } from "./sound-config.ts";

/** As {@link EvaluatedModel}, of sound. */
export interface EvaluatedSound extends EvaluatedModel {
  readonly config: Pick<SoundConfig, "windowFrames">;
}

/** Windows that are computed at once. */
const BATCH_SIZE = 32;

/**
 * Covers each clip with evenly spaced windows, and averages the model's outputs for them.
 * @throws AuricleError "data" when none of the clips could be read.
 */
export async function evaluateClips(
  evaluated: EvaluatedSound,
  store: FeatureStore,
  clips: readonly AudioClip[],
): Promise<ExampleEvaluations> {
  const { windowFrames } = evaluated.config;
  const dataset = windowDataset(store, clips, { mode: "regular", windowFrames });
  const windows = dataset.clips.map((): WindowPrediction[] => []);
  const sums = await evaluateBatches(evaluated, dataset, {
    batchSize: BATCH_SIZE,
    targetOf: (index) => dataset.clips[dataset.clipOf(index)].target,
    take(index, outputs) {
      windows[dataset.clipOf(index)].push({ ...timesOf(dataset, index, { store, windowFrames }), outputs });
    },
  });
  return {
    examples: dataset.clips.map((example, i) => ({
      example,
      outputs: clipOutputs(windows[i].map(({ outputs }) => outputs)),
      windows: windows[i],
    })),
    silent: dataset.clips.filter((clip) => store.isSilent(clip)).length,
    ...sums,
  };
}

/** The seconds from the beginning of its clip at which a window begins and ends. */
export function timesOf(
  dataset: WindowDataset,
  index: number,
  { store, windowFrames }: { readonly store: FeatureStore; readonly windowFrames: number },
): WindowTimes {
  const secondsPerStep = store.frontEnd.hopLength / store.frontEnd.sampleRate;
  const start = dataset.firstFrameOf(index) * secondsPerStep;
  const duration = store.duration(dataset.clips[dataset.clipOf(index)]);
  return { start, end: Math.min(start + windowFrames * secondsPerStep, duration) };
}
