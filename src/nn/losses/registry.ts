import { AuricleError } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { formatShape } from "../../tensor/shape.ts";
import { binaryCrossEntropy } from "./binary-cross-entropy.ts";
import { meanOverExamples, type LossOptions } from "./loss.ts";
import { huber, meanAbsoluteError, meanSquaredError } from "./regression.ts";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.ts";

/** What a loss expects of targets, so that they can be checked before they are used. */
export type TargetKind = "classes" | "yes-or-no" | "values";

/** Parameters of a loss, beside its name. */
export interface LossParameters {
  /** Of the cross entropies: 0 … 1, default 0. */
  readonly labelSmoothing?: number;
  /** Of huber: above 0, default 1. */
  readonly delta?: number;
}

interface LossDefinition {
  /** A loss that takes logits refuses a last layer that gives probabilities. */
  readonly takesLogits: boolean;
  readonly targets: TargetKind;
  readonly parameters: readonly (keyof LossParameters)[];
  call(targets: Tensor, outputs: Tensor, options: LossOptions & LossParameters): Tensor;
}

const LOSSES = {
  softmaxCrossEntropy: {
    takesLogits: true,
    targets: "classes",
    parameters: ["labelSmoothing"],
    call: softmaxCrossEntropy,
  },
  binaryCrossEntropy: {
    takesLogits: true,
    targets: "yes-or-no",
    parameters: ["labelSmoothing"],
    call: binaryCrossEntropy,
  },
  meanSquaredError: { takesLogits: false, targets: "values", parameters: [], call: meanSquaredError },
  meanAbsoluteError: { takesLogits: false, targets: "values", parameters: [], call: meanAbsoluteError },
  huber: { takesLogits: false, targets: "values", parameters: ["delta"], call: huber },
} satisfies Record<string, LossDefinition>;

type OwnName = keyof typeof LOSSES;

/**
 * The same losses as TensorFlow.js and Keras spell them. Those take probabilities unless told otherwise; here all cross
 * entropies take logits.
 */
const ALIASES = {
  categoricalCrossentropy: "softmaxCrossEntropy",
  sparseCategoricalCrossentropy: "softmaxCrossEntropy",
  categorical_crossentropy: "softmaxCrossEntropy",
  sparse_categorical_crossentropy: "softmaxCrossEntropy",
  binaryCrossentropy: "binaryCrossEntropy",
  binary_crossentropy: "binaryCrossEntropy",
  mean_squared_error: "meanSquaredError",
  mse: "meanSquaredError",
  mean_absolute_error: "meanAbsoluteError",
  mae: "meanAbsoluteError",
} satisfies Record<string, OwnName>;

/** The names that stand for a loss: `compile({ loss: "softmaxCrossEntropy" })`. Cross entropies take logits. */
export type LossName = OwnName | keyof typeof ALIASES;

/** A loss with parameters, plain JSON: `{ name: "softmaxCrossEntropy", labelSmoothing: 0.1 }`. */
export interface LossConfig extends LossParameters {
  readonly name: LossName;
}

/**
 * A loss of one's own: from targets and outputs to a scalar, or to one loss per example `[N]` (or per position), of
 * which the weighted mean is taken. Examples can only have weights in the second form. It cannot be saved.
 */
export type LossFunction = (targets: Tensor, outputs: Tensor) => Tensor;

/** A loss ready for use. */
export interface Loss {
  readonly name: string;
  /** What a model file stores; absent for a function of the user's. */
  readonly config: LossConfig | undefined;
  readonly takesLogits: boolean;
  /** Absent where anything may do. */
  readonly targets: TargetKind | undefined;
  /** The mean over examples, a scalar. @throws AuricleError "shape" when shapes do not fit. */
  call(targets: Tensor, outputs: Tensor, sampleWeights?: Tensor): Tensor;
}

function isOwnName(name: string): name is OwnName {
  return Object.hasOwn(LOSSES, name);
}

function isAlias(name: string): name is keyof typeof ALIASES {
  return Object.hasOwn(ALIASES, name);
}

/** All names that stand for a loss, aliases included. */
export const LOSS_NAMES: readonly string[] = [...Object.keys(LOSSES), ...Object.keys(ALIASES)];

/** Whether a loss has that name. */
export function isLossName(name: string): name is LossName {
  return isOwnName(name) || isAlias(name);
}

/**
 * What `compile`'s option means.
 * @throws AuricleError "argument" when no loss has that name, or it has no such parameter.
 */
export function lossOf(loss: LossName | LossConfig | LossFunction): Loss {
  if (typeof loss === "function") return customLoss(loss);
  const { name: given, ...parameters } = typeof loss === "string" ? { name: loss } : loss;
  if (!isLossName(given)) {
    throw new AuricleError(
      "argument",
      `loss: name must be one of ${LOSS_NAMES.join(", ")}; got "${String(given)}"`,
    );
  }
  const name = isAlias(given) ? ALIASES[given] : given;
  const definition: LossDefinition = LOSSES[name];
  const known: readonly string[] = definition.parameters;
  const unknown = Object.keys(parameters).find((parameter) => !known.includes(parameter));
  if (unknown !== undefined) {
    const has = known.length > 0 ? `only ${known.join(", ")}` : "no parameters";
    throw new AuricleError("argument", `loss ${name}: has ${has}; got ${unknown}`);
  }
  return {
    name,
    config: { name, ...parameters },
    takesLogits: definition.takesLogits,
    targets: definition.targets,
    call: (targets, outputs, sampleWeights) =>
      definition.call(targets, outputs, { ...parameters, ...(sampleWeights && { sampleWeights }) }),
  };
}

function customLoss(loss: LossFunction): Loss {
  const name = loss.name || "loss function";
  return {
    name,
    config: undefined,
    takesLogits: false,
    targets: undefined,
    call(targets, outputs, sampleWeights) {
      const result = loss(targets, outputs);
      if (result.shape.length > 0 && result.shape[0] === outputs.shape[0]) {
        return meanOverExamples(name, result, sampleWeights);
      }
      if (result.shape.length > 0) {
        throw new AuricleError(
          "shape",
          `${name}: must return a scalar or one loss per example, [${outputs.shape[0]},…]; ` +
            `got ${formatShape(result.shape)}`,
        );
      }
      if (sampleWeights) {
        throw new AuricleError(
          "argument",
          `${name}: returns a scalar, which cannot be weighted by example; return one loss per example, ` +
            `[${outputs.shape[0]}], to use sample or class weights`,
        );
      }
      return result;
    },
  };
}
