/** @file LeNet-5's pooling: the sum of each window times a trained coefficient, plus a trained bias. */
import { add, multiply } from "../../ops/arithmetic.ts";
import { averagePool2d } from "../../ops/pooling.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { sizeOf } from "../../tensor/shape.ts";
import type { Layer } from "../layer.ts";
import type { WeightSpec } from "../weight-spec.ts";
import { applyActivation, checkActivation, type ActivationOption } from "./activations.ts";
import { axesOf, spatialAdvice } from "./axes.ts";
import { makeLayer } from "./make-layer.ts";
import {
  checksFor,
  initializerConfig,
  type InitializerOption,
  type LayerOptions,
  LAYER_OPTIONS,
} from "./options.ts";

export interface SubsamplingOptions extends LayerOptions, ActivationOption {
  /** Height and width of the windows, which touch, or one number for both. Default 2. */
  readonly poolSize?: number | readonly number[];
  /** Initial values of the coefficients. Default "ones". */
  readonly coefficientInitializer?: InitializerOption;
  /** Initial values of the bias. Default "zeros". */
  readonly biasInitializer?: InitializerOption;
}

const OPTIONS: OptionNames<SubsamplingOptions> = {
  poolSize: true,
  activation: true,
  coefficientInitializer: true,
  biasInitializer: true,
  ...LAYER_OPTIONS,
};

/**
 * activation(coefficient · Σ window + bias), one coefficient and one bias for each channel: `[N, H, W, C]` to
 * `[N, H', W', C]`. LeCun et al. 1998, section II-B, layers S2 and S4.
 */
export function subsampling2d(options: SubsamplingOptions = {}): Layer {
  checkOptions("subsampling2d", options, OPTIONS);
  const check = checksFor("subsampling2d");
  const poolSize = check.perAxis("poolSize", options.poolSize, 2, 2);
  const activation = checkActivation(check, options.activation);
  const coefficient = check.initializer("coefficientInitializer", options.coefficientInitializer, "ones");
  const bias = check.initializer("biasInitializer", options.biasInitializer, "zeros");
  const samples = sizeOf(poolSize);
  return makeLayer(
    {
      className: "Subsampling2D",
      factory: "subsampling2d",
      config: {
        poolSize,
        activation,
        coefficientInitializer: initializerConfig(coefficient),
        biasInitializer: initializerConfig(bias),
      },
      axes: axesOf(2),
      advice: spatialAdvice(2),
      weights: ([[, , channels]]): WeightSpec[] => [
        { name: "coefficient", shape: [channels], initializer: coefficient, trainable: true, decay: false },
        { name: "bias", shape: [channels], initializer: bias, trainable: true, decay: false },
      ],
      call([x], context) {
        const sums = multiply(averagePool2d(x, { poolSize }), samples);
        const scaled = add(multiply(sums, context.weight("coefficient")), context.weight("bias"));
        return applyActivation(activation, scaled);
      },
      window: { size: poolSize, strides: poolSize, dilations: [1, 1], padding: "valid" },
      // The samples of the window and the bias; the coefficient is theirs in common.
      connections: (_, outputShape) => sizeOf(outputShape) * (samples + 1),
    },
    options,
  );
}
