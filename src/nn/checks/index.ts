export {
  findLearningRate,
  type FindLearningRateOptions,
  type LearningRateCurve,
} from "./find-learning-rate.ts";
export { overfitOneBatch, type OverfitOptions, type OverfitReport } from "./overfit-one-batch.ts";
