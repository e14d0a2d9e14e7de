import { checkOptions, type OptionNames } from "../../options.ts";
import type { Layer } from "../layer.ts";
import { axesOf, spatialAdvice, type Dimensions } from "./axes.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, type LayerOptions, type OptionChecks, LAYER_OPTIONS } from "./options.ts";

export interface DropoutLayerOptions extends LayerOptions {
  /** Share of the values that become 0 in training; at least 0 and below 1. */
  readonly rate: number;
}

const OPTIONS: OptionNames<DropoutLayerOptions> = { rate: true, ...LAYER_OPTIONS };

/**
 * In training sets values to 0 with probability `rate` and divides the others by 1 - rate; else does nothing; Keras'
 * `Dropout`.
 */
export function dropout(options: DropoutLayerOptions): Layer {
  checkOptions("dropout", options, OPTIONS);
  const rate = checkRate(checksFor("dropout"), options.rate);
  return makeLayer(
    {
      className: "Dropout",
      factory: "dropout",
      config: { rate },
      call: ([x], { training, randomKey, salt }) =>
        training ? training.dropout(x, { rate, key: randomKey(), salt }) : x,
    },
    options,
  );
}

/** As {@link dropout}, for whole channels of `[N, T, C]`; Keras' `SpatialDropout1D`. */
export function spatialDropout1d(options: DropoutLayerOptions): Layer {
  return spatialDropoutLayer(1, options);
}

/** As {@link dropout}, for whole channels of `[N, H, W, C]`; Keras' `SpatialDropout2D`. */
export function spatialDropout2d(options: DropoutLayerOptions): Layer {
  return spatialDropoutLayer(2, options);
}

function spatialDropoutLayer(dimensions: Dimensions, options: DropoutLayerOptions): Layer {
  const factory = `spatialDropout${dimensions}d`;
  checkOptions(factory, options, OPTIONS);
  const rate = checkRate(checksFor(factory), options.rate);
  return makeLayer(
    {
      className: `SpatialDropout${dimensions}D`,
      factory,
      config: { rate },
      axes: axesOf(dimensions),
      advice: spatialAdvice(dimensions),
      call: ([x], { training, randomKey, salt }) =>
        training ? training.spatialDropout(x, { rate, key: randomKey(), salt }) : x,
    },
    options,
  );
}

/** A rate of exactly 1 would divide by 0. */
export function checkRate(check: OptionChecks, value: unknown): number {
  return check.number("rate", value, undefined, 0, 1 - 2 ** -24);
}
