export {
  findLearningRate,
  type FindLearningRateOptions,
  type LearningRateCurve,
} from "./find-learning-rate.ts";
export { overfitOneBatch, type OverfitOptions, type OverfitReport } from "./overfit-one-batch.ts";
export {
  diagnoseTraining,
  type DiagnosisData,
  type FindingCode,
  type TrainingDiagnosis,
  type TrainingFinding,
  type TrainingVerdict,
} from "./diagnosis/index.ts";
