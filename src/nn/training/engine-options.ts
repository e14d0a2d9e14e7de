/** @file The options of how a model's programs are compiled, whatever they compute. */
import type { CompileOptions } from "../../graph/compile.ts";
import type { OptionNames } from "../../options.ts";
import type { AlgorithmPolicy } from "../../runtime/algorithm-policy.ts";
import type { Precision } from "../../runtime/precision.ts";
import type { TargetName } from "../../runtime/target.ts";
import type { InferenceNetwork } from "../inference-network.ts";

/** How programs are compiled. */
export interface EngineOptions {
  /** Default: the fastest that the JavaScript engine has. */
  readonly target?: TargetName;
  /** Threads, this one included. Default: the number of processors. Results do not depend on it. */
  readonly threads?: number;
  /**
   * How convolutions choose between algorithms. "fixed" by a rule, so that results can be repeated; "measured" by a short
   * measurement, kept for this machine; "direct" never takes Winograd's. Default: AURICLE_ALGORITHMS, else "fixed".
   */
  readonly algorithms?: AlgorithmPolicy;
  /**
   * The type to which `predict` and `evaluate` may round inputs and weights of convolutions and dense layers with many input
   * channels: "bfloat16" is faster and less exact, and takes a processor with AVX512-BF16. Training is always in float32.
   * Default "float32".
   */
  readonly precision?: Precision;
}

/** The names of {@link EngineOptions}. */
export const ENGINE_OPTIONS: OptionNames<EngineOptions> = {
  target: true,
  threads: true,
  algorithms: true,
  precision: true,
};

/** @param precision may be another one than float32 in inference only */
export function compileOptions(
  network: InferenceNetwork,
  { target, threads, algorithms }: EngineOptions,
  precision: Precision = "float32",
): CompileOptions {
  return { target, threads, algorithms, precision, arena: network.arena };
}
