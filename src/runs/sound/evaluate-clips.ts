/** @file Predictions for clips whose features are prepared, window by window, and their evaluation. Browser-safe. */

import type { WindowPrediction } from "../../audio-model/audio-model.ts";
import { clipOutputs, inTargetUnits, windowLoss, windowOutputs } from "../../audio-model/outputs.ts";
import type { AudioClip } from "../../data/audio/collection.ts";
import type { Task } from "../../data/collection/collection.ts";
import type { FeatureStore } from "../../data/audio/features/feature-store.ts";
import { windowDataset } from "../../data/audio/features/windows/window-dataset.ts";
import type { Precision } from "../../runtime/precision.ts";
import type { Model } from "../../nn/index.ts";
import { sizeOf } from "../../tensor/shape.ts";
import type { TargetScale } from "./target-scale.ts";

export interface ClipEvaluation {
  readonly clip: AudioClip;
  /** The mean over the windows. */
  readonly outputs: Float32Array;
  readonly windows: readonly WindowPrediction[];
}

export interface ClipEvaluations {
  /** Those whose features are there, in the order of the clips. */
  readonly clips: readonly ClipEvaluation[];
  /** The number of silent clips among them, whose predictions mean nothing. */
  readonly silent: number;
  /** The mean over windows; for numbers, in units of their deviation, as training minimises it. */
  readonly loss: number;
}

/** An evaluation with the time it took. */
export interface TimedClipEvaluations extends ClipEvaluations {
  /** The time of the network alone, which compiles its programs when they are first needed. */
  readonly milliseconds: number;
}

/** The properties of the model that an evaluation needs. */
export interface EvaluatedModel {
  readonly model: Model;
  readonly task: Task;
  readonly windowFrames: number;
  /** In a regression: between targets and the network's outputs. */
  readonly targetScale: TargetScale | undefined;
  /** Default: the model's. */
  readonly precision?: Precision;
}

/** Windows that are computed at once: more take more memory and are no faster. */
const BATCH_SIZE = 32;

/**
 * Covers each clip with evenly spaced windows, and averages the model's outputs for them.
 * @throws AuricleError "data" when none of the clips could be read.
 */
export async function evaluateClips(
  { model, task, windowFrames, targetScale, precision }: EvaluatedModel,
  store: FeatureStore,
  clips: readonly AudioClip[],
): Promise<TimedClipEvaluations> {
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
