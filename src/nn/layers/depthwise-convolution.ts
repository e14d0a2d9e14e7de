import { add } from "../../ops/arithmetic.ts";
import { conv1d, conv2d } from "../../ops/convolution.ts";
import { depthwiseConv1d as filter1d, depthwiseConv2d as filter2d } from "../../ops/depthwise.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { ConstraintOption } from "../constraints.ts";
import type { Layer } from "../layer.ts";
import type { RegularizerOption } from "../regularizers.ts";
import {
  applyActivation,
  checkActivation,
  givesProbabilities,
  type ActivationOption,
} from "./activations.ts";
import { axesOf, spatialAdvice, type Dimensions } from "./axes.ts";
import { makeLayer } from "./make-layer.ts";
import { checkPadding, type PaddingOption } from "./sides.ts";
import {
  checksFor,
  type InitializerOption,
  type LayerOptions,
  type OptionChecks,
  LAYER_OPTIONS,
} from "./options.ts";
import { BIAS_OPTIONS, weightRule, type BiasOptions } from "./weight-specs.ts";

export interface DepthwiseConvOptions extends LayerOptions, BiasOptions, ActivationOption {
  /** Length of the window along each axis, or one number for all. */
  readonly kernelSize: number | readonly number[];
  /** Step of the window along each axis, or one number for all. Default 1. */
  readonly strides?: number | readonly number[];
  /**
   * How edges are treated: "valid" takes whole windows only, "same" keeps the size at stride 1. Or how many zeros on each side: 1,
   * [1, 2] for each axis, or [[before, after], …]. Default "valid".
   */
  readonly padding?: PaddingOption<"valid" | "same">;
  /** Distance between the window's taps. Default 1. */
  readonly dilationRate?: number | readonly number[];
  /** Filters for each input channel. Default 1. */
  readonly depthMultiplier?: number;
  /** Initial values of the kernel. Default "glorotUniform". */
  readonly depthwiseInitializer?: InitializerOption;
  /** A penalty on the kernel, added to the loss. Default: none. */
  readonly depthwiseRegularizer?: RegularizerOption;
  /** The constraint that the kernel is brought back to after each update. Default: none. */
  readonly depthwiseConstraint?: ConstraintOption;
}

const DEPTHWISE_OPTIONS: OptionNames<DepthwiseConvOptions> = {
  kernelSize: true,
  strides: true,
  padding: true,
  dilationRate: true,
  depthMultiplier: true,
  activation: true,
  depthwiseInitializer: true,
  depthwiseRegularizer: true,
  depthwiseConstraint: true,
  ...BIAS_OPTIONS,
  ...LAYER_OPTIONS,
};

export interface SeparableConvOptions extends DepthwiseConvOptions {
  /** Number of output channels. */
  readonly filters: number;
  /** Initial values of the kernel over the channels. Default "glorotUniform". */
  readonly pointwiseInitializer?: InitializerOption;
  /** A penalty on the kernel over the channels, added to the loss. Default: none. */
  readonly pointwiseRegularizer?: RegularizerOption;
  /** The constraint that the kernel over the channels is brought back to after each update. Default: none. */
  readonly pointwiseConstraint?: ConstraintOption;
}

const SEPARABLE_OPTIONS: OptionNames<SeparableConvOptions> = {
  filters: true,
  ...DEPTHWISE_OPTIONS,
  pointwiseInitializer: true,
  pointwiseRegularizer: true,
  pointwiseConstraint: true,
};

/**
 * Filters each channel by itself: `[N, T, C]` to `[N, T', C·depthMultiplier]`, output channel c·depthMultiplier + m.
 * Kernel `[size, C, depthMultiplier]`; Keras' `DepthwiseConv1D`.
 */
export function depthwiseConv1d(options: DepthwiseConvOptions): Layer {
  return depthwiseLayer(1, options);
}

/**
 * Filters each channel by itself: `[N, H, W, C]` to `[N, H', W', C·depthMultiplier]`. Kernel `[height, width, C,
 * depthMultiplier]`; Keras' `DepthwiseConv2D`.
 */
export function depthwiseConv2d(options: DepthwiseConvOptions): Layer {
  return depthwiseLayer(2, options);
}

/** A depthwise convolution, then one of size 1 over the channels: `[N, T, C]` to `[N, T', filters]`; Keras' `SeparableConv1D`. */
export function separableConv1d(options: SeparableConvOptions): Layer {
  return separableLayer(1, options);
}

