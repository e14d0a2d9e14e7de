import { describe, expect, it } from "vitest";
import { floatArray } from "../../tensor/array.ts";
import { lossOf } from "../losses/index.ts";
import { dense } from "../layers/index.ts";
import { sequential } from "../model.ts";
import { metricOf, metricTargets } from "./model-metrics.ts";

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
});
