import { describe, expect, it } from "vitest";
import { floatArray, intArray } from "../../tensor/array.ts";
import { conv2d, dense, flatten, globalAveragePooling2d, reLU } from "../layers/index.ts";
import { Model } from "../model.ts";
import { sequentialNetwork } from "../network-builders.ts";
import { smallClassifier, stripes } from "../testing/small-models.ts";
import { freezeConvolutionalPart, freezeLayers, replaceHead, transferWeights } from "./index.ts";

const BODY = [
  "conv2d_1/kernel",
  "conv2d_1/bias",
  "batch_normalization_1/gamma",
  "batch_normalization_1/beta",
  "batch_normalization_1/movingMean",
  "batch_normalization_1/movingVariance",
];

function twoLayers(units: number, seed: number) {
  return sequentialNetwork(
    [conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1] }), flatten(), dense({ units })],
    { seed },
  );
}

describe("transferWeights", () => {
  it("copies what has the same path and shape, running statistics included, and says what stayed", () => {
    const from = smallClassifier(undefined, 1);
    from.setWeights(
      new Map(
        [...from.getWeights()].map(([path, { shape, data }]) => [
          path,
          floatArray(
            data.map((_, i) => i),
            shape,
          ),
        ]),
      ),
    );
    const to = replaceHead(smallClassifier(undefined, 2).network, { classes: 7 });
    const before = to.getWeights();
    const report = transferWeights(from, to);
    expect(report.copied).toEqual(BODY);
    expect(report.kept).toEqual([
      { path: "dense_1/kernel", shape: [36, 7], sourceShape: [36, 3] },
      { path: "dense_1/bias", shape: [7], sourceShape: [3] },
    ]);
    expect(report.unused).toEqual([]);
    for (const path of BODY) expect(to.getWeights().get(path)).toEqual(from.getWeights().get(path));
    expect(to.getWeights().get("dense_1/kernel")).toEqual(before.get("dense_1/kernel"));
  });

  it("names what only one of both has", () => {
    const small = sequentialNetwork([dense({ units: 2, inputShape: [3], name: "only" })]);
    const report = transferWeights(smallClassifier(), small);
    expect(report.copied).toEqual([]);
    expect(report.kept.map(({ path, sourceShape }) => [path, sourceShape])).toEqual([
      ["only/kernel", undefined],
      ["only/bias", undefined],
    ]);
    expect(report.unused).toEqual([...BODY, "dense_1/kernel", "dense_1/bias"]);
  });
});

describe("freezeLayers", () => {
  it("freezes up to a layer, or those that a function chooses", () => {
    const { network } = smallClassifier();
    expect(freezeLayers(network, "batch_normalization_1")).toEqual(["conv2d_1", "batch_normalization_1"]);
    expect(network.layers.map(({ trainable }) => trainable)).toEqual([false, false, true, true, true, true]);
    const other = smallClassifier().network;
    expect(freezeLayers(other, ({ layer }) => layer.className === "Dense")).toEqual(["dense_1"]);
    expect(() => freezeLayers(network, "conv")).toThrow(/network small: layers are conv2d_1, .*; got "conv"/);
  });

  it("freezes the convolutional part: all that still has places", () => {
    const network = sequentialNetwork([
      conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1] }),
      reLU(),
      conv2d({ filters: 2, kernelSize: 3 }),
      globalAveragePooling2d(),
      dense({ units: 4 }),
      dense({ units: 2 }),
    ]);
    expect(freezeConvolutionalPart(network)).toEqual(["conv2d_1", "conv2d_2"]);
    expect(network.weights.filter((entry) => !network.isFrozen(entry)).map(({ path }) => path)).toEqual([
      "dense_1/kernel",
      "dense_1/bias",
      "dense_2/kernel",
      "dense_2/bias",
    ]);
  });
});

describe("replaceHead", () => {
  it("keeps all but the last layer, which has fresh weights also for as many classes", () => {
    const network = twoLayers(3, 1);
    for (const classes of [3, 5]) {
      const replaced = replaceHead(network, { classes, seed: 2 });
      expect(replaced.outputShape).toEqual([classes]);
      expect(replaced.getWeights().get("conv2d_1/kernel")).toEqual(
        network.getWeights().get("conv2d_1/kernel"),
      );
      expect(replaced.getWeights().get("dense_1/kernel")).toEqual(
        twoLayers(classes, 2).getWeights().get("dense_1/kernel"),
      );
    }
    expect(network.outputShape).toEqual([3]);
  });

  it("refuses a network that does not end with a dense layer", () => {
    const network = sequentialNetwork([conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1] })]);
    expect(() => replaceHead(network, { classes: 3 })).toThrow(/must be dense .*; got conv2d_1 \(Conv2D\)/);
  });

  it("learns other classes with the frozen part as it was, running statistics too", async () => {
    const trained = smallClassifier();
    trained.compile({ optimizer: "adam", loss: "softmaxCrossEntropy" });
    const { x, y } = stripes(48);
    await trained.fit(x, y, { epochs: 20, batchSize: 16 });
    // Now only: is the stripe in row 0 or not?
    const model = new Model(replaceHead(trained.network, { classes: 2, freeze: true }), { threads: 1 });
    const labels = intArray(
      y.data.map((label) => (label === 0 ? 0 : 1)),
      y.shape,
    );
    model.compile({ optimizer: "adam", loss: "softmaxCrossEntropy", metrics: ["accuracy"] });
    const before = model.getWeights();
    await model.fit(x, labels, { epochs: 60, batchSize: 16 });
    for (const path of BODY) expect(model.getWeights().get(path), path).toEqual(before.get(path));
    expect(model.getWeights().get("dense_1/kernel")).not.toEqual(before.get("dense_1/kernel"));
    const unseen = stripes(60, 2);
    const unseenLabels = intArray(
      unseen.y.data.map((label) => (label === 0 ? 0 : 1)),
      unseen.y.shape,
    );
    expect((await model.evaluate(unseen.x, unseenLabels)).accuracy).toBeGreaterThan(0.9);
  });
});
