/** @file Metrics by name, for the outputs and targets that a model has. */
import { AuricleError } from "../../errors.ts";
import { didYouMean } from "../../options.ts";
import { sizeOf, type Shape } from "../../tensor/shape.ts";
import type { Loss } from "../losses/index.ts";
import {
  accuracyMetric,
  binaryAccuracyMetric,
  f1Metric,
  macroF1Metric,
  macroPrecisionMetric,
  macroRecallMetric,
  meanAbsoluteErrorMetric,
  meanAveragePrecisionMetric,
  meanSquaredErrorMetric,
  precisionMetric,
  r2Metric,
  recallMetric,
  rocAucMetric,
  rootMeanSquaredErrorMetric,
  topKAccuracyMetric,
  type Metric,
} from "../metrics/index.ts";
import { classesOf } from "./check-examples.ts";
import type { TargetSpec } from "./batch.ts";

/** The facts available when a metric is made. */
interface MetricContext {
  readonly loss: Loss;
  /** The output's shape for one example. */
  readonly outputShape: Shape;
}

const BY_NAME = {
  /** How often the greatest output is the label's; for yes-or-no outputs, how often the answer is right. */
  accuracy: (context: MetricContext) =>
    isBinary(context)
      ? binaryAccuracyMetric(thresholdOf(context))
      : overClasses("accuracy", context, accuracyMetric),
  /** Each output is a yes or a no. */
  binaryAccuracy: (context: MetricContext) => binaryAccuracyMetric(thresholdOf(context)),
  /** The accuracy within the five greatest outputs. */
  topKAccuracy: (context: MetricContext) => overClasses("topKAccuracy", context, topKAccuracyMetric),
  /** Over all yes-or-no outputs, or the unweighted mean over classes. */
  precision: (context: MetricContext) => byKind("precision", context, precisionMetric, macroPrecisionMetric),
  recall: (context: MetricContext) => byKind("recall", context, recallMetric, macroRecallMetric),
  f1: (context: MetricContext) => byKind("f1", context, f1Metric, macroF1Metric),
  /** The unweighted mean of the classes' F1. */
  macroF1: (context: MetricContext) => overClasses("macroF1", context, macroF1Metric),
  /** Means over tags; they rank outputs, so logits do as well as probabilities. */
  meanAveragePrecision: (context: MetricContext) => meanAveragePrecisionMetric(tagsOf(context)),
  rocAuc: (context: MetricContext) => rocAucMetric(tagsOf(context)),
  meanAbsoluteError: () => meanAbsoluteErrorMetric(),
  rootMeanSquaredError: () => rootMeanSquaredErrorMetric(),
  meanSquaredError: () => meanSquaredErrorMetric(),
  r2: () => r2Metric(),
} satisfies Record<string, (context: MetricContext) => Metric>;

/** Other names, as in Keras; history has the figure under the name that was given. */
const ALIASES = {
  acc: "accuracy",
  categoricalAccuracy: "accuracy",
  sparseCategoricalAccuracy: "accuracy",
  mae: "meanAbsoluteError",
  mse: "meanSquaredError",
} satisfies Record<string, keyof typeof BY_NAME>;

/** The names that stand for a metric: `compile({ metrics: ["accuracy"] })`. */
export type MetricName = keyof typeof BY_NAME | keyof typeof ALIASES;

/** All names that stand for a metric. */
export const METRIC_NAMES: readonly string[] = [...Object.keys(BY_NAME), ...Object.keys(ALIASES)];

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(BY_NAME, name) || isAlias(name);
}

function isAlias(name: string): name is keyof typeof ALIASES {
  return Object.hasOwn(ALIASES, name);
}

/**
 * The metric of that name, or the metric itself.
 * @throws AuricleError "argument" when there is none, or it does not suit the outputs.
 */
export function metricOf(metric: MetricName | Metric, loss: Loss, outputShape: Shape): Metric {
  if (isMetric(metric)) return metric;
  if (typeof metric !== "string" || !isMetricName(metric)) {
    const came = typeof metric === "function" ? "a function; call it" : JSON.stringify(metric);
    throw new AuricleError(
      "argument",
      `metric: name must be one of ${METRIC_NAMES.join(", ")}; got ${came}${didYouMean(String(metric), METRIC_NAMES)}`,
    );
  }
  const name = isAlias(metric) ? ALIASES[metric] : metric;
  return naming(metric, BY_NAME[name]({ loss, outputShape }));
}

/** The same metric under the name that was given, which its errors begin with: several names can stand for one computation. */
function naming(name: MetricName, metric: Metric): Metric {
  const named = <T>(compute: () => T): T => {
    try {
      return compute();
    } catch (error) {
      if (!(error instanceof AuricleError)) throw error;
      throw new AuricleError(error.code, `metric ${name}: ${error.message}`, { cause: error });
    }
  };
  return {
    name,
    reset: () => metric.reset(),
    update: (outputs, targets) => named(() => metric.update(outputs, targets)),
    result: () => named(() => metric.result()),
  };
}

function isMetric(metric: MetricName | Metric): metric is Metric {
  return typeof metric === "object" && metric !== null && "update" in metric;
}

/** Whether each output is a yes or a no. */
function isBinary({ loss }: MetricContext): boolean {
  return loss.targets === "yes-or-no" || loss.targets === "signs";
}

/** Logits and scores are a yes above 0, probabilities above 0.5. */
function thresholdOf({ loss }: MetricContext): { threshold: number } {
  return { threshold: loss.takesLogits || loss.targets === "signs" ? 0 : 0.5 };
}

/** A figure of yes-or-no outputs where the outputs' last axis has one number or the loss is about such, else of classes. */
function byKind(
  name: string,
  context: MetricContext,
  binary: (options: { threshold: number }) => Metric,
  macro: (options: { classes: number }) => Metric,
): Metric {
  const single = (context.outputShape.at(-1) ?? 1) === 1;
  if (isBinary(context) || single) return binary(thresholdOf(context));
  return overClasses(name, context, macro);
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

function overClasses(
  name: string,
  { outputShape }: MetricContext,
  make: (options: { classes: number }) => Metric,
): Metric {
  const classes = outputShape.at(-1) ?? 1;
  if (classes < 2) {
    throw new AuricleError(
      "argument",
      `metric ${name}: the outputs' last axis must have at least 2 classes; got ${classes}; use the loss ` +
        `binaryCrossEntropy for one yes-or-no output, or the metric meanAbsoluteError for a quantity`,
    );
  }
  return make({ classes });
}
