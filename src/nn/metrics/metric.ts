import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { shownValue } from "../../shown-value.ts";

/**
 * A figure over a data set that is seen batch by batch: `reset`, then `update` for each batch, then
 * `result`. Sums are float64 and the result is the same, up to float64's rounding, however the data is cut
 * into batches.
 */
export interface Metric<Result = number> {
  readonly name: string;
  /** Forgets all batches. */
  reset(): void;
  /**
   * Adds a batch.
   * @param outputs the model's outputs: for classes, logits or probabilities `[N, classes]`, row-major; for a
   *   quantity, its predictions
   * @param targets the true values: for classes, N labels 0 … classes-1; for a quantity, as many numbers as
   *   outputs
   * @throws AuricleError, and then the batch is not added: "shape" when the lengths do not fit, "data" when
   *   a label is out of range, "numeric" when an output is NaN and a class has to be chosen
   */
  update(outputs: Float32Array, targets: ArrayLike<number>): void;
  /**
   * The figure over all batches since `reset`.
   * @throws AuricleError "data" when there were too few examples.
   */
  result(): Result;
}

export interface ClassificationMetricOptions {
  /** How many classes the model tells apart. */
  readonly classes: number;
}

/** Runs one batch through a new metric: how the plain functions are made. */
export function evaluateOnce<Result>(
  metric: Metric<Result>,
  outputs: Float32Array,
  targets: ArrayLike<number>,
): Result {
  metric.update(outputs, targets);
  return metric.result();
}

export function requireExamples(metric: string, count: number, least: number): void {
  if (count < least) {
    throw new AuricleError(
      "data",
      `${metric}: needs at least ${least} example${least === 1 ? "" : "s"}; got ${shownValue(count)}; ` +
        "is the data set empty?",
    );
  }
}

/** The names of {@link ClassificationMetricOptions}. */
export const CLASSIFICATION_OPTIONS: OptionNames<ClassificationMetricOptions> = { classes: true };

/** The option of that name. @throws AuricleError "argument" for other options. */
export function classesOption(metric: string, options: ClassificationMetricOptions): number {
  checkOptions(metric, options, CLASSIFICATION_OPTIONS);
  checkClasses(metric, options.classes);
  return options.classes;
}

/** @throws AuricleError "argument" unless `classes` is a whole number above 0. */
export function checkClasses(metric: string, classes: number): void {
  if (!Number.isInteger(classes) || classes < 1) {
    throw new AuricleError(
      "argument",
      `${metric}: classes must be a whole number above 0; got ${shownValue(classes)}`,
    );
  }
}

/** Checks a batch of a classification: lengths, labels, and that every output can be compared. */
export function checkClassification(
  metric: string,
  outputs: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
): void {
  if (outputs.length !== labels.length * classes) {
    throw new AuricleError(
      "shape",
      `${metric}: outputs must be [N,classes] and labels [N]; got ${outputs.length} outputs, ` +
        `${labels.length} labels, ${classes} classes`,
    );
  }
  for (let n = 0; n < labels.length; n++) {
    const label = labels[n];
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new AuricleError(
        "data",
        `${metric}: a label must be a whole number in 0 … ${classes - 1}; got labels[${n}] = ${label}`,
      );
    }
  }
  const undecided = outputs.findIndex(Number.isNaN);
  if (undecided >= 0) {
    throw new AuricleError(
      "numeric",
      `${metric}: outputs must be comparable; got NaN for example ${Math.floor(undecided / classes)}, ` +
        `class ${undecided % classes}; the model's weights or its input hold NaN or infinities`,
    );
  }
}

/** Checks a batch of a regression: one target for each output. */
export function checkRegression(metric: string, outputs: Float32Array, targets: ArrayLike<number>): void {
  if (outputs.length !== targets.length) {
    throw new AuricleError(
      "shape",
      `${metric}: there must be one target for each output; got ${outputs.length} outputs, ` +
        `${targets.length} targets`,
    );
  }
}
