import { AuricleError } from "../../errors.ts";
import { intArray, type IntArray } from "../../tensor/array.ts";
import { formatShape } from "../../tensor/shape.ts";
import {
  checkClassification,
  classesOption,
  evaluateOnce,
  type ClassificationMetricOptions,
  type Metric,
} from "./metric.ts";

/**
 * The confusion matrix over batches, `[classes, classes]`: row = true class, column = predicted class,
 * entry = number of examples (scikit-learn's convention). The predicted class is the one with the greatest output,
 * the first among equals.
 */
export function confusionMatrixMetric(options: ClassificationMetricOptions): Metric<IntArray> {
  return confusionOf("confusionMatrix", options);
}

/** {@link confusionMatrixMetric} as a part of a metric, which errors name. */
export function confusionOf(name: string, options: ClassificationMetricOptions): Metric<IntArray> {
  const classes = classesOption(name, options);
  const counts = new Int32Array(classes * classes);
  return {
    name,
    reset() {
      counts.fill(0);
    },
    update(outputs, labels) {
      checkClassification(name, outputs, labels, classes);
      for (let n = 0; n < labels.length; n++) {
        counts[labels[n] * classes + indexOfMaximum(outputs, n * classes, classes)]++;
      }
    },
    result() {
      return intArray(counts.slice(), [classes, classes]);
    },
  };
}

/** {@link confusionMatrixMetric} of one batch: outputs `[N, classes]`, labels `[N]`. */
export function confusionMatrix(outputs: Float32Array, labels: ArrayLike<number>, classes: number): IntArray {
  return evaluateOnce(confusionMatrixMetric({ classes }), outputs, labels);
}

function indexOfMaximum(outputs: Float32Array, start: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) {
    if (outputs[start + c] > outputs[start + best]) best = c;
  }
  return best;
}

/** Precision, recall and their harmonic mean F1, each 0 … 1. */
export interface ClassScores {
  /** The fraction of the examples predicted to be of this class that are. */
  readonly precision: number;
  /** The fraction of the examples of this class that were predicted to be. */
  readonly recall: number;
  readonly f1: number;
}

export interface ClassificationReport {
  /** Examples on the diagonal over all examples. */
  readonly accuracy: number;
  /** For each class its scores and its support: how many examples have it as their label. */
  readonly classes: readonly (ClassScores & { readonly support: number })[];
  /**
   * Unweighted means over the classes that occur, as a label or as a prediction: a rare class counts as much as a frequent
   * one.
   */
  readonly macro: ClassScores;
}

/**
 * Scores per class and their macro means, from a confusion matrix `[classes, classes]` (rows true, columns
 * predicted).
 *
 * A score of 0/0 is 0: the precision of a class never predicted, the recall of a class without examples,
 * the F1 of both, and the accuracy of no examples. A class that is neither a label nor a prediction of any
 * example is left out of the macro means: nothing is known of it. These are scikit-learn's
 * `precision_recall_fscore_support(y, p, zero_division=0)`, whose labels are those that occur in y or p.
 * @throws AuricleError "shape" when the matrix is not square.
 */
export function classificationReport(confusion: IntArray): ClassificationReport {
  const { shape, data } = confusion;
  if (shape.length !== 2 || shape[0] !== shape[1]) {
    throw new AuricleError(
      "shape",
      `classificationReport: the confusion matrix must be [classes,classes]; got ${formatShape(shape)}`,
    );
  }
  const count = shape[0];
  const predictions = new Float64Array(count);
  data.forEach((examples, i) => (predictions[i % count] += examples));
  const classes = Array.from({ length: count }, (_, c) => {
    const hits = data[c * count + c];
    const predicted = predictions[c];
    const support = data.subarray(c * count, (c + 1) * count).reduce((sum, entry) => sum + entry, 0);
    // 2·precision·recall / (precision + recall), with the fractions cleared.
    const f1 = ratio(2 * hits, support + predicted);
    return { precision: ratio(hits, predicted), recall: ratio(hits, support), f1, support };
  });
  const examples = data.reduce((sum, entry) => sum + entry, 0);
  const hits = classes.reduce((sum, _, c) => sum + data[c * count + c], 0);
  const occurring = classes.filter(({ support }, c) => support > 0 || predictions[c] > 0);
  const mean = (score: keyof ClassScores) =>
    ratio(
      occurring.reduce((sum, scores) => sum + scores[score], 0),
      occurring.length,
    );
  return {
    accuracy: ratio(hits, examples),
    classes,
    macro: { precision: mean("precision"), recall: mean("recall"), f1: mean("f1") },
  };
}

/** a / b, where 0/0 is 0. */
function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}
