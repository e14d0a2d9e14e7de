import { repeat } from "../../ops/repeat.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Layer } from "../layer.ts";
import { axesOf, spatialAdvice, type Dimensions } from "./axes.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, type LayerOptions, LAYER_OPTIONS } from "./options.ts";

export interface UpSamplingOptions extends LayerOptions {
  /** How often each sample is repeated along each axis, or one number for all. Default 2. */
  readonly size?: number | readonly number[];
}

const OPTIONS: OptionNames<UpSamplingOptions> = { size: true, ...LAYER_OPTIONS };

/** Repeats each step: `[N, T, C]` to `[N, T·size, C]`; Keras' `UpSampling1D`. */
export function upSampling1d(options: UpSamplingOptions = {}): Layer {
  return upSamplingLayer(1, options);
}

/** Repeats rows and columns: `[N, H, W, C]` to `[N, H·size, W·size, C]`; Keras' `UpSampling2D`, "nearest". */
export function upSampling2d(options: UpSamplingOptions = {}): Layer {
  return upSamplingLayer(2, options);
}

function upSamplingLayer(dimensions: Dimensions, options: UpSamplingOptions): Layer {
  const factory = `upSampling${dimensions}d`;
  checkOptions(factory, options, OPTIONS);
  const size = checksFor(factory).perAxis("size", options.size, dimensions, 2);
  return makeLayer(
    {
      className: `UpSampling${dimensions}D`,
      factory,
      config: { size },
      axes: axesOf(dimensions),
      advice: spatialAdvice(dimensions),
      call: ([x]) => repeat(x, [1, ...size, 1]),
      window: { size: size.map(() => 1), strides: size.map((one) => 1 / one), dilations: size.map(() => 1) },
    },
    options,
  );
}
