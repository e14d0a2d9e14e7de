import { describe, expect, it } from "vitest";
import { floatArray } from "../../tensor/array.ts";
import { lossOf } from "../losses/index.ts";
import { dense } from "../layers/index.ts";
import { sequential } from "../model.ts";
import { isMetricName, METRIC_NAMES, metricOf, metricTargets, type MetricName } from "./model-metrics.ts";

describe("metrics by name", () => {
  it("accuracy of a yes-or-no output goes by the logit's sign", () => {
    const metric = metricOf("accuracy", lossOf("binaryCrossEntropy"), [1]);
    metric.reset();
    metric.update(Float32Array.of(2, -1, 0.5, -3), [1, 1, 0, 0]);
    expect(metric.result()).toBe(0.5);
  });

  it("takes one-hot rows for their labels", async () => {
    const loss = lossOf("softmaxCrossEntropy");
    const rows = Float32Array.of(0, 0, 1, 1, 0, 0);
    expect(metricTargets(rows, { shape: [3], dtype: "float32" }, loss, [3])).toEqual(Int32Array.of(2, 0));
    const model = sequential([dense({ units: 3, useBias: false, inputShape: [3] })], { threads: 1 });
    model.setWeights(new Map([["dense_1/kernel", floatArray([1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3])]]));
    model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    // The identity gives the input: right for the first row, wrong for the second.
    const x = floatArray([0, 0, 1, 0, 1, 0], [2, 3]);
    expect((await model.evaluate(x, floatArray(rows, [2, 3]))).accuracy).toBe(0.5);
  });

  it.each([
    ["precision", "binaryCrossEntropy", [2], 2 / 3],
    ["recall", "binaryCrossEntropy", [2], 2 / 3],
    ["f1", "hinge", [2], 2 / 3],
    ["binaryAccuracy", "squaredHinge", [2], 0.5],
    ["accuracy", "hinge", [2], 0.5],
    ["precision", "meanSquaredError", [1], 0.5],
    ["acc", "binaryCrossEntropy", [2], 0.5],
  ] as const)("%s with the loss %s goes by the threshold that suits it", (name, loss, shape, expected) => {
    const metric = metricOf(name, lossOf(loss), shape);
    expect(metric.name).toBe(name);
    // Above 0: three, of which two are right; above 0.5: two, of which one is right.
    metric.update(Float32Array.of(2, 0.4, 0.6, -3), [1, 1, 0, 1]);
    expect(metric.result()).toBeCloseTo(expected, 12);
  });

  it("precision, recall and f1 of classes are means over the classes", () => {
    const outputs = Float32Array.of(1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0);
    const labels = [0, 1, 1, 1];
    const [precision, recall, f1] = (["precision", "recall", "f1"] as const).map((name) => {
      const metric = metricOf(name, lossOf("softmaxCrossEntropy"), [3]);
      metric.update(outputs, labels);
      return metric.result();
    });
    // Class 0: 1 of 2 predictions right, 1 of 1 found; class 1: 2 of 2, 2 of 3; class 2 does not occur.
    expect(precision).toBeCloseTo((1 / 2 + 1) / 2, 12);
    expect(recall).toBeCloseTo((1 + 2 / 3) / 2, 12);
    expect(f1).toBeCloseTo((2 / 3 + 4 / 5) / 2, 12);
  });

  it("short names are those of the figures", async () => {
    const model = sequential([dense({ units: 1, inputShape: [1] })], { threads: 1 });
    model.compile({ optimizer: "sgd", loss: "mse", metrics: ["mse", "mae"] });
    const x = floatArray([1, 2], [2, 1]);
    const history = await model.fit(x, x, { validationData: [x, x], batchSize: 2 });
    expect(Object.keys(history)).toEqual(expect.arrayContaining(["mse", "mae", "valMse", "valMae"]));
    expect(history.valMse[0]).toBeCloseTo(history.valLoss[0], 6);
  });

  it.each(METRIC_NAMES.filter(isMetricName))(
    "%s stands in the error about outputs that do not fit",
    (name) => {
      for (const loss of ["softmaxCrossEntropy", "binaryCrossEntropy", "meanSquaredError"] as const) {
        const metric = metricOf(name, lossOf(loss), [6]);
        const error = new RegExp(`^metric ${name}: \\w+: `);
        expect(() => metric.update(new Float32Array(12), [0, 1, 0, 1, 0])).toThrow(error);
      }
    },
  );

  it("names the metric that does not suit, or was misspelt", () => {
    const loss = lossOf("meanSquaredError");
    expect(() => metricOf("macroF1", loss, [1])).toThrow(/^metric macroF1: the outputs' last axis must have/);
    expect(() => metricOf("topKAccuracy", loss, [1])).toThrow(/^metric topKAccuracy: /);
    const name = "acuracy" as MetricName;
    expect(() => metricOf(name, loss, [1])).toThrow('got "acuracy"; did you mean "accuracy"?');
    const nothing: unknown = undefined;
    expect(() => metricOf(nothing as MetricName, loss, [1])).toThrow(
      /^metric: name must be one of .*; got undefined/,
    );
  });
});
