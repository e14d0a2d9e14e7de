/** @file Options about a layer's weights: initializers, regularizers and constraints. */
import type { OptionNames } from "../../options.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { ConstraintOption } from "../constraints.ts";
import type { InitializerName } from "../initializers/index.ts";
import type { WeightSpec } from "../weight-spec.ts";
import type { RegularizerOption } from "../regularizers.ts";
import { initializerConfig, type InitializerOption, type OptionChecks } from "./options.ts";

export interface BiasOptions {
  /** Whether to add a bias. Default true. */
  readonly useBias?: boolean;
  /** Initial values of the bias. Default "zeros" (Keras). */
  readonly biasInitializer?: InitializerOption;
  /** A penalty on the bias, added to the loss. Default: none. */
  readonly biasRegularizer?: RegularizerOption;
  /** The constraint that the bias is brought back to after each update. Default: none. */
  readonly biasConstraint?: ConstraintOption;
}

export const BIAS_OPTIONS: OptionNames<BiasOptions> = {
  useBias: true,
  biasInitializer: true,
  biasRegularizer: true,
  biasConstraint: true,
};

export interface KernelOptions extends BiasOptions {
  /** Initial values of the kernel. Default "glorotUniform" (Keras; PyTorch draws from ± 1/√fanIn). */
  readonly kernelInitializer?: InitializerOption;
  /** A penalty on the kernel, added to the loss. Default: none. */
  readonly kernelRegularizer?: RegularizerOption;
  /** The constraint that the kernel is brought back to after each update. Default: none. */
  readonly kernelConstraint?: ConstraintOption;
}

export const KERNEL_OPTIONS: OptionNames<KernelOptions> = {
  ...BIAS_OPTIONS,
  kernelInitializer: true,
  kernelRegularizer: true,
  kernelConstraint: true,
};

/** The factor and the term of a normalisation. */
export interface CenterAndScaleOptions {
  /** Whether to add the trained offset beta. Default true. */
  readonly center?: boolean;
  /** Whether to multiply by the trained factor gamma. Default true. */
  readonly scale?: boolean;
  /** Initial values of beta. Default "zeros". */
  readonly betaInitializer?: InitializerOption;
  /** Initial values of gamma. Default "ones". */
  readonly gammaInitializer?: InitializerOption;
  /** A penalty on beta, added to the loss. Default: none. */
  readonly betaRegularizer?: RegularizerOption;
  /** A penalty on gamma, added to the loss. Default: none. */
  readonly gammaRegularizer?: RegularizerOption;
  /** The constraint that beta is brought back to after each update. Default: none. */
  readonly betaConstraint?: ConstraintOption;
  /** The constraint that gamma is brought back to after each update. Default: none. */
  readonly gammaConstraint?: ConstraintOption;
}

export const CENTER_AND_SCALE_OPTIONS: OptionNames<CenterAndScaleOptions> = {
  center: true,
  scale: true,
  betaInitializer: true,
  gammaInitializer: true,
  betaRegularizer: true,
  gammaRegularizer: true,
  betaConstraint: true,
  gammaConstraint: true,
};

/** The options about the weight `N`: `kernelInitializer`, `kernelRegularizer`, `kernelConstraint`. */
type WeightOptions<N extends string> = {
  readonly [K in `${N}Initializer`]?: InitializerOption;
} & {
  readonly [K in `${N}Regularizer`]?: RegularizerOption;
} & {
  readonly [K in `${N}Constraint`]?: ConstraintOption;
};

/** The options for one weight, checked. */
export interface WeightRule {
  /** Regularizer and constraint only where they were given. */
  readonly config: Readonly<Record<string, unknown>>;
  /** @param decay whether weight decay applies: to kernels, not to biases and normalisation */
  spec(name: string, shape: Shape, decay: boolean): WeightSpec;
}

/** @param weight the weight's name in the options: "kernel", "depthwise" */
export function weightRule<N extends string>(
  check: OptionChecks,
  weight: N,
  options: WeightOptions<N>,
  fallback: InitializerName,
): WeightRule {
  const [initialized, regularized, constrained] = [
    `${weight}Initializer`,
    `${weight}Regularizer`,
    `${weight}Constraint`,
  ] as const;
  const initializer = check.initializer(initialized, options[initialized], fallback);
  const regularizer = check.regularizer(regularized, options[regularized]);
  const constraint = check.constraint(constrained, options[constrained]);
  return {
    config: {
      [initialized]: initializerConfig(initializer),
      ...(regularizer && { [regularized]: { name: regularizer.name, config: regularizer.config } }),
      ...(constraint && { [constrained]: { name: constraint.name, config: constraint.config } }),
    },
    spec: (name, shape, decay) => ({
      name,
      shape,
      initializer,
      trainable: true,
      decay,
      ...(regularizer && { regularizer }),
      ...(constraint && { constraint }),
    }),
  };
}

/** The options about kernel and bias, checked, with the specifications that follow. */
export interface KernelAndBias {
  readonly useBias: boolean;
  readonly config: Readonly<Record<string, unknown>>;
  specs(kernelShape: Shape, units: number): WeightSpec[];
}

export function kernelAndBias(check: OptionChecks, options: KernelOptions): KernelAndBias {
  const useBias = check.boolean("useBias", options.useBias, true);
  const kernel = weightRule(check, "kernel", options, "glorotUniform");
  const bias = weightRule(check, "bias", options, "zeros");
  return {
    useBias,
    config: { useBias, ...kernel.config, ...bias.config },
    specs: (kernelShape, units) => [
      kernel.spec("kernel", kernelShape, true),
      ...(useBias ? [bias.spec("bias", [units], false)] : []),
    ],
  };
}

/** The options about gamma and beta, checked, with the specifications that follow. */
export interface CenterAndScale {
  readonly center: boolean;
  readonly scale: boolean;
  readonly config: Readonly<Record<string, unknown>>;
  specs(shape: Shape): WeightSpec[];
}

export function centerAndScale(check: OptionChecks, options: CenterAndScaleOptions): CenterAndScale {
  const center = check.boolean("center", options.center, true);
  const scale = check.boolean("scale", options.scale, true);
  const beta = weightRule(check, "beta", options, "zeros");
  const gamma = weightRule(check, "gamma", options, "ones");
  return {
    center,
    scale,
    config: { center, scale, ...beta.config, ...gamma.config },
    specs: (shape) => [
      ...(scale ? [gamma.spec("gamma", shape, false)] : []),
      ...(center ? [beta.spec("beta", shape, false)] : []),
    ],
  };
}
