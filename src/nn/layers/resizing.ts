import { INTERPOLATIONS, resize, type Interpolation } from "../../ops/resize.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Layer, LayerWindow } from "../layer.ts";
import { axesOf, spatialAdvice } from "./axes.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, LAYER_OPTIONS, type LayerOptions } from "./options.ts";

export interface ResizingOptions extends LayerOptions {
  /** Height of the output. */
  readonly height: number;
  /** Width of the output. */
  readonly width: number;
  /** How values between pixels are computed. Default "bilinear" (Keras). */
  readonly interpolation?: Interpolation;
  /** Whether a smaller image is the mean of all that it covers, rather than of two neighbours. Default false (Keras). */
  readonly antialias?: boolean;
}

const OPTIONS: OptionNames<ResizingOptions> = {
  height: true,
  width: true,
  interpolation: true,
  antialias: true,
  ...LAYER_OPTIONS,
};

/** Resizes images: `[N, H, W, C]` to `[N, height, width, C]`; Keras' `Resizing`. Aspect ratios are not kept. */
export function resizing(options: ResizingOptions): Layer {
  checkOptions("resizing", options, OPTIONS);
  const check = checksFor("resizing");
  const size = [
    check.positiveInteger("height", options.height),
    check.positiveInteger("width", options.width),
  ];
  const interpolation = check.oneOf("interpolation", options.interpolation, INTERPOLATIONS, "bilinear");
  const antialias = check.boolean("antialias", options.antialias, false);
  return makeLayer(
    {
      className: "Resizing",
      factory: "resizing",
      config: { height: size[0], width: size[1], interpolation, antialias },
      axes: axesOf(2),
      advice: spatialAdvice(2),
      call: ([x]) => resize(x, size, { interpolation, antialias }),
      window: ([shape]) => windowOf(shape, size, interpolation, antialias),
    },
    options,
  );
}

function windowOf(
  [height, width]: Shape,
  size: readonly number[],
  interpolation: Interpolation,
  antialias: boolean,
): LayerWindow {
  const strides = [height / size[0], width / size[1]];
  const reach = (stride: number) =>
    interpolation === "nearest" || stride === 1 ? 1 : antialias && stride > 1 ? Math.ceil(2 * stride) : 2;
  return { size: strides.map(reach), strides, dilations: [1, 1] };
}
