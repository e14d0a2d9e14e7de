import { averagePool1d, averagePool2d, maxPool1d, maxPool2d } from "../../ops/pooling.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Layer } from "../layer.ts";
import { axesOf, spatialAdvice, type Dimensions } from "./axes.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, type LayerOptions, LAYER_OPTIONS } from "./options.ts";

export interface PoolingOptions extends LayerOptions {
  /** Length of the window along each axis, or one number for all. Default 2. */
  readonly poolSize?: number | readonly number[];
  /** Default: the pool size, so that windows touch. */
  readonly strides?: number | readonly number[];
  /** Default "valid". "same" gives ceil(length / stride) outputs (Keras); what is padded never counts. */
  readonly padding?: "valid" | "same";
}

const OPTIONS: OptionNames<PoolingOptions> = {
  poolSize: true,
  strides: true,
  padding: true,
  ...LAYER_OPTIONS,
};

const OPERATIONS = {
  max: { 1: maxPool1d, 2: maxPool2d, className: "MaxPooling", factory: "maxPooling" },
  average: { 1: averagePool1d, 2: averagePool2d, className: "AveragePooling", factory: "averagePooling" },
} as const;

/** Largest value of each window: `[N, T, C]` to `[N, T', C]`; Keras' `MaxPooling1D`. */
export function maxPooling1d(options: PoolingOptions = {}): Layer {
  return poolingLayer("max", 1, options);
}

/** Largest value of each window: `[N, H, W, C]` to `[N, H', W', C]`; Keras' `MaxPooling2D`. */
export function maxPooling2d(options: PoolingOptions = {}): Layer {
  return poolingLayer("max", 2, options);
}

/** Mean of each window: `[N, T, C]` to `[N, T', C]`; Keras' `AveragePooling1D`. */
export function averagePooling1d(options: PoolingOptions = {}): Layer {
  return poolingLayer("average", 1, options);
}

/** Mean of each window: `[N, H, W, C]` to `[N, H', W', C]`; Keras' `AveragePooling2D`. */
export function averagePooling2d(options: PoolingOptions = {}): Layer {
  return poolingLayer("average", 2, options);
}

function poolingLayer(kind: keyof typeof OPERATIONS, dimensions: Dimensions, options: PoolingOptions): Layer {
  const operation = OPERATIONS[kind];
  const factory = `${operation.factory}${dimensions}d`;
  checkOptions(factory, options, OPTIONS);
  const check = checksFor(factory);
  const poolSize = check.perAxis("poolSize", options.poolSize, dimensions, 2);
  const strides = check.perAxis("strides", options.strides ?? poolSize, dimensions);
  const padding = check.oneOf("padding", options.padding, ["valid", "same"], "valid");
  return makeLayer(
    {
      className: `${operation.className}${dimensions}D`,
      factory,
      config: { poolSize, strides, padding },
      axes: axesOf(dimensions),
      advice: spatialAdvice(dimensions),
      call: ([x]) => operation[dimensions](x, { poolSize, strides, padding }),
      window: { size: poolSize, strides, dilations: poolSize.map(() => 1) },
    },
    options,
  );
}
