/** @file Losses for quantities: an example's loss is the mean over its outputs (last axis). */
import { AuricleError } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { multiply, subtract } from "../../ops/arithmetic.ts";
import { abs, clip } from "../../ops/select.ts";
import { matchTargets, meanOverExamples, meanOverOutputs, type LossOptions } from "./loss.ts";

/**
 * Mean of (output - target)², in the target's unit squared. A scalar.
 * @param targets the shape of the outputs, or `[N]` for outputs `[N, 1]`
 * @throws AuricleError "shape" when shapes do not fit.
 */
export function meanSquaredError(targets: Tensor, outputs: Tensor, options: LossOptions = {}): Tensor {
  return meanError("meanSquaredError", targets, outputs, options, (error) => multiply(error, error));
}

/**
 * Mean of |output - target|, in the target's unit. A scalar; the gradient at 0 is 0.
 * @param targets the shape of the outputs, or `[N]` for outputs `[N, 1]`
 * @throws AuricleError "shape" when shapes do not fit.
 */
export function meanAbsoluteError(targets: Tensor, outputs: Tensor, options: LossOptions = {}): Tensor {
  return meanError("meanAbsoluteError", targets, outputs, options, (error) => abs(error));
}

export interface HuberOptions extends LossOptions {
  /** Where the parabola goes over into lines, in the target's unit; above 0; default 1. */
  readonly delta?: number;
}

/**
 * Huber's loss: mean of error² / 2 where |error| ≤ delta, else delta·(|error| - delta / 2). A scalar.
 * @param targets the shape of the outputs, or `[N]` for outputs `[N, 1]`
 * @throws AuricleError "shape" when shapes do not fit, "argument" when delta is not above 0.
 */
export function huber(targets: Tensor, outputs: Tensor, options: HuberOptions = {}): Tensor {
  const { delta = 1 } = options;
  if (!(delta > 0 && delta < Infinity)) {
    throw new AuricleError("argument", `huber: delta must be above 0; got ${delta}`);
  }
  return meanError("huber", targets, outputs, options, (error) => {
    // c·(e - c/2) with c = e cut to ±delta is both pieces in one, and its derivative is c.
    const cut = clip(error, -delta, delta);
    return multiply(cut, subtract(error, multiply(cut, 0.5)));
  });
}

function meanError(
  name: string,
  targets: Tensor,
  outputs: Tensor,
  { sampleWeights }: LossOptions,
  cost: (error: Tensor) => Tensor,
): Tensor {
  const error = subtract(outputs, matchTargets(name, targets, outputs));
  return meanOverExamples(name, meanOverOutputs(cost(error)), sampleWeights);
}
