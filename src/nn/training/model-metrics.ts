/** @file Metrics by name, for the outputs and targets that a model has. */
import { AuricleError } from "../../errors.ts";
import { sizeOf, type Shape } from "../../tensor/shape.ts";
import type { Loss } from "../losses/index.ts";
import {
  accuracyMetric,
  macroF1Metric,
  meanAveragePrecisionMetric,
  rocAucMetric,
  rootMeanSquaredErrorMetric,
  meanAbsoluteErrorMetric,
  meanSquaredErrorMetric,
  r2Metric,
  topKAccuracyMetric,
  type Metric,
} from "../metrics/index.ts";
import { classesOf } from "./check-examples.ts";
import type { TargetSpec } from "./example-source.ts";

/** What is known when a metric is made. */
interface MetricContext {
  readonly loss: Loss;
  /** Of one example. */
  readonly outputShape: Shape;
}

const BY_NAME = {
  /** How often the greatest output is the label's; with binaryCrossEntropy, how often the logit's sign is right. */
  accuracy: (context: MetricContext) =>
    context.loss.targets === "yes-or-no" ? signAccuracy() : overClasses(context, accuracyMetric),
  /** Of the five greatest outputs. */
  topKAccuracy: (context: MetricContext) => overClasses(context, topKAccuracyMetric),
  /** The unweighted mean of the classes' F1. */
  macroF1: (context: MetricContext) => overClasses(context, macroF1Metric),
  /** Means over tags; they rank outputs, so logits do as well as probabilities. */
  meanAveragePrecision: (context: MetricContext) => meanAveragePrecisionMetric(tagsOf(context)),
  rocAuc: (context: MetricContext) => rocAucMetric(tagsOf(context)),
  meanAbsoluteError: () => meanAbsoluteErrorMetric(),
  rootMeanSquaredError: () => rootMeanSquaredErrorMetric(),
  meanSquaredError: () => meanSquaredErrorMetric(),
  r2: () => r2Metric(),
} satisfies Record<string, (context: MetricContext) => Metric>;

/** The names that stand for a metric: `compile({ metrics: ["accuracy"] })`. */
export type MetricName = keyof typeof BY_NAME;

/** All names that stand for a metric. */
export const METRIC_NAMES: readonly string[] = Object.keys(BY_NAME);

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(BY_NAME, name);
}

/**
 * The metric of that name, or the metric itself.
 * @throws AuricleError "argument" when there is none, or it does not suit the outputs.
 */
export function metricOf(metric: MetricName | Metric, loss: Loss, outputShape: Shape): Metric {
  if (typeof metric !== "string") return metric;
  if (!isMetricName(metric)) {
    throw new AuricleError(
      "argument",
      `metric: name must be one of ${METRIC_NAMES.join(", ")}; got "${String(metric)}"`,
    );
  }
  return BY_NAME[metric]({ loss, outputShape });
}

/**
 * Targets as metrics take them: rows of class probabilities become labels where the loss is about classes.
 * @param classes length of the outputs' last axis
 */
export function metricTargets(
  targets: Float32Array | Int32Array,
  target: TargetSpec,
  loss: Loss,
  outputShape: Shape,
): ArrayLike<number> {
  const isRows =
    loss.targets === "classes" && target.dtype === "float32" && sizeOf(target.shape) === sizeOf(outputShape);
  return isRows ? classesOf(targets, outputShape[outputShape.length - 1]) : targets;
}

function tagsOf({ outputShape }: MetricContext): { classes: number } {
  return { classes: outputShape.at(-1) ?? 1 };
}

function overClasses({ outputShape }: MetricContext, make: (options: { classes: number }) => Metric): Metric {
  const classes = outputShape.at(-1) ?? 1;
  if (classes < 2) {
    throw new AuricleError(
      "argument",
      `metric accuracy: the outputs' last axis must have at least 2 classes; got ${classes}; use the loss ` +
        `binaryCrossEntropy for one yes-or-no output, or the metric meanAbsoluteError for a quantity`,
    );
  }
  return make({ classes });
}

/** Accuracy of independent yes-or-no outputs, given as logits: above 0 means yes. */
function signAccuracy(): Metric {
  let right = 0;
  let count = 0;
  return {
    name: "accuracy",
    reset() {
      right = 0;
      count = 0;
    },
    update(outputs, targets) {
      for (let i = 0; i < outputs.length; i++) {
        if (outputs[i] > 0 === targets[i] > 0.5) right++;
      }
      count += outputs.length;
    },
    result: () => right / count,
  };
}
