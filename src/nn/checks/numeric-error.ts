/** @file The message about a NaN or an infinity: where it arose and what commonly makes it. */
import { AuricleError } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Network } from "../network.ts";
import type { StepResult, Trainer } from "../training/trainer.ts";
import { compileOptions } from "../training/engine-options.ts";
import { LOSS_SCOPE, type StepProgram } from "../training/step-programs.ts";
import { firstNonFinite } from "./first-non-finite.ts";

/** The usual cause of a NaN or an infinity, by operation. */
const CAUSES: Readonly<Record<string, string>> = {
  log: "a logarithm of 0 or of a negative number; add a small number first, or use a loss that takes logits",
  divide: "a division by 0, or a number grown too large",
  sqrt: "a root of a negative number, or its gradient at 0; add a small number first",
  power: "a power of 0 or of a negative number",
  exp: "an exponential above float32's range, e^88",
};

/**
 * The error for a step whose loss or gradients are not finite. The program still holds the step's batch, and the
 * weights are those before it.
 * @param when for the message: "epoch 1, batch 2"
 */
export function numericError(
  trainer: Trainer,
  program: StepProgram,
  result: StepResult,
  when: string,
): AuricleError {
  const { network } = trainer;
  const value = Number.isFinite(result.loss) ? "a gradient" : `the loss (${result.loss})`;
  trainer.prepareRandomKey();
  const found = firstNonFinite(program, compileOptions(network, trainer.engine));
  const rate =
    `the learning rate ${result.learningRate} may be too high: try a tenth of it, or clipNorm: 1; ` +
    `look for inputs that are not scaled to about -1 … 1`;
  const where = found
    ? placeOf(network, program, found.tensor, found.backward)
    : { place: "but not when its operations run one by one: numbers at the limit of float32", cause: rate };
  return new AuricleError(
    "numeric",
    `${network.name}: ${value} is not finite in ${when}: ${where.place}. Likely: ${where.cause ?? rate}. ` +
      `The weights are as they were before this step.`,
  );
}

function placeOf(
  network: Network,
  program: StepProgram,
  tensor: Tensor,
  backward: boolean,
): { place: string; cause?: string } {
  const { name, structure } = tensor.operation;
  if (structure.kind === "input") {
    const index = program.inputs.indexOf(tensor);
    const isTarget = index < network.inputNames.length + program.arrays().targets.length;
    const what = network.inputNames[index] ?? (isTarget ? "targets" : "weights");
    return { place: `${what} holds a NaN or an infinity`, cause: "an unusable example; check the data" };
  }
  if (structure.kind === "variable") {
    const entry = network.weights.find((weight) => network.variable(weight) === tensor);
    return {
      place: `weight ${entry?.path ?? name} holds a NaN or an infinity before the step`,
      cause: "it was set or loaded so, or a step with terminateOnNaN: false made it",
    };
  }
  const owner = tensor.scope === LOSS_SCOPE ? "the loss" : `layer ${layerOf(network, tensor.scope)}`;
  const place = `first in ${backward ? "the gradient of " : ""}${owner}, operation ${name}`;
  return { place, cause: CAUSES[name] };
}

/** The layer that a scope belongs to: the innermost name is a layer's, and may hold slashes itself. */
function layerOf(network: Network, scope: string): string {
  const names = network.layers.map(({ name }) => name);
  return names.find((name) => scope === name || scope.endsWith(`/${name}`)) ?? scope.split("/").at(-1) ?? "";
}
