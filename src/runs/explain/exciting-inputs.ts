/** @file Inputs that excite units of a trained model most. Browser-safe. */

import { inTargetUnits, windowOutputs } from "../../audio-model/outputs.ts";
import { audioDescription } from "../../audio-model/description.ts";
import {
  maximizeActivation,
  type AscentStep,
  type MaximizeActivationOptions,
  type MaximizedActivation,
} from "../../explain/index.ts";
import { imageDescription } from "../../image-model/description.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { KindName } from "../options/option.ts";
import type { TrainedModel } from "../trained-model.ts";
import { inputCoordinates } from "./input-coordinates.ts";

/** Which units, and how an input for each is found. Penalties and updates count in deviations of the training's inputs. */
export type ExcitingInputOptions = Pick<
  MaximizeActivationOptions,
  "layer" | "unit" | "steps" | "learningRate" | "l2" | "smoothness" | "jitter" | "seed"
>;

const OPTIONS: OptionNames<ExcitingInputOptions> = {
  layer: true,
  unit: true,
  steps: true,
  learningRate: true,
  l2: true,
  smoothness: true,
  jitter: true,
  seed: true,
};

/** Inputs that excite units. Plain data. */
export interface ExcitingInputs extends MaximizedActivation {
  readonly kind: KindName;
  /** The model's answer to each input: probabilities of classes or tags, or numbers. */
  readonly outputs: readonly Float32Array[];
}

/**
 * Climbs to an input for each unit that it answers strongly to: pictures within 0 … 1, windows of features, or waveforms.
 * @throws AuricleError as `maximizeActivation`
 */
export async function excitingInputs(
  trained: TrainedModel,
  options: ExcitingInputOptions,
  onStep: (step: AscentStep) => void,
  signal?: AbortSignal,
): Promise<ExcitingInputs> {
  checkOptions("maximizeActivation", options, OPTIONS, "model, ");
  const { kind, model, path } = trained;
  const [shape] = model.network.inputShapes;
  const { task, targetScale } =
    kind === "sound" ? audioDescription(model.metadata, path) : imageDescription(model, path);
  const found = await maximizeActivation(model, {
    ...options,
    ...inputCoordinates(trained, shape),
    onStep,
    signal,
  });
  const raw = windowOutputs(task, await model.predict(found.values));
  return { kind, ...found, outputs: raw.map((one) => inTargetUnits(one, targetScale)) };
}
