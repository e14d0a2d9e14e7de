/** @file The two weights that most layers have. */
import type { OptionNames } from "../../options.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Initializer } from "../initializers/index.ts";
import type { WeightSpec } from "../layer.ts";
import { initializerConfig, type InitializerOption, type OptionChecks } from "./options.ts";

export interface BiasOptions {
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "zeros" (Keras). */
  readonly biasInitializer?: InitializerOption;
}

export const BIAS_OPTIONS: OptionNames<BiasOptions> = { useBias: true, biasInitializer: true };

export interface KernelOptions extends BiasOptions {
  /** Default "glorotUniform" (Keras; PyTorch draws from ± 1/√fanIn). */
  readonly kernelInitializer?: InitializerOption;
}

export const KERNEL_OPTIONS: OptionNames<KernelOptions> = { ...BIAS_OPTIONS, kernelInitializer: true };

/** The options about kernel and bias, checked, with the specifications that follow. */
export interface KernelAndBias {
  readonly useBias: boolean;
  readonly config: Readonly<Record<string, unknown>>;
  specs(kernelShape: Shape, units: number): WeightSpec[];
}

export function kernelAndBias(check: OptionChecks, options: KernelOptions): KernelAndBias {
  const useBias = check.boolean("useBias", options.useBias, true);
  const kernelInitializer = check.initializer(
    "kernelInitializer",
    options.kernelInitializer,
    "glorotUniform",
  );
  const biasInitializer = check.initializer("biasInitializer", options.biasInitializer, "zeros");
  return {
    useBias,
    config: {
      useBias,
      kernelInitializer: initializerConfig(kernelInitializer),
      biasInitializer: initializerConfig(biasInitializer),
    },
    specs: (kernelShape, units) => [
      kernelSpec("kernel", kernelShape, kernelInitializer),
      ...(useBias ? [biasSpec(units, biasInitializer)] : []),
    ],
  };
}

export function kernelSpec(name: string, shape: Shape, initializer: Initializer): WeightSpec {
  return { name, shape, initializer, trainable: true, decay: true };
}

export function biasSpec(units: number, initializer: Initializer): WeightSpec {
  return { name: "bias", shape: [units], initializer, trainable: true, decay: false };
}
