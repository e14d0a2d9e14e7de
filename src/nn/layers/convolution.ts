import { add } from "../../ops/arithmetic.ts";
import { conv1d as convolve1d, conv2d as convolve2d } from "../../ops/convolution.ts";
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
import { checkPadding, type PaddingOption } from "./sides.ts";
import { checksFor, type LayerOptions, LAYER_OPTIONS } from "./options.ts";
import { kernelAndBias, type KernelOptions, KERNEL_OPTIONS } from "./weight-specs.ts";

interface ConvolutionOptions extends LayerOptions, KernelOptions, ActivationOption {
  /** Number of output channels. */
  readonly filters: number;
  /** Input and output channels are split into as many groups, each with filters of its own. Default 1. */
  readonly groups?: number;
}

export interface Conv1dOptions extends ConvolutionOptions {
  /** Length of the window. */
  readonly kernelSize: number | readonly number[];
  /** Step of the window along each axis, or one number for all. Default 1. */
  readonly strides?: number | readonly number[];
  /**
   * How ends are treated: "valid" takes whole windows only,
   * "same" keeps the length at stride 1 and pads the odd zero at the end (Keras), "causal" pads before only. Or how many zeros on
   * each side, PyTorch's `padding`: 1, or [before, after]. Default "valid".
   */
  readonly padding?: PaddingOption<"valid" | "same" | "causal">;
  /** Distance between the window's taps. Default 1. */
  readonly dilationRate?: number | readonly number[];
}

export interface Conv2dOptions extends ConvolutionOptions {
  /** Height and width of the window, or one number for both. */
  readonly kernelSize: number | readonly number[];
  /** Step of the window along each axis, or one number for all. Default 1. */
  readonly strides?: number | readonly number[];
  /**
   * How edges are treated: "valid" takes whole windows only,
   * "same" keeps the size at stride 1 and pads the odd zero at the end (Keras). Or how many zeros on each side, PyTorch's `padding`:
   * 1, [1, 2] for each axis, or [[before, after], …]. Default "valid".
   */
  readonly padding?: PaddingOption<"valid" | "same">;
  /** Distance between the window's taps. Default 1. */
  readonly dilationRate?: number | readonly number[];
}

const OPTIONS: OptionNames<Conv2dOptions> = {
  filters: true,
  kernelSize: true,
  strides: true,
  padding: true,
  dilationRate: true,
  groups: true,
  activation: true,
  ...KERNEL_OPTIONS,
  ...LAYER_OPTIONS,
};

/**
 * 1D convolution: `[N, T, C]` to `[N, T', filters]`. Kernel `[size, C / groups, filters]`, bias `[filters]`; Keras'
 * `Conv1D` and its defaults.
 */
export function conv1d(options: Conv1dOptions): Layer {
  return convolutionLayer(1, options);
}

/**
 * 2D convolution: `[N, H, W, C]` to `[N, H', W', filters]`. Kernel `[height, width, C / groups, filters]`, bias
 * `[filters]`; Keras' `Conv2D` and its defaults.
 *
 * @example conv2d({ filters: 6, kernelSize: 5, padding: "same", activation: "tanh", inputShape: [28, 28, 1] })
 */
export function conv2d(options: Conv2dOptions): Layer {
  return convolutionLayer(2, options);
}

function convolutionLayer(dimensions: Dimensions, options: Conv1dOptions | Conv2dOptions): Layer {
  const factory = `conv${dimensions}d`;
  checkOptions(factory, options, OPTIONS);
  const check = checksFor(factory);
  const filters = check.positiveInteger("filters", options.filters);
  const groups = check.positiveInteger("groups", options.groups, 1);
  const kernelSize = check.perAxis("kernelSize", options.kernelSize, dimensions);
  const strides = check.perAxis("strides", options.strides, dimensions, 1);
  const dilationRate = check.perAxis("dilationRate", options.dilationRate, dimensions, 1);
  const paddings = dimensions === 1 ? (["valid", "same", "causal"] as const) : (["valid", "same"] as const);
  const padding = checkPadding(check, options.padding, paddings, dimensions);
  const activation = checkActivation(check, options.activation);
  const weights = kernelAndBias(check, options);
  const convolve = dimensions === 1 ? convolve1d : convolve2d;
  return makeLayer(
    {
      className: `Conv${dimensions}D`,
      factory,
      config: { filters, kernelSize, strides, padding, dilationRate, groups, activation, ...weights.config },
      options: OPTIONS,
      axes: axesOf(dimensions),
      advice: spatialAdvice(dimensions),
      weights: ([shape]) => weights.specs([...kernelSize, shape[dimensions] / groups, filters], filters),
      call([x], context) {
        const sums = convolve(x, context.weight("kernel"), { strides, padding, dilationRate, groups });
        const biased = weights.useBias ? add(sums, context.weight("bias")) : sums;
        return applyActivation(activation, biased);
      },
      window: { size: kernelSize, strides, dilations: dilationRate, padding },
      givesProbabilities: givesProbabilities(activation),
    },
    options,
  );
}
