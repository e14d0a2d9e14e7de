export { binaryCrossEntropy, type BinaryCrossEntropyOptions } from "./binary-cross-entropy.ts";
export { balancedClassWeights } from "./class-weights.ts";
export type { LossOptions } from "./loss.ts";
export { huber, meanAbsoluteError, meanSquaredError, type HuberOptions } from "./regression.ts";
export {
  isLossName,
  LOSS_NAMES,
  lossOf,
  type Loss,
  type LossConfig,
  type LossFunction,
  type LossName,
  type LossParameters,
  type TargetKind,
} from "./registry.ts";
export { softmaxCrossEntropy, type SoftmaxCrossEntropyOptions } from "./softmax-cross-entropy.ts";
