/** @file Predictions for clips whose features are prepared, window by window, and their evaluation. Browser-safe. */

import type { WindowPrediction } from "../../audio-model/audio-model.ts";
import { clipOutputs, inTargetUnits, windowLoss, windowOutputs } from "../../audio-model/outputs.ts";
import type { AudioClip } from "../../data/audio/collection.ts";
import type { FeatureStore } from "../../data/audio/features/feature-store.ts";
import { windowDataset } from "../../data/audio/features/windows/window-dataset.ts";
import { sizeOf } from "../../tensor/shape.ts";
import type { EvaluatedModel, ExampleEvaluations } from "../run-kind.ts";
import type { SoundConfig } from "./sound-config.ts";

/** As {@link EvaluatedModel}, of sound. */
export interface EvaluatedSound extends EvaluatedModel {
  readonly config: Pick<SoundConfig, "windowFrames">;
}

/** Windows that are computed at once: more take more memory and are no faster. */
const BATCH_SIZE = 32;

/**
 * Covers each clip with evenly spaced windows, and averages the model's outputs for them.
 * @throws AuricleError "data" when none of the clips could be read.
 */
export async function evaluateClips(
  { model, task, config: { windowFrames }, targetScale, precision }: EvaluatedSound,
  store: FeatureStore,
  clips: readonly AudioClip[],
): Promise<ExampleEvaluations> {
  const dataset = windowDataset(store, clips, { mode: "regular", windowFrames });
  const windows = dataset.clips.map((): WindowPrediction[] => []);
  const secondsPerStep = store.frontEnd.hopLength / store.frontEnd.sampleRate;
  let loss = 0;
  let milliseconds = 0;
  for (let first = 0; first < dataset.length; first += BATCH_SIZE) {
    const count = Math.min(BATCH_SIZE, dataset.length - first);
    const inputs = new Float32Array(count * sizeOf(dataset.inputShape));
    const targets = new Float32Array(count * sizeOf(dataset.targetShape));
    const indices = Uint32Array.from({ length: count }, (_, i) => first + i);
    await dataset.read(indices, inputs, targets);
    const before = performance.now();
    const raw = await model.predict(
      { shape: [count, ...dataset.inputShape], data: inputs },
      { batchSize: BATCH_SIZE, precision },
    );
    milliseconds += performance.now() - before;
    windowOutputs(task, raw).forEach((outputs, i) => {
      const clip = dataset.clipOf(first + i);
      const { target } = dataset.clips[clip];
      loss += windowLoss(task, outputs, targetScale ? targetScale.standardise(target) : target);
      const start = dataset.firstFrameOf(first + i) * secondsPerStep;
      const end = Math.min(start + windowFrames * secondsPerStep, store.duration(dataset.clips[clip]));
      windows[clip].push({ start, end, outputs: inTargetUnits(outputs, targetScale?.scale) });
    });
  }
  return {
    clips: dataset.clips.map((clip, i) => ({
      clip,
      outputs: clipOutputs(windows[i].map(({ outputs }) => outputs)),
      windows: windows[i],
    })),
    silent: dataset.clips.filter((clip) => store.isSilent(clip)).length,
    loss: loss / dataset.length,
    milliseconds,
  };
}
