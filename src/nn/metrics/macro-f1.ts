import { classificationReport, confusionMatrixMetric } from "./confusion-matrix.ts";
import { evaluateOnce, requireExamples, type ClassificationMetricOptions, type Metric } from "./metric.ts";

/**
 * Macro-F1 over batches, 0 … 1: for each class 2·precision·recall / (precision + recall), then the mean over the
 * classes that occur as a label or as a prediction, so that a rare class counts as much as a frequent one:
 * scikit-learn's `f1_score(y, p, average="macro", zero_division=0)`.
 */
export function macroF1Metric(options: ClassificationMetricOptions): Metric {
  const name = "macroF1";
  const confusion = confusionMatrixMetric(options);
  let count = 0;
  return {
    name,
    reset() {
      confusion.reset();
      count = 0;
    },
    update(outputs, labels) {
      confusion.update(outputs, labels);
      count += labels.length;
    },
    result() {
      requireExamples(name, count, 1);
      return classificationReport(confusion.result()).macro.f1;
    },
  };
}

/** {@link macroF1Metric} of one batch: outputs `[N, classes]`, labels `[N]`. */
export function macroF1(outputs: Float32Array, labels: ArrayLike<number>, classes: number): number {
  return evaluateOnce(macroF1Metric({ classes }), outputs, labels);
}
