/** @file The setting by which algorithms are chosen. */
import { platform } from "#platform";
import { AuricleError } from "../errors.ts";

/**
 * How one of several algorithms is chosen. `fixed`: by a rule that depends on shapes and target alone, so the same
 * bits come out every time. `measured`: the fastest in a short measurement, which the machine's next programs for the same
 * shapes, target and threads use again; another machine, or this one after its cache was emptied, may choose
 * otherwise, with other roundings. `direct`: always the plain one, whose rounding errors are the smallest.
 */
export type AlgorithmPolicy = "fixed" | "measured" | "direct";

export const ALGORITHM_POLICIES: readonly AlgorithmPolicy[] = ["fixed", "measured", "direct"];

/**
 * The policy that was asked for; else that of the environment variable AURICLE_ALGORITHMS; else "fixed".
 * @throws AuricleError "argument" if there is none of that name.
 */
export function chooseAlgorithms(wanted?: AlgorithmPolicy): AlgorithmPolicy {
  const name = wanted ?? platform.environment("AURICLE_ALGORITHMS");
  if (!name) return "fixed";
  const policy = ALGORITHM_POLICIES.find((known) => known === name);
  if (policy) return policy;
  throw new AuricleError("argument", `algorithms: one of ${ALGORITHM_POLICIES.join(", ")}; got ${name}`);
}
