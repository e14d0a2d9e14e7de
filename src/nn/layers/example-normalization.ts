import { AuricleError } from "../../errors.ts";
import { layerNorm } from "../../ops/layer-norm.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { formatShape } from "../../tensor/shape.ts";
import type { Layer } from "../layer.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, type LayerOptions, LAYER_OPTIONS } from "./options.ts";

export interface ExampleNormalizationOptions extends LayerOptions {
  /** Gives each channel (the last axis) a mean and a variance of its own. Default false: one of each for all values. */
  readonly perChannel?: boolean;
  /** Added to the variance under the root. Default 1e-6: an input as quiet as silence stays quiet. */
  readonly epsilon?: number;
}

const OPTIONS: OptionNames<ExampleNormalizationOptions> = {
  perChannel: true,
  epsilon: true,
  ...LAYER_OPTIONS,
};

/**
 * Gives each example mean 0 and variance 1 over all its values, or for each channel over the others: the same in training
 * and inference. A gain of the recording, which is an offset in decibels, changes nothing behind it. No weights; shapes
 * stay.
 */
export function exampleNormalization(options: ExampleNormalizationOptions = {}): Layer {
  checkOptions("exampleNormalization", options, OPTIONS);
  const check = checksFor("exampleNormalization");
  const perChannel = check.boolean("perChannel", options.perChannel, false);
  const epsilon = check.number("epsilon", options.epsilon, 1e-6, 0);
  return makeLayer(
    {
      className: "ExampleNormalization",
      factory: "exampleNormalization",
      config: { perChannel, epsilon },
      call([x]) {
        const axes = x.shape.map((_, axis) => axis).slice(1, perChannel ? -1 : undefined);
        if (axes.length === 0) {
          throw new AuricleError(
            "shape",
            `exampleNormalization: perChannel needs examples with another axis than the channels; got ${formatShape(x.shape)}`,
          );
        }
        return layerNorm(x, { axis: axes, epsilon });
      },
    },
    options,
  );
}
