import { AuricleError } from "../../errors.ts";
import { checkOptions } from "../../options.ts";
import {
  checkClasses,
  classesOption,
  CLASSIFICATION_OPTIONS,
  checkClassification,
  evaluateOnce,
  requireExamples,
  type ClassificationMetricOptions,
  type Metric,
} from "./metric.ts";
import { shownValue } from "../../shown-value.ts";

export interface TopKAccuracyOptions extends ClassificationMetricOptions {
  /** 1 … classes; default 5, as in Keras. */
  readonly k?: number;
}

/**
 * Accuracy over batches, 0 … 1: how often the class with the greatest output (of equals, the first) is the
 * label.
 */
export function accuracyMetric(options: ClassificationMetricOptions): Metric {
  return hitRate("accuracy", classesOption("accuracy", options), 1);
}

/**
 * Top-k accuracy over batches, 0 … 1: how often the label is among the k classes with the greatest outputs.
 * Among equal outputs, lower classes come first, so k = 1 is the accuracy.
 * @throws AuricleError "argument" when k is not a whole number in 1 … classes.
 */
export function topKAccuracyMetric(options: TopKAccuracyOptions): Metric {
  checkOptions("topKAccuracy", options, { ...CLASSIFICATION_OPTIONS, k: true });
  const { classes, k = 5 } = options;
  checkClasses("topKAccuracy", classes);
  if (!Number.isInteger(k) || k < 1 || k > classes) {
    throw new AuricleError(
      "argument",
      `topKAccuracy: k must be a whole number in 1 … ${classes}, the number of classes; got ${shownValue(k)}`,
    );
  }
  return hitRate("topKAccuracy", classes, k);
}

/** {@link accuracyMetric} of one batch: outputs `[N, classes]`, labels `[N]`. */
export function accuracy(outputs: Float32Array, labels: ArrayLike<number>, classes: number): number {
  return evaluateOnce(accuracyMetric({ classes }), outputs, labels);
}

/** {@link topKAccuracyMetric} of one batch: outputs `[N, classes]`, labels `[N]`. */
export function topKAccuracy(
  outputs: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
  k?: number,
): number {
  return evaluateOnce(topKAccuracyMetric({ classes, k }), outputs, labels);
}

function hitRate(name: string, classes: number, k: number): Metric {
  let hits = 0;
  let count = 0;
  return {
    name,
    reset() {
      hits = 0;
      count = 0;
    },
    update(outputs, labels) {
      checkClassification(name, outputs, labels, classes);
      for (let n = 0; n < labels.length; n++) {
        if (rankOf(outputs, n * classes, classes, labels[n]) < k) hits++;
      }
      count += labels.length;
    },
    result() {
      requireExamples(name, count, 1);
      return hits / count;
    },
  };
}

/** How many classes come before `label` in the row that begins at `start`. */
function rankOf(outputs: Float32Array, start: number, classes: number, label: number): number {
  const own = outputs[start + label];
  let rank = 0;
  for (let c = 0; c < classes; c++) {
    const other = outputs[start + c];
    if (other > own || (other === own && c < label)) rank++;
  }
  return rank;
}
