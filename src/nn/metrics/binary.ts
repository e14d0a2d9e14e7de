/**
 * @file Figures of yes-or-no outputs: each output is taken for a yes above a threshold, each target above 0.5. Keras'
 * `BinaryAccuracy`, `Precision`, `Recall` and `F1Score(average="micro")`, counted over all outputs of all examples.
 */
import { AuricleError } from "../../errors.ts";
import { checkOptions } from "../../options.ts";
import { checkRegression, evaluateOnce, requireExamples, type Metric } from "./metric.ts";
import { shownValue } from "../../shown-value.ts";

export interface BinaryMetricOptions {
  /** An output above it is a yes. Default 0.5, for probabilities; for logits 0. */
  readonly threshold?: number;
}

/** How often answers and targets were what. */
interface Counts {
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
  trueNegatives: number;
}

/** The share of outputs that are a yes or a no as their targets are, over batches, 0 … 1. */
export function binaryAccuracyMetric(options: BinaryMetricOptions = {}): Metric {
  return binaryMetric("binaryAccuracy", options, (counts) => {
    const right = counts.truePositives + counts.trueNegatives;
    return right / (right + counts.falsePositives + counts.falseNegatives);
  });
}

/** The fraction of the positive outputs whose target is positive too, over batches, 0 … 1; 0 where there are none. */
export function precisionMetric(options: BinaryMetricOptions = {}): Metric {
  return binaryMetric("precision", options, ({ truePositives, falsePositives }) =>
    share(truePositives, falsePositives),
  );
}

/** The fraction of the positive targets whose output is positive too, over batches, 0 … 1; 0 where there are none. */
export function recallMetric(options: BinaryMetricOptions = {}): Metric {
  return binaryMetric("recall", options, ({ truePositives, falseNegatives }) =>
    share(truePositives, falseNegatives),
  );
}

/** 2·precision·recall / (precision + recall) over batches, 0 … 1; 0 where neither outputs nor targets have a yes. */
export function f1Metric(options: BinaryMetricOptions = {}): Metric {
  return binaryMetric("f1", options, ({ truePositives, falsePositives, falseNegatives }) =>
    share(2 * truePositives, falsePositives + falseNegatives),
  );
}

/** {@link binaryAccuracyMetric} of one batch: as many targets as outputs. */
export function binaryAccuracy(
  outputs: Float32Array,
  targets: ArrayLike<number>,
  threshold?: number,
): number {
  return evaluateOnce(binaryAccuracyMetric({ threshold }), outputs, targets);
}

/** {@link precisionMetric} of one batch: as many targets as outputs. */
export function precision(outputs: Float32Array, targets: ArrayLike<number>, threshold?: number): number {
  return evaluateOnce(precisionMetric({ threshold }), outputs, targets);
}

/** {@link recallMetric} of one batch: as many targets as outputs. */
export function recall(outputs: Float32Array, targets: ArrayLike<number>, threshold?: number): number {
  return evaluateOnce(recallMetric({ threshold }), outputs, targets);
}

/** {@link f1Metric} of one batch: as many targets as outputs. */
export function f1(outputs: Float32Array, targets: ArrayLike<number>, threshold?: number): number {
  return evaluateOnce(f1Metric({ threshold }), outputs, targets);
}

/** part / (part + rest), where 0/0 is 0. */
function share(part: number, rest: number): number {
  return part === 0 ? 0 : part / (part + rest);
}

function binaryMetric(
  name: string,
  options: BinaryMetricOptions,
  figure: (counts: Counts) => number,
): Metric {
  checkOptions(name, options, { threshold: true });
  const { threshold = 0.5 } = options;
  if (!Number.isFinite(threshold)) {
    throw new AuricleError(
      "argument",
      `${name}: threshold must be a finite number; got ${shownValue(threshold)}`,
    );
  }
  // Outputs are float32: one that was 0.3 there is not above 0.3.
  const least = Math.fround(threshold);
  let counts = noCounts();
  let outputsSeen = 0;
  return {
    name,
    reset() {
      counts = noCounts();
      outputsSeen = 0;
    },
    update(outputs, targets) {
      checkRegression(name, outputs, targets);
      const undecided = outputs.findIndex(Number.isNaN);
      if (undecided >= 0) {
        throw new AuricleError(
          "numeric",
          `${name}: outputs must be comparable; got NaN for output ${undecided}; the model's weights or its input hold ` +
            "NaN or infinities",
        );
      }
      for (let i = 0; i < outputs.length; i++) {
        const yes = targets[i] > 0.5;
        if (outputs[i] > least) counts[yes ? "truePositives" : "falsePositives"]++;
        else counts[yes ? "falseNegatives" : "trueNegatives"]++;
      }
      outputsSeen += outputs.length;
    },
    result() {
      requireExamples(name, outputsSeen, 1);
      return figure(counts);
    },
  };
}

function noCounts(): Counts {
  return { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
}
