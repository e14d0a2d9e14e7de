import { add, multiply } from "../../ops/arithmetic.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Layer } from "../layer.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, type LayerOptions, LAYER_OPTIONS } from "./options.ts";

export interface RescalingOptions extends LayerOptions {
  /** The factor for each value: 1 / 255 for bytes. */
  readonly scale: number;
  /** Added after the multiplication. Default 0. */
  readonly offset?: number;
}

const OPTIONS: OptionNames<RescalingOptions> = { scale: true, offset: true, ...LAYER_OPTIONS };

/** scale·x + offset, so that a model takes raw values; Keras' `Rescaling`. Shapes stay. */
export function rescaling(options: RescalingOptions): Layer {
  checkOptions("rescaling", options, OPTIONS);
  const check = checksFor("rescaling");
  const scale = check.number("scale", options.scale, undefined);
  const offset = check.number("offset", options.offset, 0);
  return makeLayer(
    {
      className: "Rescaling",
      factory: "rescaling",
      config: { scale, offset },
      call: ([x]) => add(multiply(x, scale), offset),
    },
    options,
  );
}
