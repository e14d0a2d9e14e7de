export {
  accuracy,
  accuracyMetric,
  topKAccuracy,
  topKAccuracyMetric,
  type TopKAccuracyOptions,
} from "./accuracy.ts";
export {
  binaryAccuracy,
  binaryAccuracyMetric,
  f1,
  f1Metric,
  precision,
  precisionMetric,
  recall,
  recallMetric,
  type BinaryMetricOptions,
} from "./binary.ts";
export { clipPredictions, outputPredictions, type OutputActivation } from "./clip-predictions.ts";
export {
  classificationReport,
  confusionMatrix,
  confusionMatrixMetric,
  type ClassificationReport,
  type ClassScores,
} from "./confusion-matrix.ts";
export {
  macroF1,
  macroF1Metric,
  macroPrecision,
  macroPrecisionMetric,
  macroRecall,
  macroRecallMetric,
} from "./macro-scores.ts";
export type { ClassificationMetricOptions, Metric } from "./metric.ts";
export {
  averagePrecision,
  macroRocAuc,
  meanAveragePrecision,
  meanAveragePrecisionMetric,
  rocAuc,
  rocAucMetric,
} from "./ranking.ts";
export {
  meanAbsoluteError,
  meanAbsoluteErrorMetric,
  meanSquaredError,
  meanSquaredErrorMetric,
  r2,
  r2Metric,
  rootMeanSquaredError,
  rootMeanSquaredErrorMetric,
} from "./regression.ts";
export { meanAndDeviation, wilsonInterval, type Interval, type MeanAndDeviation } from "./uncertainty.ts";
