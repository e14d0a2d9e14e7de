export {
  accuracy,
  accuracyMetric,
  topKAccuracy,
  topKAccuracyMetric,
  type TopKAccuracyOptions,
} from "./accuracy.ts";
export {
  classificationReport,
  confusionMatrix,
  confusionMatrixMetric,
  type ClassificationReport,
  type ClassScores,
} from "./confusion-matrix.ts";
export type { ClassificationMetricOptions, Metric } from "./metric.ts";
export {
  meanAbsoluteError,
  meanAbsoluteErrorMetric,
  meanSquaredError,
  meanSquaredErrorMetric,
  r2,
  r2Metric,
} from "./regression.ts";
