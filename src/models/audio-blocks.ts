/** @file Code that the audio networks share: their options, their input, and pooling that never runs out of an axis. */
import { AuricleError } from "../errors.ts";
import type { Layer, SymbolicTensor } from "../nn/layer.ts";
import { randomNormal } from "../nn/initializers/index.ts";
import {
  averagePooling2d,
  dense,
  dropout,
  exampleNormalization,
  flatten,
  globalAveragePooling2d,
  globalMaxPooling2d,
  concatenate,
  maxPooling1d,
  maxPooling2d,
  normalization as fixedNormalization,
} from "../nn/layers/index.ts";
import type { FeatureStatistics } from "../nn/layers/normalization-statistics.ts";
import { input } from "../nn/symbolic.ts";
import type { OptionNames } from "../options.ts";
import type { Shape } from "../tensor/shape.ts";
import { MODEL_OPTIONS, type ModelOptions } from "./options.ts";
import { shownValue } from "../shown-value.ts";

/**
 * The normalisation of the features before the first layer: "example" gives each example mean 0 and variance 1;
 * statistics of the training examples (`featureStatistics`) are subtracted and divided by; "none" leaves features as they are.
 */
export type InputNormalization = "example" | "none" | FeatureStatistics;

export type HeadPooling = "global" | "time";

/** Options of the networks on sound. `classes` are classes, tags, or the numbers of a regression: outputs are linear. */
export interface AudioModelOptions extends ModelOptions {
  /** Default: each model's own. */
  readonly normalization?: InputNormalization;
  /**
   * The pooling of mel-cnn and mel-resnet before their last layer: "global" takes mean and maximum over time and frequency,
   * so that a sound is the same wherever it is; "time" takes the mean over time alone, which keeps frequencies apart as
   * pitch needs it, and has no dropout, which would blur a number. Default "global".
   */
  readonly pooling?: HeadPooling;
}

/** The names of {@link AudioModelOptions}. */
export const AUDIO_MODEL_OPTIONS: OptionNames<AudioModelOptions> = {
  ...MODEL_OPTIONS,
  normalization: true,
  pooling: true,
};

const AXES = {
  spectrogram: ["time", "frequency", "channel"],
  waveform: ["time", "channel"],
} as const;

/** A network's input, and the same after normalisation. */
export interface NormalizedInput {
  readonly inputs: SymbolicTensor;
  readonly features: SymbolicTensor;
}

/**
 * @param name the model's name, for messages
 * @throws AuricleError "shape" unless the shape has the axes of such features
 */
export function audioInput(
  name: string,
  kind: keyof typeof AXES,
  shape: Shape,
  normalization: InputNormalization,
): NormalizedInput {
  const axisNames = AXES[kind];
  if (shape.length !== axisNames.length) {
    throw new AuricleError(
      "shape",
      `${name}: input must be [${axisNames.join(", ")}], the features of a ${kind}; got ${shownValue(shape)}; ` +
        "choose a front end that gives them, or another model",
    );
  }
  const inputs = input({ shape, axisNames });
  if (normalization === "none") return { inputs, features: inputs };
  const layer = normalization === "example" ? exampleNormalization() : fixedNormalization(normalization);
  return { inputs, features: layer.apply(inputs) };
}

/** The layers one after the other. */
export function chain(tensor: SymbolicTensor, layers: readonly Layer[]): SymbolicTensor {
  return layers.reduce((before, layer) => layer.apply(before), tensor);
}

/**
 * Max pooling with windows of `size` along time, and frequency if there is one. An axis that is shorter is reduced to 1 and
 * one of length 1 stays: so a deep network takes short windows too.
 */
export function poolBy(size: number, tensor: SymbolicTensor): SymbolicTensor {
  const poolSize = tensor.shape.slice(0, -1).map((length) => Math.min(size, length));
  if (poolSize.every((one) => one === 1)) return tensor;
  const pooling = poolSize.length === 1 ? maxPooling1d : maxPooling2d;
  return pooling({ poolSize }).apply(tensor);
}

/**
 * Dropout and the last layer. Its weights begin near zero, since the maxima are large: otherwise the first outputs are sure of
 * something, and the first epoch goes into unlearning it.
 */
export function classifierHead(classes: number): Layer[] {
  return [dropout({ rate: 0.3 }), lastLayer(classes)];
}

function lastLayer(units: number): Layer {
  return dense({ units, kernelInitializer: randomNormal({ stddev: 0.01 }) });
}

/** Applies the pooling of {@link AudioModelOptions.pooling} and the last layer: `[T, F, C]` to `[classes]`. */
export function pooledHead(
  tensor: SymbolicTensor,
  classes: number,
  pooling: HeadPooling = "global",
): SymbolicTensor {
  if (pooling === "global") return chain(meanAndMaximum(tensor), classifierHead(classes));
  const overTime = averagePooling2d({ poolSize: [tensor.shape[0], 1] });
  return chain(tensor, [overTime, flatten(), lastLayer(classes)]);
}

/** Mean and maximum of each channel over time and frequency, `[T, F, C]` to `[2·C]`: the usual values and the peaks. */
function meanAndMaximum(tensor: SymbolicTensor): SymbolicTensor {
  return concatenate().apply([globalAveragePooling2d().apply(tensor), globalMaxPooling2d().apply(tensor)]);
}
