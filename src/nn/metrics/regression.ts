import { checkOptions, type NoOptions } from "../../options.ts";
import { checkRegression, evaluateOnce, requireExamples, type Metric } from "./metric.ts";

/** Mean of |output - target| over batches, in the target's unit. */
export function meanAbsoluteErrorMetric(options: NoOptions = {}): Metric {
  checkOptions("meanAbsoluteError", options, {});
  return meanErrorMetric("meanAbsoluteError", Math.abs);
}

/** Mean of (output - target)² over batches, in the target's unit squared. */
export function meanSquaredErrorMetric(options: NoOptions = {}): Metric {
  checkOptions("meanSquaredError", options, {});
  return meanErrorMetric("meanSquaredError", (error) => error * error);
}

/** The root of {@link meanSquaredErrorMetric}, in the target's unit. */
export function rootMeanSquaredErrorMetric(options: NoOptions = {}): Metric {
  checkOptions("rootMeanSquaredError", options, {});
  const name = "rootMeanSquaredError";
  const squared = meanErrorMetric(name, (error) => error * error);
  return { ...squared, result: () => Math.sqrt(squared.result()) };
}

function meanErrorMetric(name: string, cost: (error: number) => number): Metric {
  let sum = 0;
  let count = 0;
  return {
    name,
    reset() {
      sum = 0;
      count = 0;
    },
    update(outputs, targets) {
      checkRegression(name, outputs, targets);
      for (let i = 0; i < outputs.length; i++) sum += cost(outputs[i] - targets[i]);
      count += outputs.length;
    },
    result() {
      requireExamples(name, count, 1);
      return sum / count;
    },
  };
}

/**
 * R², the coefficient of determination of one quantity over batches: 1 - Σ(target - output)² / Σ(target -
 * mean target)². 1 is perfect, 0 is as good as always giving the mean, below 0 is worse. Where all targets
 * are equal it is 1 if every output is exact, else 0 (scikit-learn's `r2_score`). `result` needs two
 * examples.
 */
export function r2Metric(options: NoOptions = {}): Metric {
  checkOptions("r2", options, {});
  const name = "r2";
  let count = 0;
  let mean = 0;
  let residual = 0;
  let total = 0;
  return {
    name,
    reset() {
      count = mean = residual = total = 0;
    },
    update(outputs, targets) {
      checkRegression(name, outputs, targets);
      for (let i = 0; i < outputs.length; i++) {
        residual += (targets[i] - outputs[i]) ** 2;
        // Welford's recurrence: Σ(t - mean)² without the cancellation of Σt² - n·mean².
        const deviation = targets[i] - mean;
        count++;
        mean += deviation / count;
        total += deviation * (targets[i] - mean);
      }
    },
    result() {
      requireExamples(name, count, 2);
      if (total === 0) return residual === 0 ? 1 : 0;
      return 1 - residual / total;
    },
  };
}

/** {@link meanAbsoluteErrorMetric} of one batch. */
export function meanAbsoluteError(outputs: Float32Array, targets: ArrayLike<number>): number {
  return evaluateOnce(meanAbsoluteErrorMetric(), outputs, targets);
}

/** {@link meanSquaredErrorMetric} of one batch. */
export function meanSquaredError(outputs: Float32Array, targets: ArrayLike<number>): number {
  return evaluateOnce(meanSquaredErrorMetric(), outputs, targets);
}

/** {@link rootMeanSquaredErrorMetric} of one batch. */
export function rootMeanSquaredError(outputs: Float32Array, targets: ArrayLike<number>): number {
  return evaluateOnce(rootMeanSquaredErrorMetric(), outputs, targets);
}

/** {@link r2Metric} of one batch. */
export function r2(outputs: Float32Array, targets: ArrayLike<number>): number {
  return evaluateOnce(r2Metric(), outputs, targets);
}
