/**
 * @file Figures of taggers, by the order in which a tag's outputs put the examples. They need no threshold, and logits do as
 * well as probabilities. A target above 0.5 means that the example has the tag.
 */
import { AuricleError } from "../../errors.ts";
import {
  classesOption,
  evaluateOnce,
  requireExamples,
  type ClassificationMetricOptions,
  type Metric,
} from "./metric.ts";

/**
 * Average precision: Σ (recall at k - recall at k-1) · precision at k, over the distinct outputs from the highest down,
 * where equal outputs count as one step; scikit-learn's `average_precision_score`.
 * @param outputs `[N]`, higher for those that rather have the tag
 * @param targets `[N]`, above 0.5 for those that have it
 * @returns 0 … 1, or NaN when no example has the tag
 * @throws AuricleError "shape" when the lengths differ, "numeric" for a NaN among the outputs
 */
export function averagePrecision(outputs: ArrayLike<number>, targets: ArrayLike<number>): number {
  const steps = stepsDown("averagePrecision", outputs, targets);
  const positives = steps.reduce((sum, step) => sum + step.positives, 0);
  let found = 0;
  let seen = 0;
  let total = 0;
  for (const step of steps) {
    found += step.positives;
    seen += step.positives + step.negatives;
    total += (step.positives / positives) * (found / seen);
  }
  return positives === 0 ? NaN : total;
}

/**
 * The area under the receiver operating characteristic: how often an example with the tag has a higher output than one
 * without, equal outputs counting one half (midranks, Mann-Whitney's U); scikit-learn's `roc_auc_score`.
 * @param outputs `[N]`, higher for those that rather have the tag
 * @param targets `[N]`, above 0.5 for those that have it
 * @returns 0 … 1, or NaN when all examples have the tag, or none
 * @throws AuricleError "shape" when the lengths differ, "numeric" for a NaN among the outputs
 */
export function rocAuc(outputs: ArrayLike<number>, targets: ArrayLike<number>): number {
  let positives = 0;
  let negatives = 0;
  let ordered = 0;
  for (const step of stepsDown("rocAuc", outputs, targets)) {
    // Those found before have higher outputs than the negatives of this step.
    ordered += (positives + step.positives / 2) * step.negatives;
    positives += step.positives;
    negatives += step.negatives;
  }
  return ordered / (positives * negatives);
}

/**
 * The mean over tags of {@link averagePrecision}, over batches. Tags that no example has are left out; where none has any it
 * is NaN. Keeps all outputs until `reset`.
 * @param options.classes the number of tags
 */
export function meanAveragePrecisionMetric(options: ClassificationMetricOptions): Metric {
  return macroMetric("meanAveragePrecision", options, averagePrecision);
}

/**
 * The mean over tags of {@link rocAuc}, over batches. Tags that all examples have, or none, are left out; where no tag
 * remains it is NaN. Keeps all outputs until `reset`.
 * @param options.classes the number of tags
 */
export function rocAucMetric(options: ClassificationMetricOptions): Metric {
  return macroMetric("rocAuc", options, rocAuc);
}

/** {@link meanAveragePrecisionMetric} of one batch: outputs and targets `[N, classes]`. */
export function meanAveragePrecision(
  outputs: Float32Array,
  targets: ArrayLike<number>,
  classes: number,
): number {
  return evaluateOnce(meanAveragePrecisionMetric({ classes }), outputs, targets);
}

/** {@link rocAucMetric} of one batch: outputs and targets `[N, classes]`. */
export function macroRocAuc(outputs: Float32Array, targets: ArrayLike<number>, classes: number): number {
  return evaluateOnce(rocAucMetric({ classes }), outputs, targets);
}

/** Examples with one and the same output. */
interface Step {
  readonly positives: number;
  readonly negatives: number;
}

/** The distinct outputs from the highest to the lowest. */
function stepsDown(where: string, outputs: ArrayLike<number>, targets: ArrayLike<number>): readonly Step[] {
  if (outputs.length !== targets.length) {
    throw new AuricleError(
      "shape",
      `${where}: there must be one target for each output; got ${outputs.length} outputs, ${targets.length} targets`,
    );
  }
  const order = Uint32Array.from(outputs, (output, i) => {
    if (!Number.isNaN(output)) return i;
    throw new AuricleError(
      "numeric",
      `${where}: outputs must be comparable; got NaN for example ${i}; the model's weights or its input hold NaN or ` +
        "infinities",
    );
  }).sort((a, b) => outputs[b] - outputs[a]);
  const steps: { positives: number; negatives: number }[] = [];
  order.forEach((example, rank) => {
    if (rank === 0 || outputs[example] !== outputs[order[rank - 1]])
      steps.push({ positives: 0, negatives: 0 });
    const step = steps[steps.length - 1];
    if (targets[example] > 0.5) step.positives++;
    else step.negatives++;
  });
  return steps;
}

function macroMetric(
  name: string,
  options: ClassificationMetricOptions,
  figure: (outputs: ArrayLike<number>, targets: ArrayLike<number>) => number,
): Metric {
  const classes = classesOption(name, options);
  let outputs: number[][] = [];
  let targets: number[][] = [];
  const reset = () => {
    outputs = Array.from({ length: classes }, () => []);
    targets = Array.from({ length: classes }, () => []);
  };
  reset();
  return {
    name,
    reset,
    update(batchOutputs, batchTargets) {
      if (batchOutputs.length !== batchTargets.length || batchOutputs.length % classes !== 0) {
        throw new AuricleError(
          "shape",
          `${name}: outputs and targets must be [N,classes]; got ${batchOutputs.length} outputs, ` +
            `${batchTargets.length} targets, ${classes} classes`,
        );
      }
      for (let i = 0; i < batchOutputs.length; i++) {
        outputs[i % classes].push(batchOutputs[i]);
        targets[i % classes].push(batchTargets[i]);
      }
    },
    result() {
      requireExamples(name, outputs[0].length, 1);
      const figures = outputs.map((column, tag) => figure(column, targets[tag]));
      const defined = figures.filter((one) => !Number.isNaN(one));
      return defined.reduce((sum, one) => sum + one, 0) / defined.length;
    },
  };
}
