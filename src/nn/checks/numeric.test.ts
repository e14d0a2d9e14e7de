import { describe, expect, it } from "vitest";
import { floatArray } from "../../tensor/array.ts";
import { dense, maxPooling2d, flatten, conv2d } from "../layers/index.ts";
import { log, sqrt } from "../../ops/exponential.ts";
import { subtract } from "../../ops/arithmetic.ts";
import { sequential } from "../model.ts";
import { sgd } from "../optimizers/index.ts";
import { line, linearModel, smallClassifier, stripes } from "../testing/small-models.ts";

describe("a loss or gradient that is not finite", () => {
  it("names the operation in the loss: a logarithm of 0", async () => {
    const model = linearModel();
    model.compile({ optimizer: "sgd", loss: (_y, z) => log(subtract(z, z)) });
    const { x, y } = line(4);
    await expect(model.fit(x, y)).rejects.toThrow(
      /^linear: the loss \(-Infinity\) is not finite in epoch 1, batch 1: first in the loss, operation log\. Likely: a logarithm of 0/,
    );
  });

  it("names the layer whose numbers became too large, past pooling that pads with -infinity", async () => {
    const model = sequential(
      [
        conv2d({ filters: 2, kernelSize: 3, padding: "same", name: "first", inputShape: [6, 6, 1] }),
        maxPooling2d({ poolSize: 4, padding: "same" }),
        flatten(),
        dense({ units: 3, name: "last" }),
      ],
      { threads: 1, name: "net" },
    );
    const weights = new Map(model.getWeights());
    weights.set("last/kernel", floatArray(new Float32Array(24).fill(3e38), [8, 3]));
    model.setWeights(weights);
    model.compile({ optimizer: "sgd", loss: "softmaxCrossEntropy" });
    const { x, y } = stripes(6);
    const scaled = { shape: x.shape, data: x.data.map((value) => 100 * Math.abs(value)) };
    const failure = model.fit(scaled, y);
    await expect(failure).rejects.toThrow(/first in layer last, operation matmul/);
    await expect(failure).rejects.toMatchObject({ code: "numeric" });
  });

  it("names a gradient, and leaves the weights as before the step", async () => {
    const model = linearModel();
    // √0 is fine, its derivative is not.
    model.compile({ optimizer: "sgd", loss: (_y, z) => sqrt(subtract(z, z)) });
    const before = model.getWeights();
    const { x, y } = line(4);
    await expect(model.fit(x, y)).rejects.toThrow(
      /a gradient is not finite in epoch 1, batch 1: first in the gradient of the loss, operation divide/,
    );
    expect(model.getWeights()).toEqual(before);
  });

  it("leaves running statistics as before the step too", async () => {
    const model = smallClassifier();
    model.compile({ optimizer: "sgd", loss: (_y, z) => log(subtract(z, z)) });
    const before = model.getWeights();
    const { x, y } = stripes(6);
    await expect(model.fit(x, y)).rejects.toMatchObject({ code: "numeric" });
    expect(model.getWeights()).toEqual(before);
  });

  it("names a weight that was set so", async () => {
    const model = linearModel();
    const weights = new Map(model.getWeights());
    weights.set("dense_1/bias", floatArray([NaN], [1]));
    model.setWeights(weights);
    model.compile({ optimizer: "sgd", loss: "mse" });
    const { x, y } = line(4);
    await expect(model.fit(x, y)).rejects.toThrow(
      /the loss \(NaN\) is not finite .*: weight dense_1\/bias holds a NaN or an infinity before the step/,
    );
  });

  it("comes from a learning rate too high, in a later batch", async () => {
    const model = linearModel();
    model.compile({ optimizer: sgd({ learningRate: 1e12 }), loss: "mse" });
    const { x, y } = line(64);
    await expect(model.fit(x, y, { epochs: 9, batchSize: 8 })).rejects.toThrow(
      /in epoch 1, batch [2-8]: .*the learning rate 1000000000000 may be too high: try a tenth of it/,
    );
  });

  it("does not end the training when that is not wanted", async () => {
    const model = linearModel();
    model.compile({ optimizer: "sgd", loss: (_y, z) => log(subtract(z, z)), metrics: ["meanSquaredError"] });
    const { x, y } = line(4);
    const { loss, meanSquaredError } = await model.fit(x, y, { epochs: 2, terminateOnNaN: false });
    expect(loss.map(Number.isFinite)).toEqual([false, false]);
    expect(meanSquaredError).toEqual([NaN, NaN]);
  });
});
