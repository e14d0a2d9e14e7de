/** @file Models with several outputs: losses, weights and figures of each, against Keras and against losses combined by hand. */
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../graph/tensor.ts";
import { add as plus, multiply as times, slice } from "../../ops/index.ts";
import { floatArray, intArray, type FloatArray, type NumericArray } from "../../tensor/array.ts";
import { expectClose } from "../../testing/compare.ts";
import { fixtureCases } from "../../testing/fixtures.ts";
import { testValues } from "../../testing/values.ts";
import { concatenate, dense } from "../layers/index.ts";
import { meanSquaredError, softmaxCrossEntropy } from "../losses/index.ts";
import { model } from "../model.ts";
import { adam, sgd } from "../optimizers/index.ts";
import { input } from "../symbolic.ts";

const ENGINE = { threads: 1, seed: 3 } as const;
const COUNT = 10;
const x = testValues("normal", [COUNT, 4], 1);
const genre = intArray(
  Array.from({ length: COUNT }, (_, i) => i % 3),
  [COUNT],
);
const tempo = testValues("normal", [COUNT, 1], 2);

/** A trunk and two outputs. */
function outputs() {
  const features = input({ shape: [4] });
  const trunk = dense({ units: 5, activation: "tanh", name: "trunk" }).apply(features);
  return {
    inputs: features,
    genre: dense({ units: 3, name: "genre" }).apply(trunk),
    tempo: dense({ units: 1, name: "tempo" }).apply(trunk),
  };
}

function named() {
  const { inputs, genre, tempo } = outputs();
  return model({ inputs, outputs: { genre, tempo } }, ENGINE);
}

function listed() {
  const { inputs, genre, tempo } = outputs();
  return model({ inputs, outputs: [genre, tempo] }, ENGINE);
}

const LOSSES = { genre: "softmaxCrossEntropy", tempo: "meanSquaredError" } as const;

function valuesOf(weights: ReadonlyMap<string, FloatArray>): number[][] {
  return [...weights.values()].map(({ data }) => [...data]);
}

describe("Keras' histories", () => {
  for (const { name, params, inputs, auxiliaryOutputs = {} } of fixtureCases(
    "several-outputs",
    "severalOutputs",
  )) {
    it(`have the same keys, and the same values within 1e-5: ${name}`, async () => {
      const [trainX, trainGenre, trainTempo, genreWeights, tempoWeights, heldX, heldGenre, heldTempo] =
        inputs;
      const weights = new Map<string, FloatArray>();
      ["trunk", "genre", "tempo"].forEach((layer, i) => {
        weights.set(`${layer}/kernel`, floats(inputs[8 + 2 * i]));
        weights.set(`${layer}/bias`, floats(inputs[9 + 2 * i]));
      });
      const lossWeights = (params.lossWeights ?? [1, 1]) as [number, number];
      const common = { batchSize: 12, epochs: 3, shuffle: false };
      const optimizer = sgd({ learningRate: 0.1 });
      const examples = params.sampleWeights
        ? { genre: Float32Array.from(genreWeights.data), tempo: Float32Array.from(tempoWeights.data) }
        : undefined;
      const train = () => {
        if (params.form === "list") {
          const net = listed();
          net.setWeights(weights);
          net.compile({
            optimizer,
            loss: ["softmaxCrossEntropy", "mse"],
            lossWeights,
            metrics: [["accuracy"], ["meanAbsoluteError"]],
          });
          return net.fit(trainX, [trainGenre, trainTempo], {
            ...common,
            validationData: [heldX, [heldGenre, heldTempo]],
          });
        }
        const net = named();
        net.setWeights(weights);
        net.compile({
          optimizer,
          loss: { genre: "softmaxCrossEntropy", tempo: "mse" },
          lossWeights: { genre: lossWeights[0], tempo: lossWeights[1] },
          metrics: { genre: "accuracy", tempo: ["meanAbsoluteError"] },
        });
        return net.fit(
          trainX,
          { genre: trainGenre, tempo: trainTempo },
          {
            ...common,
            ...(examples && { sampleWeight: examples }),
            validationData: [heldX, { genre: heldGenre, tempo: heldTempo }],
          },
        );
      };
      const history = await train();
      const keys = Object.keys(history).filter((key) => key !== "epoch" && key !== "learningRate");
      expect(keys.map(kerasKey).sort()).toEqual(Object.keys(auxiliaryOutputs).sort());
      for (const key of keys) expectClose(history[key], auxiliaryOutputs[kerasKey(key)].data, 1e-5, key);
    });
  }
});

/** Names that differ from Keras' for one output as well. */
function kerasKey(key: string): string {
  return key.replace("valLoss", "val_loss").replace("meanAbsoluteError", "mae");
}

