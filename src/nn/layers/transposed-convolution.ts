import { AuricleError } from "../../errors.ts";
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
import { checkPadding, isWhole, type PaddingOption } from "./sides.ts";
import { checksFor, type LayerOptions, LAYER_OPTIONS, type OptionChecks } from "./options.ts";
import { kernelAndBias, type KernelOptions, KERNEL_OPTIONS } from "./weight-specs.ts";
import { shownValue } from "../../shown-value.ts";

export interface ConvTransposeOptions extends LayerOptions, KernelOptions, ActivationOption {
  /** Number of output channels. */
  readonly filters: number;
  /** Length of the window along each axis, or one number for all. */
  readonly kernelSize: number | readonly number[];
  /** How many times longer the output is. Default 1. */
  readonly strides?: number | readonly number[];
  /**
   * The length of the output: "valid" gives length·stride + max(kernelSize - stride, 0), "same" length·stride. Or how much of the whole
   * is cut off on each side, PyTorch's `padding`: 1, [1, 2] for each axis, or [[before, after], …]. Default "valid".
   */
  readonly padding?: PaddingOption<"valid" | "same">;
  /** Distance between the window's taps, along each axis or all. Default 1. */
  readonly dilationRate?: number | readonly number[];
  /** Input and output channels are split into as many groups, each with filters of its own. Default 1. Not in Keras. */
  readonly groups?: number;
  /** How much longer the output is at the end, along each axis or all: below the stride or the dilation. Default: by `padding`. */
  readonly outputPadding?: number | readonly number[];
}

const OPTIONS: OptionNames<ConvTransposeOptions> = {
  filters: true,
  kernelSize: true,
  strides: true,
  padding: true,
  dilationRate: true,
  groups: true,
  outputPadding: true,
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
  const geometry = checkGeometry(check, factory, dimensions, { ...options, filters });
  const { strides, dilationRate, groups } = geometry;
  const activation = checkActivation(check, options.activation);
  const weights = kernelAndBias(check, options);
  const spread = dimensions === 1 ? spread1d : spread2d;
  return makeLayer(
    {
      className: `Conv${dimensions}DTranspose`,
      factory,
      config: { filters, kernelSize, ...geometry, activation, ...weights.config },
      options: OPTIONS,
      axes: axesOf(dimensions),
      advice: spatialAdvice(dimensions),
      weights: ([shape]) => weights.specs([...kernelSize, filters / groups, shape[dimensions]], filters),
      call([x], context) {
        const sums = spread(x, context.weight("kernel"), geometry);
        const biased = weights.useBias ? add(sums, context.weight("bias")) : sums;
        return applyActivation(activation, biased);
      },
      window: {
        size: kernelSize.map((size, axis) =>
          Math.ceil(((size - 1) * dilationRate[axis] + 1) / strides[axis]),
        ),
        strides: strides.map((stride) => 1 / stride),
        dilations: strides.map(() => 1),
      },
      givesProbabilities: givesProbabilities(activation),
    },
    options,
  );
}

function checkGeometry(
  check: OptionChecks,
  factory: string,
  dimensions: Dimensions,
  { filters, ...options }: ConvTransposeOptions,
) {
  const groups = check.positiveInteger("groups", options.groups, 1);
  if (filters % groups !== 0) {
    throw new AuricleError(
      "argument",
      `${factory}: filters must be a multiple of groups; got ${shownValue(filters)} filters, ${groups} groups`,
    );
  }
  const outputPadding = check.optional("outputPadding", options.outputPadding, {
    type: "lengths",
    wanted: `a whole number from 0 or ${dimensions} of them`,
    parse: (value) => {
      const list: unknown[] = Array.isArray(value) ? value : new Array<unknown>(dimensions).fill(value);
      return list.length === dimensions && list.every(isWhole) ? list : undefined;
    },
  });
  return {
    strides: check.perAxis("strides", options.strides, dimensions, 1),
    padding: checkPadding(check, options.padding, ["valid", "same"], dimensions),
    dilationRate: check.perAxis("dilationRate", options.dilationRate, dimensions, 1),
    groups,
    ...(outputPadding === undefined ? {} : { outputPadding }),
  };
}
