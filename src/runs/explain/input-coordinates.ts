/** @file The coordinates in which an input is climbed: in deviations of what the model was trained on. Browser-safe. */

import { audioDescription } from "../../audio-model/description.ts";
import type { CoordinateOptions, PerElement } from "../../explain/index.ts";
import type { Model } from "../../nn/index.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { normalizeAxis, type Shape } from "../../tensor/shape.ts";
import type { TrainedModel } from "../trained-model.ts";

/** Where no normalisation tells: a grey picture, and its contrast. */
const PICTURES = { center: 0.5, scale: 0.25 } as const;

/** Where no normalisation tells: sound that is neither silent nor as loud as can be. */
const WAVEFORMS = { center: 0, scale: 0.2 } as const;

/** The weights of the layers that know the statistics of what they take. */
const STATISTICS = [
  ["mean", "variance"],
  ["movingMean", "movingVariance"],
] as const;

/**
 * The mean and deviation of each element as the model's normalisation of its input has them, and the values that an input can
 * have: 0 … 1 in pictures, -1 … 1 in waveforms, within the training's range where the model clips its input to it.
 */
export function inputCoordinates(trained: TrainedModel, shape: Shape): CoordinateOptions {
  const { kind, model } = trained;
  const own = normalizationOf(model, shape);
  if (kind === "images") return { ...PICTURES, ...own, range: [0, 1] };
  const isWaveform = audioDescription(model.metadata, trained.path).frontEnd.kind === "waveform";
  return isWaveform ? { ...WAVEFORMS, ...own, range: [-1, 1] } : { ...own };
}

/** The statistics of the first layer, if it has some. */
function normalizationOf(model: Model, shape: Shape): CoordinateOptions | undefined {
  const weights = model.getWeights();
  const first = model.network.nodes.filter(({ inputs }) => inputs.includes(0)).map(({ layer }) => layer);
  for (const { name, layer } of first) {
    for (const [meanName, varianceName] of STATISTICS) {
      const [mean, variance] = [weights.get(`${name}/${meanName}`), weights.get(`${name}/${varianceName}`)];
      if (!mean || !variance) continue;
      const spread = spreadOver(shape, layer.config.axis);
      const scale = Float32Array.from(variance.data, (value) => Math.max(Math.sqrt(value), LEAST_SCALE));
      return {
        center: spread(mean.data),
        scale: spread(scale),
        ...rangeOf(weights.get(`${name}/minimum`), weights.get(`${name}/maximum`)),
      };
    }
  }
  return undefined;
}

/** A deviation of 0 would hold an element where it is. */
const LEAST_SCALE = 1e-6;

function rangeOf(
  minimum: FloatArray | undefined,
  maximum: FloatArray | undefined,
): Pick<CoordinateOptions, "range"> {
  if (!minimum || !maximum) return {};
  const least = minimum.data.reduce((a, b) => Math.min(a, b));
  const greatest = maximum.data.reduce((a, b) => Math.max(a, b));
  return least < greatest ? { range: [least, greatest] } : {};
}

/** From one number for each index of a layer's axes, batch included in their count, to one for each element of an input. */
function spreadOver(shape: Shape, given: unknown): (statistic: Float32Array) => PerElement {
  const named = (Array.isArray(given) ? given : [given]) as readonly number[];
  const axes = [...new Set(named.map((axis) => normalizeAxis(axis, shape.length + 1, "axis") - 1))].sort(
    (a, b) => a - b,
  );
  return (statistic) => {
    const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
    for (let i = 0; i < values.length; i++) {
      let rest = i;
      const position = new Array<number>(shape.length);
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        position[axis] = rest % shape[axis];
        rest = Math.floor(rest / shape[axis]);
      }
      values[i] = statistic[axes.reduce((index, axis) => index * shape[axis] + position[axis], 0)];
    }
    return values;
  };
}
