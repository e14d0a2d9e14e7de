export { binaryCrossEntropy, type BinaryCrossEntropyOptions } from "./binary-cross-entropy.ts";
export { balancedClassWeights } from "./class-weights.ts";
export type { LossOptions } from "./loss.ts";
export { categoricalHinge, hinge, klDivergence, squaredHinge } from "./margins.ts";
export { radialBasisLoss } from "./radial-basis.ts";
export {
  cosineSimilarity,
  huber,
  logCosh,
  meanAbsoluteError,
  meanSquaredError,
  poisson,
  type HuberOptions,
} from "./regression.ts";
export {
  isLossName,
  LOSS_NAMES,
  lossOf,
  type AnswerKind,
  type Loss,
  type LossConfig,
  type LossFunction,
  type LossName,
  type LossParameters,
  type TargetKind,
} from "./registry.ts";
export { softmaxCrossEntropy, type SoftmaxCrossEntropyOptions } from "./softmax-cross-entropy.ts";
