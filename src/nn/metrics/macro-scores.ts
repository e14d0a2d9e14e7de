/** @file Means over classes of precision, recall and F1, so that a rare class counts as much as a frequent one. */
import { classificationReport, confusionOf, type ClassScores } from "./confusion-matrix.ts";
import { evaluateOnce, requireExamples, type ClassificationMetricOptions, type Metric } from "./metric.ts";

/**
 * Macro-precision over batches, 0 … 1: for each class the share of the examples predicted to be of it that are, then the mean
 * over the classes that occur as a label or as a prediction: scikit-learn's
 * `precision_score(y, p, average="macro", zero_division=0)`.
 */
export function macroPrecisionMetric(options: ClassificationMetricOptions): Metric {
  return macroMetric("macroPrecision", "precision", options);
}

/**
 * Macro-recall over batches, 0 … 1: for each class the share of its examples that were predicted to be of it, then the mean
 * over the classes that occur as a label or as a prediction: scikit-learn's
 * `recall_score(y, p, average="macro", zero_division=0)`.
 */
export function macroRecallMetric(options: ClassificationMetricOptions): Metric {
  return macroMetric("macroRecall", "recall", options);
}

/**
 * Macro-F1 over batches, 0 … 1: for each class 2·precision·recall / (precision + recall), then the mean over the
 * classes that occur as a label or as a prediction: scikit-learn's `f1_score(y, p, average="macro", zero_division=0)`.
 */
export function macroF1Metric(options: ClassificationMetricOptions): Metric {
  return macroMetric("macroF1", "f1", options);
}

/** {@link macroPrecisionMetric} of one batch: outputs `[N, classes]`, labels `[N]`. */
export function macroPrecision(outputs: Float32Array, labels: ArrayLike<number>, classes: number): number {
  return evaluateOnce(macroPrecisionMetric({ classes }), outputs, labels);
}

/** {@link macroRecallMetric} of one batch: outputs `[N, classes]`, labels `[N]`. */
export function macroRecall(outputs: Float32Array, labels: ArrayLike<number>, classes: number): number {
  return evaluateOnce(macroRecallMetric({ classes }), outputs, labels);
}

/** {@link macroF1Metric} of one batch: outputs `[N, classes]`, labels `[N]`. */
export function macroF1(outputs: Float32Array, labels: ArrayLike<number>, classes: number): number {
  return evaluateOnce(macroF1Metric({ classes }), outputs, labels);
}

function macroMetric(name: string, score: keyof ClassScores, options: ClassificationMetricOptions): Metric {
  const confusion = confusionOf(name, options);
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
      return classificationReport(confusion.result()).macro[score];
    },
  };
}
