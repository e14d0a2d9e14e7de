/** @file Methods that take one batch, and finding a layer. */
import { describe, expect, it } from "vitest";
import { modelToBytes } from "./checkpoint/index.ts";
import { adam } from "./optimizers/index.ts";
import { smallClassifier, stripes } from "./testing/small-models.ts";

const { x, y } = stripes(12);
const weights = Float32Array.from({ length: 12 }, (_, i) => 0.5 + (i % 4));

function compiled() {
  const model = smallClassifier();
  model.compile({
    optimizer: adam({ learningRate: 0.02 }),
    loss: "softmaxCrossEntropy",
    metrics: ["accuracy"],
  });
  return model;
}

describe("trainOnBatch", () => {
  it("makes the same bits as fit on the same batch, dropout, statistics and weights of examples included", async () => {
    const fitted = compiled();
    const options = { sampleWeight: weights, classWeight: { 1: 2 } };
    const history = await fitted.fit(x, y, { ...options, batchSize: 12, epochs: 3, shuffle: false });
    const stepped = compiled();
    for (let step = 0; step < 3; step++) {
      const { loss, accuracy } = await stepped.trainOnBatch(x, y, options);
      expect([loss, accuracy]).toEqual([history.loss[step], history.accuracy[step]]);
    }
    expect(stepped.step).toBe(3);
    expect(modelToBytes(stepped, { includeTraining: false })).toEqual(
      modelToBytes(fitted, { includeTraining: false }),
    );
    stepped.trainer.slots.forEach((slot, i) => expect(slot.view()).toEqual(fitted.trainer.slots[i].view()));
  });

  it("names the example that cannot be used, and the step whose loss is not finite", async () => {
    const model = compiled();
    const wrong = { shape: y.shape, data: y.data.map((label, i) => (i === 5 ? 7 : label)) };
    await expect(model.trainOnBatch(x, wrong)).rejects.toThrow("got 7 for example 5");
    const none = { shape: [0, 6, 6, 1], data: new Float32Array(0) };
    await expect(model.trainOnBatch(none, { shape: [0], data: new Int32Array(0) })).rejects.toThrow(
      "training needs at least one example",
    );
    model.compile({ optimizer: adam({ learningRate: 1e38 }), loss: "softmaxCrossEntropy" });
    await model.trainOnBatch(x, y);
    await expect(model.trainOnBatch(x, y)).rejects.toThrow(/is not finite in step 2: /);
  });

  it("waits for nobody: while fit runs it is refused", async () => {
    const model = compiled();
    const running = model.fit(x, y, { epochs: 2 });
    await expect(model.trainOnBatch(x, y)).rejects.toThrow("fit is already running");
    await running;
  });
});

describe("testOnBatch and predictOnBatch", () => {
  it("give what evaluate and predict give for all examples at once", async () => {
    const model = compiled();
    const evaluated = await model.evaluate(x, y, { batchSize: 12, sampleWeight: weights });
    expect(await model.testOnBatch(x, y, { sampleWeight: weights })).toEqual(evaluated);
    expect(await model.predictOnBatch(x)).toEqual(await model.predict(x, { batchSize: 12 }));
  });
});

describe("getLayer", () => {
  it("finds a layer by name or place, and says which there are", () => {
    const model = smallClassifier();
    expect(model.getLayer("dense_1")).toBe(model.layers[5]);
    expect(model.getLayer(0).name).toBe("conv2d_1");
    expect(model.getLayer(-1).name).toBe("dense_1");
    expect(() => model.getLayer("dense")).toThrow(
      /layers are conv2d_1, .*; got "dense"; did you mean "dense_1"\?/,
    );
    for (const index of [6, -7, 0.5]) {
      expect(() => model.getLayer(index)).toThrow(`has layers 0 … 5, -1 for the last; got ${index}`);
    }
    expect(() => model.freeze("conv2d1")).toThrow('did you mean "conv2d_1"?');
  });
});
