import { add } from "../../ops/arithmetic.ts";
import {
  conv1dTranspose as spread1d,
  conv2dTranspose as spread2d,
} from "../../ops/transposed-convolution.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Layer } from "../layer.ts";
import {
  applyActivation,
  checkActivation,
  givesProbabilities,
  type ActivationOption,
} from "./activations.ts";
import { axesOf, spatialAdvice, type Dimensions } from "./axes.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, type LayerOptions, LAYER_OPTIONS } from "./options.ts";
import { kernelAndBias, type KernelOptions, KERNEL_OPTIONS } from "./weight-specs.ts";

export interface ConvTransposeOptions extends LayerOptions, KernelOptions, ActivationOption {
  /** Number of output channels. */
  readonly filters: number;
  /** Length of the window along each axis, or one number for all. */
  readonly kernelSize: number | readonly number[];
  /** How many times longer the output is. Default 1. */
  readonly strides?: number | readonly number[];
  /** Default "valid": length·stride + max(kernelSize - stride, 0). "same": length·stride. */
  readonly padding?: "valid" | "same";
}

const OPTIONS: OptionNames<ConvTransposeOptions> = {
  filters: true,
  kernelSize: true,
  strides: true,
  padding: true,
  activation: true,
  ...KERNEL_OPTIONS,
  ...LAYER_OPTIONS,
};

/** Transposed 1D convolution: `[N, T, C]` to `[N, T', filters]`. Kernel `[size, filters, C]`; Keras' `Conv1DTranspose`. */
export function conv1dTranspose(options: ConvTransposeOptions): Layer {
  return transposedLayer(1, options);
}

/**
 * Transposed 2D convolution: `[N, H, W, C]` to `[N, H', W', filters]`. Kernel `[height, width, filters, C]`; Keras'
 * `Conv2DTranspose`.
 */
export function conv2dTranspose(options: ConvTransposeOptions): Layer {
  return transposedLayer(2, options);
}

function transposedLayer(dimensions: Dimensions, options: ConvTransposeOptions): Layer {
  const factory = `conv${dimensions}dTranspose`;
  checkOptions(factory, options, OPTIONS);
  const check = checksFor(factory);
  const filters = check.positiveInteger("filters", options.filters);
  const kernelSize = check.perAxis("kernelSize", options.kernelSize, dimensions);
  const strides = check.perAxis("strides", options.strides, dimensions, 1);
  const padding = check.oneOf("padding", options.padding, ["valid", "same"], "valid");
  const activation = checkActivation(check, options.activation);
  const weights = kernelAndBias(check, options);
  const spread = dimensions === 1 ? spread1d : spread2d;
  return makeLayer(
    {
      className: `Conv${dimensions}DTranspose`,
      factory,
      config: { filters, kernelSize, strides, padding, activation, ...weights.config },
      axes: axesOf(dimensions),
      advice: spatialAdvice(dimensions),
      weights: ([shape]) => weights.specs([...kernelSize, filters, shape[dimensions]], filters),
      call([x], context) {
        const sums = spread(x, context.weight("kernel"), { strides, padding });
        const biased = weights.useBias ? add(sums, context.weight("bias")) : sums;
        return applyActivation(activation, biased);
      },
      window: {
        size: kernelSize.map((size, axis) => Math.ceil(size / strides[axis])),
        strides: strides.map((stride) => 1 / stride),
        dilations: strides.map(() => 1),
      },
      givesProbabilities: givesProbabilities(activation),
    },
    options,
  );
}
