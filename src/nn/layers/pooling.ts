import {
  AVERAGE_POOLING_OPTIONS,
  averagePool1d,
  averagePool2d,
  maxPool1d,
  maxPool2d,
  POOLING_OPTIONS,
} from "../../ops/pooling.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Layer } from "../layer.ts";
import { axesOf, spatialAdvice, type Dimensions } from "./axes.ts";
import { makeLayer } from "./make-layer.ts";
import { checkPadding, type PaddingOption } from "./sides.ts";
import { checksFor, type LayerOptions, LAYER_OPTIONS } from "./options.ts";

export interface PoolingOptions extends LayerOptions {
  /** Length of the window along each axis, or one number for all. Default 2. */
  readonly poolSize?: number | readonly number[];
  /** Step of the window along each axis, or one number for all. Default: the pool size, so that windows touch. */
  readonly strides?: number | readonly number[];
  /**
   * How edges are treated: "valid" takes whole windows only, "same" gives ceil(length / stride) outputs (Keras). Or how much on each
   * side: 1, [1, 2] for each axis, or [[before, after], …], below the window's length. The padding is never the largest, nor part of a
   * mean unless `countIncludePad` is true. Default "valid".
   */
  readonly padding?: PaddingOption<"valid" | "same">;
  /** Distance between neighbouring cells of a window, along each axis or all. Default 1. Not in Keras. */
  readonly dilationRate?: number | readonly number[];
  /** Whether a last window counts that reaches past the end: PyTorch's `ceil_mode`. Default false. Not in Keras. */
  readonly ceil?: boolean;
}

export interface AveragePoolingOptions extends PoolingOptions {
  /** Whether padding counts as zeros in the mean, as PyTorch's default has it. Default false (Keras). */
  readonly countIncludePad?: boolean;
}

const OPTIONS: OptionNames<PoolingOptions> = { ...POOLING_OPTIONS, ...LAYER_OPTIONS };
const AVERAGE_OPTIONS: OptionNames<AveragePoolingOptions> = { ...AVERAGE_POOLING_OPTIONS, ...LAYER_OPTIONS };

const MAX = { 1: maxPool1d, 2: maxPool2d };
const AVERAGE = { 1: averagePool1d, 2: averagePool2d };

/** Largest value of each window: `[N, T, C]` to `[N, T', C]`; Keras' `MaxPooling1D`. */
export function maxPooling1d(options: PoolingOptions = {}): Layer {
  return maxPoolingLayer(1, options);
}

/** Largest value of each window: `[N, H, W, C]` to `[N, H', W', C]`; Keras' `MaxPooling2D`. */
export function maxPooling2d(options: PoolingOptions = {}): Layer {
  return maxPoolingLayer(2, options);
}

/** Mean of each window: `[N, T, C]` to `[N, T', C]`; Keras' `AveragePooling1D`. */
export function averagePooling1d(options: AveragePoolingOptions = {}): Layer {
  return averagePoolingLayer(1, options);
}

/** Mean of each window: `[N, H, W, C]` to `[N, H', W', C]`; Keras' `AveragePooling2D`. */
export function averagePooling2d(options: AveragePoolingOptions = {}): Layer {
  return averagePoolingLayer(2, options);
}

function maxPoolingLayer(dimensions: Dimensions, options: PoolingOptions): Layer {
  const factory = `maxPooling${dimensions}d`;
  checkOptions(factory, options, OPTIONS);
  const config = checkWindows(factory, dimensions, options);
  return makeLayer(
    {
      ...definitionOf(`MaxPooling${dimensions}D`, factory, dimensions, config),
      call: ([x]) => MAX[dimensions](x, config),
    },
    options,
  );
}

function averagePoolingLayer(dimensions: Dimensions, options: AveragePoolingOptions): Layer {
  const factory = `averagePooling${dimensions}d`;
  checkOptions(factory, options, AVERAGE_OPTIONS);
  const countIncludePad = checksFor(factory).boolean("countIncludePad", options.countIncludePad, false);
  const config = { ...checkWindows(factory, dimensions, options), countIncludePad };
  return makeLayer(
    {
      ...definitionOf(`AveragePooling${dimensions}D`, factory, dimensions, config),
      call: ([x]) => AVERAGE[dimensions](x, config),
    },
    options,
  );
}

type Windows = ReturnType<typeof checkWindows>;

function checkWindows(factory: string, dimensions: Dimensions, options: PoolingOptions) {
  const check = checksFor(factory);
  const poolSize = check.perAxis("poolSize", options.poolSize, dimensions, 2);
  return {
    poolSize,
    strides: check.perAxis("strides", options.strides, dimensions, poolSize),
    padding: checkPadding(check, options.padding, ["valid", "same"], dimensions),
    dilationRate: check.perAxis("dilationRate", options.dilationRate, dimensions, 1),
    ceil: check.boolean("ceil", options.ceil, false),
  };
}

function definitionOf(className: string, factory: string, dimensions: Dimensions, config: Windows) {
  const { poolSize: size, strides, dilationRate: dilations, padding } = config;
  const axes = axesOf(dimensions);
  return {
    className,
    factory,
    config,
    axes,
    advice: spatialAdvice(dimensions),
    window: { size, strides, dilations, padding },
  };
}
