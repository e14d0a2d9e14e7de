import { add } from "../../ops/arithmetic.ts";
import { matmul } from "../../ops/matmul.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Layer } from "../layer.ts";
import {
  applyActivation,
  checkActivation,
  givesProbabilities,
  type ActivationOption,
} from "./activations.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, type LayerOptions, LAYER_OPTIONS } from "./options.ts";
import { kernelAndBias, type KernelOptions, KERNEL_OPTIONS } from "./weight-specs.ts";

export interface DenseOptions extends LayerOptions, KernelOptions, ActivationOption {
  /** Number of outputs. */
  readonly units: number;
}

const OPTIONS: OptionNames<DenseOptions> = {
  units: true,
  activation: true,
  ...KERNEL_OPTIONS,
  ...LAYER_OPTIONS,
};

/**
 * Fully connected: `[N, D]` to `[N, units]`. Kernel `[D, units]`, bias `[units]`; Keras' `Dense` and its defaults, but
 * for inputs with more axes, which Keras takes one position at a time: use `conv1d` or `conv2d` of kernel size 1.
 */
export function dense(options: DenseOptions): Layer {
  checkOptions("dense", options, OPTIONS);
  const check = checksFor("dense");
  const units = check.positiveInteger("units", options.units);
  const activation = checkActivation(check, options.activation);
  const weights = kernelAndBias(check, options);
  return makeLayer(
    {
      className: "Dense",
      factory: "dense",
      config: { units, activation, ...weights.config },
      axes: ["features"],
      advice: "put flatten() or a global pooling layer before it",
      weights: ([[features]]) => weights.specs([features, units], units),
      call([x], context) {
        const products = matmul(x, context.weight("kernel"));
        const biased = weights.useBias ? add(products, context.weight("bias")) : products;
        return applyActivation(activation, biased);
      },
      window: "all",
      givesProbabilities: givesProbabilities(activation),
    },
    options,
  );
}
