import { AuricleError } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { checkOptionList, didYouMean } from "../../options.ts";
import { formatShape } from "../../tensor/shape.ts";
import { binaryCrossEntropy } from "./binary-cross-entropy.ts";
import { meanOverExamples, type LossOptions } from "./loss.ts";
import { categoricalHinge, hinge, klDivergence, squaredHinge } from "./margins.ts";
import { radialBasisLoss } from "./radial-basis.ts";
import {
  cosineSimilarity,
  huber,
  logCosh,
  meanAbsoluteError,
  meanSquaredError,
  poisson,
} from "./regression.ts";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.ts";
import { shownValue } from "../../shown-value.ts";

/**
 * The targets that a loss expects, so that they can be checked before they are used: labels or probabilities of classes;
 * 0 … 1 for each output; -1 … 1 for each output; any numbers.
 */
export type TargetKind = "classes" | "yes-or-no" | "signs" | "values";

/** Parameters of a loss, beside its name. */
export interface LossParameters {
  /** Label smoothing, for the cross entropies: 0 … 1, default 0. */
  readonly labelSmoothing?: number;
  /** For huber: above 0, default 1. */
  readonly delta?: number;
  /** For softmaxCrossEntropy: the label of positions that are ignored. Default: none. */
  readonly ignoreIndex?: number;
}

/** Logits of classes, logits of independent yes-or-no outputs, or numbers in the targets' unit. */
export type AnswerKind = "classes" | "yes-or-no" | "values";

interface LossDefinition {
  /** A loss that takes logits refuses a last layer that gives probabilities. */
  readonly takesLogits: boolean;
  readonly targets: TargetKind;
  /** The meaning of outputs as answers; absent where they are neither logits nor the targets' quantity. */
  readonly answers?: AnswerKind;
  readonly parameters: readonly (keyof LossParameters)[];
  call(targets: Tensor, outputs: Tensor, options: LossOptions & LossParameters): Tensor;
}

/** A loss without parameters that does not take logits. */
function plainLoss(call: LossDefinition["call"], targets: TargetKind, answers?: AnswerKind): LossDefinition {
  return { takesLogits: false, targets, answers, parameters: [], call };
}

const LOSSES = {
  softmaxCrossEntropy: {
    takesLogits: true,
    targets: "classes",
    answers: "classes",
    parameters: ["labelSmoothing", "ignoreIndex"],
    call: softmaxCrossEntropy,
  },
  binaryCrossEntropy: {
    takesLogits: true,
    targets: "yes-or-no",
    answers: "yes-or-no",
    parameters: ["labelSmoothing"],
    call: binaryCrossEntropy,
  },
  klDivergence: plainLoss(klDivergence, "classes"),
  hinge: plainLoss(hinge, "signs"),
  squaredHinge: plainLoss(squaredHinge, "signs"),
  categoricalHinge: plainLoss(categoricalHinge, "classes"),
  radialBasis: plainLoss(
    (targets, outputs, { sampleWeights }) =>
      meanOverExamples("radialBasis", radialBasisLoss(targets, outputs), sampleWeights),
    "classes",
    "classes",
  ),
  meanSquaredError: plainLoss(meanSquaredError, "values", "values"),
  meanAbsoluteError: plainLoss(meanAbsoluteError, "values", "values"),
  huber: { ...plainLoss(huber, "values", "values"), parameters: ["delta"] },
  logCosh: plainLoss(logCosh, "values", "values"),
  poisson: plainLoss(poisson, "values"),
  cosineSimilarity: plainLoss(cosineSimilarity, "values"),
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
  kullbackLeiblerDivergence: "klDivergence",
  kl_divergence: "klDivergence",
  squared_hinge: "squaredHinge",
  categorical_hinge: "categoricalHinge",
  mean_squared_error: "meanSquaredError",
  mse: "meanSquaredError",
  mean_absolute_error: "meanAbsoluteError",
  mae: "meanAbsoluteError",
  logcosh: "logCosh",
  log_cosh: "logCosh",
  cosine_similarity: "cosineSimilarity",
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
  /** The loss as a model file stores it; absent for a function of the user's. */
  readonly config: LossConfig | undefined;
  readonly takesLogits: boolean;
  /** Absent where anything may do. */
  readonly targets: TargetKind | undefined;
  /** Absent where outputs cannot be held against targets. */
  readonly answers: AnswerKind | undefined;
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
 * Returns the loss that `compile`'s option stands for.
 * @throws AuricleError "argument" when no loss has that name, or it has no such parameter.
 */
export function lossOf(loss: LossName | LossConfig | LossFunction): Loss {
  if (typeof loss === "function") return customLoss(loss);
  if (typeof loss !== "string" && (typeof loss !== "object" || loss === null)) {
    throw new AuricleError(
      "argument",
      `loss: must be a name, as "softmaxCrossEntropy", a name with parameters, or a function; got ${shownValue(loss)}`,
    );
  }
  const { name: given, ...parameters } = typeof loss === "string" ? { name: loss } : loss;
  if (!isLossName(given)) {
    throw new AuricleError(
      "argument",
      `loss: name must be one of ${LOSS_NAMES.join(", ")}; got "${String(given)}"${didYouMean(String(given), LOSS_NAMES)}`,
    );
  }
  const name = isAlias(given) ? ALIASES[given] : given;
  const definition: LossDefinition = LOSSES[name];
  checkOptionList(`loss ${name}`, parameters, definition.parameters);
  return {
    name,
    config: { name, ...parameters },
    takesLogits: definition.takesLogits,
    targets: definition.targets,
    answers: definition.answers,
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
    answers: undefined,
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
