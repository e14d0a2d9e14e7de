import { describe, expect, it } from "vitest";
import { intArray } from "../../tensor/array.ts";
import { classificationReport, confusionMatrix, confusionMatrixMetric } from "./index.ts";

/** Outputs whose greatest is at the given class. */
function outputsFor(predictions: readonly number[], classes: number): Float32Array {
  const outputs = new Float32Array(predictions.length * classes).fill(-1);
  predictions.forEach((prediction, n) => (outputs[n * classes + prediction] = 2));
  return outputs;
}

describe("confusionMatrix", () => {
  it("counts true classes in rows and predicted ones in columns", () => {
    const matrix = confusionMatrix(outputsFor([0, 1, 1, 2, 0], 3), [0, 1, 0, 1, 0], 3);
    expect(matrix.shape).toEqual([3, 3]);
    // Pairs true→predicted: 0→0, 1→1, 0→1, 1→2, 0→0.
    expect([...matrix.data]).toEqual([2, 1, 0, 0, 1, 1, 0, 0, 0]);
  });

  it("takes the first of equal outputs", () => {
    expect([...confusionMatrix(new Float32Array([4, 4]), [1], 2).data]).toEqual([0, 0, 1, 0]);
  });

  it("adds batches up, gives a copy, and forgets at reset", () => {
    const metric = confusionMatrixMetric({ classes: 2 });
    metric.update(outputsFor([0, 1], 2), [0, 0]);
    const early = metric.result();
    metric.update(outputsFor([1], 2), [1]);
    expect([...early.data]).toEqual([1, 1, 0, 0]);
    expect([...metric.result().data]).toEqual([1, 1, 0, 1]);
    metric.reset();
    expect([...metric.result().data]).toEqual([0, 0, 0, 0]);
  });

  it("names a label out of range", () => {
    expect(() => confusionMatrix(outputsFor([0], 2), [2], 2)).toThrow(/0 … 1; got labels\[0\] = 2/);
  });
});

describe("classificationReport", () => {
  // Class 0: 3 right of 4, predicted 4. Class 1: 2 right of 3, predicted 5. Class 2: never predicted. Class
  // 3: does not occur.
  const report = classificationReport(intArray([3, 1, 0, 0, 1, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0], [4, 4]));

  it("gives precision, recall, F1 and support of each class, 0/0 being 0", () => {
    expect(report.classes[0]).toEqual({ precision: 3 / 4, recall: 3 / 4, f1: 3 / 4, support: 4 });
    // F1 = 2·(2/5)·(2/3) / (2/5 + 2/3) = (8/15) / (16/15) = 1/2.
    expect(report.classes[1]).toEqual({ precision: 2 / 5, recall: 2 / 3, f1: 1 / 2, support: 3 });
    expect(report.classes[2]).toEqual({ precision: 0, recall: 0, f1: 0, support: 2 });
    expect(report.classes[3]).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
  });

  it("gives macro means over the classes that occur, as scikit-learn 1.9.1 does", () => {
    // precision_recall_fscore_support(y, p, zero_division=0, average="macro") for the examples of this matrix
    // gave (0.3833333333333333, 0.47222222222222215, 0.4166666666666667).
    expect(report.macro.precision).toBeCloseTo(0.3833333333333333, 14);
    expect(report.macro.recall).toBeCloseTo(0.47222222222222215, 14);
    expect(report.macro.f1).toBeCloseTo(0.4166666666666667, 14);
  });

  it("counts a class that is predicted alone, and never right, in the macro means", () => {
    // The same with one more example of class 0 that is taken for class 3; scikit-learn gave the figures.
    const { macro } = classificationReport(
      intArray([3, 1, 0, 1, 1, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0], [4, 4]),
    );
    expect(macro.precision).toBeCloseTo(0.2875, 14);
    expect(macro.recall).toBeCloseTo(0.31666666666666665, 14);
    expect(macro.f1).toBeCloseTo(0.29166666666666663, 14);
  });

  it("gives the accuracy: 5 of 9 on the diagonal", () => {
    expect(report.accuracy).toBe(5 / 9);
  });

  it("is all zeros for an empty matrix", () => {
    const zero = { precision: 0, recall: 0, f1: 0 };
    expect(classificationReport(intArray([0, 0, 0, 0], [2, 2]))).toEqual({
      accuracy: 0,
      classes: [
        { ...zero, support: 0 },
        { ...zero, support: 0 },
      ],
      macro: zero,
    });
  });

  it("refuses what is not square", () => {
    expect(() => classificationReport(intArray([1, 2], [1, 2]))).toThrow(/classificationReport: .*\[1,2\]/);
  });
});
