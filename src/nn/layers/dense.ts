import { add } from "../../ops/arithmetic.ts";
import { matrixProduct } from "../../ops/matrix-product.ts";
import { reshape } from "../../ops/reshape.ts";
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
 * Fully connected over the last axis: `[N, D]` to `[N, units]`, `[N, …, D]` to `[N, …, units]`, the same weights at each
 * position. Kernel `[D, units]`, bias `[units]`; Keras' `Dense` and its defaults. An image that is to be seen as a whole
 * needs `flatten()` before it.
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
      options: OPTIONS,
      axes: ["…", "features"],
      weights: ([shape]) => weights.specs([shape[shape.length - 1], units], units),
      call([x], context) {
        // All positions are rows of one matrix, so that bias and activation are applied as products are stored.
        const rows = x.shape.length === 2 ? x : reshape(x, [-1, x.shape[x.shape.length - 1]]);
        const products = matrixProduct(rows, context.weight("kernel"));
        const biased = weights.useBias ? add(products, context.weight("bias")) : products;
        return reshape(applyActivation(activation, biased), [...x.shape.slice(0, -1), units]);
      },
      window: ([shape]) => (shape.length === 1 ? "all" : undefined),
      givesProbabilities: givesProbabilities(activation),
    },
    options,
  );
}