function columns(tensor: Tensor, from: number, to: number): Tensor {
  return slice(tensor, [0, from], [tensor.shape[0], to - from]);
}

function floats({ shape, data }: NumericArray): FloatArray {
  return floatArray([...data], shape);
}

describe("a loss of several outputs", () => {
  it("is the same training within 1e-5 as one output and a loss that combines them by hand", async () => {
    const several = named();
    several.compile({ optimizer: adam(), loss: LOSSES, lossWeights: { genre: 0.5, tempo: 3 } });
    const history = await several.fit(x, { genre, tempo }, { epochs: 4, batchSize: 4 });
    const { inputs, genre: logits, tempo: number } = outputs();
    const joined = model({ inputs, outputs: concatenate().apply([logits, number]) }, ENGINE);
    expect(joined.network.weights.map(({ path }) => path)).toEqual(
      several.network.weights.map(({ path }) => path),
    );
    joined.compile({
      optimizer: adam(),
      // Targets: label and number side by side, the label as a one-hot row.
      loss: (targets, values) =>
        plus(
          times(softmaxCrossEntropy(columns(targets, 0, 3), columns(values, 0, 3)), 0.5),
          times(meanSquaredError(columns(targets, 3, 4), columns(values, 3, 4)), 3),
        ),
    });
    const rows = Float32Array.from({ length: COUNT * 4 }, (_, i) => {
      const n = Math.floor(i / 4);
      return i % 4 === 3 ? tempo.data[n] : Number(genre.data[n] === i % 4);
    });
    const single = await joined.fit(x, floatArray(rows, [COUNT, 4]), { epochs: 4, batchSize: 4 });
    expectClose(history.loss, single.loss, 1e-6, "loss");
    valuesOf(several.getWeights()).forEach((values, i) => {
      expectClose(values, valuesOf(joined.getWeights())[i], 1e-5, several.network.weights[i].path);
    });
  });

  it("has gradients within 1e-3 of finite differences of the evaluated loss", async () => {
    const net = named();
    net.compile({ optimizer: sgd({ learningRate: 1 }), loss: LOSSES, lossWeights: { genre: 2, tempo: 0.5 } });
    const before = net.getWeights();
    const lossAt = async (path: string, place: number, change: number) => {
      const moved = new Map(before);
      const { shape, data } = before.get(path) as FloatArray;
      moved.set(path, { shape, data: data.map((value, i) => value + (i === place ? change : 0)) });
      net.setWeights(moved);
      return (await net.evaluate(x, { genre, tempo })).loss;
    };
    const slopes = new Map<string, number>();
    for (const path of ["trunk/kernel", "genre/kernel", "tempo/bias"]) {
      slopes.set(path, ((await lossAt(path, 0, 0.01)) - (await lossAt(path, 0, -0.01))) / 0.02);
    }
    net.setWeights(before);
    await net.trainOnBatch(x, { genre, tempo });
    // With learning rate 1 a weight moves by minus its gradient.
    for (const [path, slope] of slopes) {
      const moved = (before.get(path)?.data[0] ?? 0) - (net.getWeights().get(path)?.data[0] ?? 0);
      expect(Math.abs(moved - slope), path).toBeLessThan(1e-3);
    }
  });

  it("given alone is that of every output, and sample weights given alone are those of every output", async () => {
    const train = async (all: boolean) => {
      const { inputs, tempo: a, genre: b } = outputs();
      const net = model({ inputs, outputs: { a, b } }, ENGINE);
      const weights = Float32Array.from(x.data.subarray(0, COUNT), Math.abs);
      net.compile({
        optimizer: "sgd",
        loss: all ? "meanAbsoluteError" : { a: "meanAbsoluteError", b: { name: "meanAbsoluteError" } },
      });
      const y = { a: tempo, b: testValues("normal", [COUNT, 3], 5) };
      return net.fit(x, y, { sampleWeight: all ? weights : { a: weights, b: weights } });
    };
    expect(await train(true)).toEqual(await train(false));
  });

  it("leaves an output without one as it is, with the layers that only this output has", async () => {
    const net = named();
    const before = net.getWeights();
    net.compile({
      optimizer: adam({ weightDecay: 0.1 }),
      loss: { genre: "softmaxCrossEntropy" },
      metrics: { genre: ["accuracy"] },
    });
    const history = await net.fit(x, { genre }, { epochs: 2 });
    expect(Object.keys(history)).toEqual(["epoch", "genre_accuracy", "loss", "learningRate"]);
    const after = net.getWeights();
    for (const path of ["tempo/kernel", "tempo/bias"])
      expect(after.get(path), path).toEqual(before.get(path));
    expect(after.get("trunk/kernel")).not.toEqual(before.get("trunk/kernel"));
    expect(Object.keys(await net.predict(x))).toEqual(["genre", "tempo"]);
  });
});