/**
 * A depthwise convolution, then one of size 1×1 over the channels: `[N, H, W, C]` to `[N, H', W', filters]`; Keras'
 * `SeparableConv2D`.
 */
export function separableConv2d(options: SeparableConvOptions): Layer {
  return separableLayer(2, options);
}

function checkDepthwise(check: OptionChecks, dimensions: Dimensions, options: DepthwiseConvOptions) {
  const kernelSize = check.perAxis("kernelSize", options.kernelSize, dimensions);
  const geometry = {
    strides: check.perAxis("strides", options.strides, dimensions, 1),
    padding: checkPadding(check, options.padding, ["valid", "same"], dimensions),
    dilationRate: check.perAxis("dilationRate", options.dilationRate, dimensions, 1),
  };
  const useBias = check.boolean("useBias", options.useBias, true);
  const depthMultiplier = check.positiveInteger("depthMultiplier", options.depthMultiplier, 1);
  const activation = checkActivation(check, options.activation);
  const depthwise = weightRule(check, "depthwise", options, "glorotUniform");
  const bias = weightRule(check, "bias", options, "zeros");
  return {
    kernelSize,
    geometry,
    useBias,
    depthMultiplier,
    activation,
    depthwise,
    bias,
    config: {
      kernelSize,
      ...geometry,
      depthMultiplier,
      useBias,
      activation,
      ...depthwise.config,
      ...bias.config,
    },
    window: {
      size: kernelSize,
      strides: geometry.strides,
      dilations: geometry.dilationRate,
      padding: geometry.padding,
    },
  };
}

function depthwiseLayer(dimensions: Dimensions, options: DepthwiseConvOptions): Layer {
  const factory = `depthwiseConv${dimensions}d`;
  checkOptions(factory, options, DEPTHWISE_OPTIONS);
  const checked = checkDepthwise(checksFor(factory), dimensions, options);
  const { kernelSize, geometry, useBias, depthMultiplier, activation } = checked;
  const filter = dimensions === 1 ? filter1d : filter2d;
  return makeLayer(
    {
      className: `DepthwiseConv${dimensions}D`,
      factory,
      config: checked.config,
      options: DEPTHWISE_OPTIONS,
      axes: axesOf(dimensions),
      advice: spatialAdvice(dimensions),
      weights([shape]) {
        const channels = shape[dimensions];
        return [
          checked.depthwise.spec("kernel", [...kernelSize, channels, depthMultiplier], true),
          ...(useBias ? [checked.bias.spec("bias", [channels * depthMultiplier], false)] : []),
        ];
      },
      call([x], context) {
        const sums = filter(x, context.weight("kernel"), geometry);
        return applyActivation(activation, useBias ? add(sums, context.weight("bias")) : sums);
      },
      window: checked.window,
      givesProbabilities: givesProbabilities(activation),
    },
    options,
  );
}

function separableLayer(dimensions: Dimensions, options: SeparableConvOptions): Layer {
  const factory = `separableConv${dimensions}d`;
  checkOptions(factory, options, SEPARABLE_OPTIONS);
  const check = checksFor(factory);
  const checked = checkDepthwise(check, dimensions, options);
  const { kernelSize, geometry, useBias, depthMultiplier, activation } = checked;
  const filters = check.positiveInteger("filters", options.filters);
  const pointwise = weightRule(check, "pointwise", options, "glorotUniform");
  const [filter, convolve] = dimensions === 1 ? [filter1d, conv1d] : [filter2d, conv2d];
  const one = kernelSize.map(() => 1);
  return makeLayer(
    {
      className: `SeparableConv${dimensions}D`,
      factory,
      config: { filters, ...checked.config, ...pointwise.config },
      options: SEPARABLE_OPTIONS,
      axes: axesOf(dimensions),
      advice: spatialAdvice(dimensions),
      weights([shape]) {
        const channels = shape[dimensions];
        return [
          checked.depthwise.spec("depthwiseKernel", [...kernelSize, channels, depthMultiplier], true),
          pointwise.spec("pointwiseKernel", [...one, channels * depthMultiplier, filters], true),
          ...(useBias ? [checked.bias.spec("bias", [filters], false)] : []),
        ];
      },
      call([x], context) {
        const filtered = filter(x, context.weight("depthwiseKernel"), geometry);
        const sums = convolve(filtered, context.weight("pointwiseKernel"));
        return applyActivation(activation, useBias ? add(sums, context.weight("bias")) : sums);
      },
      window: checked.window,
      givesProbabilities: givesProbabilities(activation),
    },
    options,
  );
}
