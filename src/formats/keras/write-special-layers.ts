/** @file Layers that Keras does not have, as layers that it has. Browser-safe. */
import type { FloatArray } from "../../tensor/array.ts";
import { isList } from "../json/values.ts";
import type { KerasStep, KerasValue, KerasWeight, LayerUse, LayerWriter } from "./keras-builder.ts";
import { scaled, writtenActivation } from "./write-activation.ts";

/** Layer normalisation over all axes, or over all but the channels, without weights. */
export const exampleNormalization: LayerWriter = (use) => {
  const axes = use.inputShapes[0].map((_, axis) => axis + 1);
  const axis = use.option("perChannel") === true ? axes.slice(0, -1) : axes;
  const config = { axis, epsilon: use.option("epsilon"), center: false, scale: false };
  return use.add({ className: "LayerNormalization", config });
};

/**
 * Fixed statistics are the running ones of a batch normalisation, which all of Keras' kin have. Bounds are two ReLUs:
 * max(x, low) = low + relu(x - low), min(x, high) = high - relu(high - x).
 */
export const normalization: LayerWriter = (use) => {
  const axis = [use.option("axis")].flat();
  if (axis.length > 1) return "statistics over several axes";
  const [mean, variance] = [use.weight("mean").data, use.weight("variance").data];
  const epsilon = Number(use.option("epsilon"));
  const held = variance.map((value) => Math.max(value, epsilon ** 2));
  const bound = (name: string) => (use.option(name) === undefined ? undefined : use.weight(name).data);
  let value = use.inputs[0];
  const low = bound("minimum");
  const high = bound("maximum");
  const step = (suffix: string, parts: Affine) => {
    value = affine(use, suffix, value, axis[0], parts);
  };
  const zeros = mean.map(() => 0);
  const ones = mean.map(() => 1);
  const relu = (suffix: string) => {
    value = use.then(suffix, [value], { className: "ReLU" });
  };
  if (low) {
    step("low", { factor: ones, mean: low, variance: ones, offset: zeros });
    relu("above");
  }
  const base = low ?? zeros;
  if (high) {
    step("high", {
      factor: ones.map((one) => -one),
      mean: high.map((one, i) => one - base[i]),
      variance: ones,
      offset: zeros,
    });
    relu("below");
    // x = high - value.
    step("", {
      factor: ones.map((one) => -one),
      mean: high.map((one, i) => one - mean[i]),
      variance: held,
      offset: zeros,
    });
  } else step("", { factor: ones, mean: mean.map((one, i) => one - base[i]), variance: held, offset: zeros });
  return value;
};

/** factor·(x - mean) / √variance + offset. */
export interface Affine {
  readonly factor: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly offset: Float32Array;
}

/** The same for all, or by the indices of one axis. */
function affine(use: LayerUse, suffix: string, x: KerasValue, axis: unknown, parts: Affine): KerasValue {
  if (axis === undefined) {
    const factor = parts.factor[0] / Math.sqrt(parts.variance[0]);
    return scaled(
      use,
      suffix === "" ? "scaled" : suffix,
      x,
      factor,
      parts.offset[0] - factor * parts.mean[0],
    );
  }
  const step = affineStep(parts, axis);
  return suffix === "" ? use.add(step, [x]) : use.then(suffix, [x], step);
}

/** A batch normalisation that is no more than factors and terms. */
export function affineStep({ factor, mean, variance, offset }: Affine, axis: unknown): KerasStep {
  const weight = (name: string, data: Float32Array): KerasWeight => ({
    name,
    array: { shape: [data.length], data },
  });
  return {
    className: "BatchNormalization",
    config: { axis, epsilon: 0, trainable: false },
    weights: [
      weight("gamma", factor),
      weight("beta", offset),
      weight("moving_mean", mean),
      weight("moving_variance", variance),
    ],
    statistics: 2,
  };
}

/** LeNet-5's pooling: a mean whose factor and term are a convolution of one tap for each channel. */
export const subsampling: LayerWriter = (use) => {
  const name = String(use.option("activation"));
  const written = writtenActivation(use, name);
  if (!written) return `the activation ${name}`;
  const size = use.option("poolSize");
  const samples = isList(size) ? size.reduce<number>((product, one) => product * Number(one), 1) : 1;
  const pooled = use.then("mean", use.inputs, {
    className: "AveragePooling2D",
    config: { pool_size: size, strides: size, padding: "valid" },
  });
  const factors = use.weight("coefficient").data.map((value) => value * samples);
  const kernel: FloatArray = { shape: [1, 1, factors.length, 1], data: factors };
  const value = use.add(
    {
      className: "DepthwiseConv2D",
      config: { kernel_size: [1, 1], activation: written.name },
      weights: [
        { name: use.dialect === "tfjs" ? "depthwise_kernel" : "kernel", array: kernel },
        { name: "bias", array: use.weight("bias") },
      ],
    },
    [pooled],
  );
  return written.follow(value);
};

/** -Σ (x - c)² = 2·x·c - c·c - x·x: a dense layer, and the square of x in another. */
export const radialBasis: LayerWriter = (use) => {
  const centers = use.option("centers") as readonly (readonly number[])[];
  const [outputs, features] = [centers.length, centers[0].length];
  const kernel = new Float32Array(features * outputs);
  centers.forEach((center, i) => center.forEach((one, j) => (kernel[j * outputs + i] = 2 * one)));
  const terms = Float32Array.from(centers, (center) => -center.reduce((sum, one) => sum + one * one, 0));
  const products = use.then("products", use.inputs, {
    className: "Dense",
    config: { units: outputs },
    weights: [
      { name: "kernel", array: { shape: [features, outputs], data: kernel } },
      { name: "bias", array: { shape: [outputs], data: terms } },
    ],
  });
  const squares = use.then("square", [use.inputs[0], use.inputs[0]], { className: "Multiply" });
  const sums = use.then("sums", [squares], {
    className: "Dense",
    config: { units: outputs, use_bias: false },
    weights: [
      {
        name: "kernel",
        array: { shape: [features, outputs], data: new Float32Array(features * outputs).fill(-1) },
      },
    ],
  });
  return use.add({ className: "Add" }, [products, sums]);
};

/** A convolution whose missing connections have weights of 0. */
export const partialConvolution: LayerWriter = (use) => {
  const name = String(use.option("activation"));
  const written = writtenActivation(use, name);
  if (!written) return `the activation ${name}`;
  const connections = use.option("connections") as readonly (readonly number[])[];
  const packed = use.weight("kernel");
  const [height, width, links] = packed.shape;
  const [channels, outputs] = [use.inputShapes[0][2], connections.length];
  const data = new Float32Array(height * width * channels * outputs);
  const pairs = connections.flatMap((row, output) => row.map((channel) => channel * outputs + output));
  for (let tap = 0; tap < height * width; tap++) {
    pairs.forEach((pair, link) => (data[tap * channels * outputs + pair] = packed.data[tap * links + link]));
  }
  const kernel = { shape: [height, width, channels, outputs], data };
  const bias = use.option("useBias") === true ? [{ name: "bias", array: use.weight("bias") }] : [];
  const value = use.add({
    className: "Conv2D",
    config: {
      filters: outputs,
      kernel_size: [height, width],
      use_bias: bias.length > 0,
      activation: written.name,
    },
    weights: [{ name: "kernel", array: kernel }, ...bias],
  });
  return written.follow(value);
};
