/** @file A recording as a model hears it: its features, its windows, and what the model says of each. Browser-safe. */
import type { Audio, MonoAudio } from "../audio/audio.ts";
import { frontEnd, type FrontEnd } from "../audio/front-end/index.ts";
import type { InferenceModel } from "../nn/inference-model.ts";
import type { FloatArray } from "../tensor/array.ts";
import { requireMono } from "./audio-model.ts";
import type { FeatureWindows } from "./cut-windows.ts";
import { audioDescription, type AudioDescription } from "./description.ts";
import { WindowCutter } from "./feature-windows.ts";
import { requireFit } from "./network-fit.ts";
import { clipOutputs, inTargetUnits, windowOutputs } from "./outputs.ts";

export interface HeardRecording {
  readonly description: AudioDescription;
  readonly front: FrontEnd;
  readonly cut: FeatureWindows;
  /** All windows, `[windows, steps, …]`. */
  readonly x: FloatArray;
  /** The answer to each window: probabilities, or numbers in the units of the targets. */
  readonly windows: readonly Float32Array[];
  /** Their mean. */
  readonly outputs: Float32Array;
}

/**
 * Takes a recording through a model of sound, and keeps all of it.
 * @param where the function that was called, for messages
 * @param file the model's file, for messages
 * @throws AuricleError as `AudioModel`
 */
export async function hearRecording(
  model: InferenceModel,
  audio: MonoAudio | Audio,
  where: string,
  file = model.name,
): Promise<HeardRecording> {
  const description = audioDescription(model.metadata, file);
  requireFit(model, description, file);
  const front = frontEnd(description.frontEnd);
  const cutter = new WindowCutter(model, description, front, file);
  const cut = await cutter.cut(requireMono(audio, where));
  const x = cut.windows(cut.starts);
  const raw = windowOutputs(description.task, await model.predict(x, { batchSize: 32 }));
  const windows = raw.map((one) => inTargetUnits(one, description.targetScale));
  return { description, front, cut, x, windows, outputs: clipOutputs(windows) };
}
