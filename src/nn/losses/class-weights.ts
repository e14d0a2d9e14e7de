import { AuricleError } from "../../errors.ts";

/**
 * Weights that make every class count alike, for `fit({ classWeight })`: examples / (classes · examples of the class), as
 * scikit-learn's `compute_class_weight("balanced", …)`. Their mean over the examples is 1, so that the learning rate
 * keeps its meaning. Classes without examples have weight 0 and are not counted.
 * @param labels the labels of the training examples
 * @throws AuricleError "data" for no labels, or one that is not a whole number in 0 … classes-1
 */
export function balancedClassWeights(labels: ArrayLike<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (let n = 0; n < labels.length; n++) {
    const label = labels[n];
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new AuricleError(
        "data",
        `balancedClassWeights: a label must be a whole number in 0 … ${classes - 1}; got labels[${n}] = ${label}`,
      );
    }
    counts[label]++;
  }
  const present = counts.filter((count) => count > 0).length;
  if (present === 0) {
    throw new AuricleError("data", "balancedClassWeights: needs at least one label; is the data set empty?");
  }
  return counts.map((count) => (count === 0 ? 0 : labels.length / (present * count)));
}
