import { repeat } from "../../ops/repeat.ts";
import { INTERPOLATIONS, resize, type Interpolation } from "../../ops/resize.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Layer } from "../layer.ts";
import { axesOf, spatialAdvice, type Dimensions } from "./axes.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, type LayerOptions, LAYER_OPTIONS } from "./options.ts";

export interface UpSamplingOptions extends LayerOptions {
  /** How often each sample is repeated along each axis, or one number for all. Default 2. */
  readonly size?: number | readonly number[];
}

export interface UpSampling2dOptions extends UpSamplingOptions {
  /** How values between samples are computed: "nearest" repeats samples, "bilinear" draws straight lines between their centres. Default "nearest" (Keras). */
  readonly interpolation?: Interpolation;
}

const OPTIONS: OptionNames<UpSamplingOptions> = { size: true, ...LAYER_OPTIONS };
const OPTIONS_2D: OptionNames<UpSampling2dOptions> = { ...OPTIONS, interpolation: true };

/** Repeats each step: `[N, T, C]` to `[N, T·size, C]`; Keras' `UpSampling1D`. */
export function upSampling1d(options: UpSamplingOptions = {}): Layer {
  checkOptions("upSampling1d", options, OPTIONS);
  const size = checksFor("upSampling1d").perAxis("size", options.size, 1, 2);
  return makeLayer({ ...definitionOf(1, size, {}), call: ([x]) => repeat(x, [1, ...size, 1]) }, options);
}

/** Repeats rows and columns, or interpolates between them: `[N, H, W, C]` to `[N, H·size, W·size, C]`; Keras' `UpSampling2D`. */
export function upSampling2d(options: UpSampling2dOptions = {}): Layer {
  checkOptions("upSampling2d", options, OPTIONS_2D);
  const check = checksFor("upSampling2d");
  const size = check.perAxis("size", options.size, 2, 2);
  const interpolation = check.oneOf("interpolation", options.interpolation, INTERPOLATIONS, "nearest");
  return makeLayer(
    {
      ...definitionOf(2, size, { interpolation }),
      call: ([x]) =>
        resize(
          x,
          size.map((times, axis) => times * x.shape[1 + axis]),
          { interpolation },
        ),
    },
    options,
  );
}

function definitionOf(dimensions: Dimensions, size: readonly number[], own: object) {
  const isBilinear = "interpolation" in own && own.interpolation === "bilinear";
  return {
    className: `UpSampling${dimensions}D`,
    factory: `upSampling${dimensions}d`,
    config: { size, ...own },
    axes: axesOf(dimensions),
    advice: spatialAdvice(dimensions),
    window: {
      size: size.map((times) => (isBilinear && times > 1 ? 2 : 1)),
      strides: size.map((times) => 1 / times),
      dilations: size.map(() => 1),
    },
  };
}
