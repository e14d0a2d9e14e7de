/** @file A network as a layer of another: computation, names, weights in common, freezing, files. */
import { describe, expect, it } from "vitest";
import type { FloatArray } from "../tensor/array.ts";
import { modelFromBytes, modelToBytes } from "./checkpoint/index.ts";
import {
  add,
  averagePooling2d,
  batchNormalization,
  concatenate,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAveragePooling2d,
} from "./layers/index.ts";
import { model, sequential, type Model } from "./model.ts";
import { networkFromConfig } from "./network-from-config.ts";
import { adam } from "./optimizers/index.ts";
import { input } from "./symbolic.ts";
import { stripes } from "./testing/small-models.ts";
import { testValues } from "../testing/values.ts";

const { x, y } = stripes(24);
const ENGINE = { threads: 1 } as const;
const COMPILED = { optimizer: adam({ learningRate: 0.02 }), loss: "softmaxCrossEntropy" } as const;

const layers = () => [
  conv2d({ filters: 4, kernelSize: 3, padding: "same", useBias: false, inputShape: [6, 6, 1] }),
  batchNormalization(),
  averagePooling2d({ poolSize: 2 }),
  flatten(),
];

function backbone(seed = 7) {
  return sequential(layers(), { ...ENGINE, name: "backbone", seed });
}

function classifier(base: Model) {
  return sequential([base, dense({ units: 3, name: "head" })], ENGINE);
}

/** Weights by their paths, without the names of networks before them. */
function shortPaths(weights: ReadonlyMap<string, FloatArray>): Map<string, FloatArray> {
  return new Map([...weights].map(([path, array]) => [path.replace(/^(.*\/)?(?=[^/]+\/[^/]+$)/, ""), array]));
}

describe("a network as a layer", () => {
  it("computes and trains to the same bits as its layers in a row", async () => {
    const nested = classifier(backbone());
    const flat = sequential([...layers(), dense({ units: 3, name: "head" })], ENGINE);
    flat.setWeights(shortPaths(nested.getWeights()));
    expect(await nested.predict(x)).toEqual(await flat.predict(x));
    for (const net of [nested, flat]) net.compile(COMPILED);
    const histories = [];
    for (const net of [nested, flat]) histories.push(await net.fit(x, y, { epochs: 3, batchSize: 8 }));
    expect(histories[0]).toEqual(histories[1]);
    expect(shortPaths(nested.getWeights())).toEqual(flat.getWeights());
  });

  it("brings its name, its layers and its input's axes into the summary", () => {
    const base = sequential(layers(), { name: "backbone", axisNames: ["time", "frequency", "channel"] });
    const text = classifier(base).summary();
    expect(text).toContain("input_1: time 6 × frequency 6 × channel 1");
    for (const row of ["backbone/conv2d_1 ", "backbone/flatten_1 ", "head (Dense) "])
      expect(text).toContain(row);
    expect(text).not.toContain("Connected to");
  });

  it("may be applied in a graph, twice with one set of weights", async () => {
    const tower = sequential([dense({ units: 2, activation: "tanh", inputShape: [3] })], { name: "tower" });
    const [a, b] = [input({ shape: [3], name: "a" }), input({ shape: [3], name: "b" })];
    const joined = concatenate().apply([tower.apply(a), tower.apply(b)]);
    const twins = model({ inputs: [a, b], outputs: joined }, ENGINE);
    expect(twins.network.weights.map(({ path }) => path)).toEqual([
      "tower/dense_1/kernel",
      "tower/dense_1/bias",
    ]);
    const values = testValues("normal", [4, 3], 1);
    const { data } = await twins.predict([values, values]);
    const own = await tower.predict(values);
    expect([data[0], data[1], data[2], data[3]]).toEqual([
      ...own.data.subarray(0, 2),
      ...own.data.subarray(0, 2),
    ]);
    // The gradient is the sum over both uses: twice that of one use for equal inputs and targets.
    const target = testValues("normal", [4, 4], 3);
    target.data.forEach((_, i) => (target.data[i] = target.data[i - (i % 4) + (i % 2)]));
    const shared = layerTwice();
    shared.setWeights(shortPaths(twins.getWeights()));
    for (const net of [twins, shared]) {
      net.compile({ optimizer: "sgd", loss: "mse" });
      await net.trainOnBatch([values, values], target);
    }
    expect(shortPaths(twins.getWeights())).toEqual(shared.getWeights());
  });

  function layerTwice() {
    const tower = dense({ units: 2, activation: "tanh" });
    const [a, b] = [input({ shape: [3] }), input({ shape: [3] })];
    return model({ inputs: [a, b], outputs: concatenate().apply([tower.apply(a), tower.apply(b)]) }, ENGINE);
  }

  it("with several inputs and outputs takes and gives values in their form", async () => {
    const [a, b] = [input({ shape: [3] }), input({ shape: [3] })];
    const sum = add().apply([a, b]);
    const inner = model({
      inputs: { left: a, right: b },
      outputs: { wide: dense({ units: 4 }).apply(sum), narrow: dense({ units: 2 }).apply(sum) },
    });
    const [c, d] = [input({ shape: [3] }), input({ shape: [3] })];
    const { wide, narrow } = inner.apply({ right: d, left: c });
    const outer = model({ inputs: [c, d], outputs: [dense({ units: 1 }).apply(wide), narrow] }, ENGINE);
    const values = [testValues("normal", [5, 3], 1), testValues("normal", [5, 3], 2)];
    const [, second] = await outer.predict(values);
    expect(second).toEqual((await inner.predict(values)).narrow);
    expect(outer.outputNames).toEqual(["dense_1", "model_1"]);
    // Layers that the chosen outputs do not need are left behind.
    const alone = model({ inputs: [c, d], outputs: inner.apply([c, d]).narrow });
    expect(alone.layers.map(({ name }) => name)).toEqual(["model_1/add_1", "model_1/dense_2"]);
  });

  it("takes inputs of another size where its weights do not depend on it", async () => {
    const base = sequential([
      conv2d({ filters: 3, kernelSize: 3, inputShape: [6, 6, 1] }),
      globalAveragePooling2d(),
    ]);
    const large = input({ shape: [9, 8, 1] });
    expect(base.apply(large).shape).toEqual([3]);
    const outer = model({ inputs: large, outputs: base.apply(large) }, ENGINE);
    expect((await outer.predict(testValues("normal", [2, 9, 8, 1], 1))).shape).toEqual([2, 3]);
    const fixed = input({ shape: [7, 7, 1] });
    const wide = sequential([flatten({ inputShape: [6, 6, 1] }), dense({ units: 2 })], { name: "wide" });
    expect(() => model({ inputs: fixed, outputs: wide.apply(fixed) })).toThrow(
      "layer wide/dense_1: shares the weights of network wide, where kernel is [36,2]; here it would be [49,2]; " +
        "use the network on inputs of shape [6,6,1]",
    );
  });
});

describe("weights in common", () => {
  it("are the newest in both, whichever was trained, set or restored", async () => {
    const base = backbone();
    const outer = classifier(base);
    const same = () => {
      const outerWeights = outer.getWeights();
      for (const [path, array] of base.getWeights()) {
        expect(outerWeights.get(`backbone/${path}`), path).toEqual(array);
      }
    };
    same();
    const before = base.getWeights();
    outer.compile(COMPILED);
    await outer.fit(x, y);
    same();
    expect(base.getWeights().get("conv2d_1/kernel")).not.toEqual(before.get("conv2d_1/kernel"));
    expect(base.getWeights().get("batch_normalization_1/movingMean")).not.toEqual(
      before.get("batch_normalization_1/movingMean"),
    );
    base.setWeights(before);
    same();
    const features = await base.predict(x);
    base.compile({ optimizer: "adam", loss: "mse" });
    await base.trainOnBatch(x, testValues("normal", features.shape, 4));
    const changed = await outer.predict(x);
    same();
    const loaded = modelFromBytes(modelToBytes(outer, { includeTraining: false }), "outer", ENGINE);
    expect(changed).toEqual(await loaded.predict(x));
  });

  it("let an encoder be used that was trained within an autoencoder, and within two models", async () => {
    const encoder = sequential([dense({ units: 2, name: "code", inputShape: [4] })], { name: "encoder" });
    const decoder = sequential([dense({ units: 4, inputShape: [2] })], { name: "decoder" });
    const values = testValues("normal", [16, 4], 1);
    const auto = sequential([encoder, decoder], ENGINE);
    const other = sequential([encoder, dense({ units: 1 })], ENGINE);
    for (const net of [auto, other]) net.compile({ optimizer: adam({ learningRate: 0.05 }), loss: "mse" });
    const first = await encoder.predict(values);
    await auto.fit(values, values, { epochs: 3 });
    const second = await encoder.predict(values);
    expect(second).not.toEqual(first);
    await other.fit(values, testValues("normal", [16, 1], 2), { epochs: 2 });
    expect(await encoder.predict(values)).not.toEqual(second);
    expect(await decoder.predict(await encoder.predict(values))).toEqual(await auto.predict(values));
  });

  it("serve two that train against each other in turn, each frozen in the other's turn, without compiling anew", async () => {
    const generator = sequential([dense({ units: 3, inputShape: [2] })], { name: "generator" });
    const judge = sequential([dense({ units: 1, inputShape: [3] })], { ...ENGINE, name: "judge" });
    const both = sequential([generator, judge], ENGINE);
    for (const net of [judge, both]) net.compile({ optimizer: "adam", loss: "binaryCrossEntropy" });
    const noise = testValues("normal", [8, 2], 1);
    const real = testValues("normal", [8, 3], 2);
    const yes = { shape: [8, 1], data: new Float32Array(8).fill(1) };
    const spec = {
      batchSize: 8,
      targets: [{ shape: [1], dtype: "float32" as const }],
      weighted: [false as const],
    };
    const programs = new Set<unknown>();
    for (let turn = 0; turn < 3; turn++) {
      judge.trainable = true;
      const before = [judge.getWeights(), generator.getWeights()];
      await judge.trainOnBatch(real, yes);
      programs.add(judge.trainer.programs.train(spec));
      expect(judge.getWeights()).not.toEqual(before[0]);
      expect(generator.getWeights()).toEqual(before[1]);
      judge.trainable = false;
      const learnt = judge.getWeights();
      await both.trainOnBatch(noise, yes);
      programs.add(both.trainer.programs.train(spec));
      expect(judge.getWeights()).toEqual(learnt);
      expect(generator.getWeights()).not.toEqual(before[1]);
    }
    expect(programs.size).toBe(2);
  });

  it("are one where a network is used alone and within another", async () => {
    const inner = sequential([dense({ units: 3, inputShape: [3] })], { name: "inner" });
    const middle = sequential([inner, dense({ units: 3 })], { name: "middle" });
    const value = input({ shape: [3] });
    const outer = model(
      { inputs: value, outputs: add().apply([middle.apply(value), inner.apply(value)]) },
      ENGINE,
    );
    expect(outer.layers.map(({ name }) => name)).toEqual(["middle/inner/dense_1", "middle/dense_1", "add_1"]);
    outer.compile({ optimizer: "sgd", loss: "mse" });
    const values = testValues("normal", [6, 3], 1);
    await outer.fit(values, testValues("normal", [6, 3], 2));
    expect(middle.getWeights().get("inner/dense_1/kernel")).toEqual(inner.getWeights().get("dense_1/kernel"));
    expect(outer.getWeights().get("middle/inner/dense_1/kernel")).toEqual(
      inner.getWeights().get("dense_1/kernel"),
    );
    expect(outer.getWeights().get("middle/dense_1/kernel")).toEqual(
      middle.getWeights().get("dense_1/kernel"),
    );
  });

  it("stay as they were when a step is not finite", async () => {
    const base = backbone();
    const outer = classifier(base);
    outer.compile({ optimizer: adam({ learningRate: 1e38 }), loss: "softmaxCrossEntropy" });
    await outer.trainOnBatch(x, y);
    const before = base.getWeights();
    await expect(outer.trainOnBatch(x, y)).rejects.toThrow(
      /first in layer (backbone\/conv2d_1|head)|layer backbone\//,
    );
    expect(base.getWeights()).toEqual(before);
  });
});

describe("freezing", () => {
  const frozen = async (outer: Model, change: () => void) => {
    change();
    const before = outer.getWeights();
    await outer.trainOnBatch(x, y);
    return [...outer.getWeights()]
      .filter(([path, array]) => sameNumbers(array, before.get(path)))
      .map(([path]) => path);
  };
  const ALL = [
    "backbone/conv2d_1/kernel",
    ...["gamma", "beta", "movingMean", "movingVariance"].map(
      (name) => `backbone/batch_normalization_1/${name}`,
    ),
  ];

  it("holds for the whole network, its statistics too, until it is undone, before and after it is used", async () => {
    const base = backbone();
    base.trainable = false;
    const outer = classifier(base);
    outer.compile(COMPILED);
    expect(await frozen(outer, () => undefined)).toEqual(ALL);
    expect(await frozen(outer, () => (base.trainable = true))).toEqual([]);
    expect(await frozen(outer, () => outer.freeze("backbone"))).toEqual(ALL);
    expect([base.trainable, outer.trainable]).toEqual([false, true]);
    expect(await frozen(outer, () => outer.unfreeze("backbone"))).toEqual([]);
    expect(await frozen(outer, () => (outer.getLayer("backbone/conv2d_1").trainable = false))).toEqual(
      ALL.slice(0, 1),
    );
  });

  it("is in the file, and can be undone in the model that comes from it", async () => {
    const base = backbone();
    const outer = classifier(base);
    outer.freeze("backbone");
    outer.compile(COMPILED);
    await outer.fit(x, y, { epochs: 2, batchSize: 8 });
    const loaded = modelFromBytes(modelToBytes(outer), "outer", ENGINE);
    expect(loaded.network.config).toEqual(outer.network.config);
    for (const net of [loaded, outer]) await net.fit(x, y, { epochs: 4, batchSize: 8, resume: true });
    expect(modelToBytes(loaded)).toEqual(modelToBytes(outer));
    expect(await frozen(loaded, () => undefined)).toEqual(ALL);
    expect(await frozen(loaded, () => loaded.unfreeze("backbone"))).toEqual([]);
    expect(base.trainable).toBe(false);
  });

  function sameNumbers(a: FloatArray, b: FloatArray | undefined): boolean {
    return a.data.every((value, i) => value === b?.data[i]);
  }
});

describe("names", () => {
  it("of networks without one are numbered, are stable, and must differ where they were given", () => {
    const part = (name?: string) =>
      sequential(
        [dense({ units: 3, inputShape: [3] }), dropout({ rate: 0.5 })],
        name === undefined ? {} : { name },
      );
    const outer = sequential([part(), part("middle"), part(), dense({ units: 3 })]);
    expect(outer.layers.map(({ name }) => name)).toEqual([
      ...["sequential_1/dense_1", "sequential_1/dropout_1", "middle/dense_1", "middle/dropout_1"],
      ...["sequential_2/dense_1", "sequential_2/dropout_1", "dense_1"],
    ]);
    const again = networkFromConfig(JSON.parse(JSON.stringify(outer.network.config)));
    expect(again.config).toEqual(outer.network.config);
    expect(() => sequential([part("a"), part("a")])).toThrow(
      /names must differ within a model; got "a" twice/,
    );
  });
});

describe("what does not fit", () => {
  it("is refused with what to do", () => {
    const base = backbone();
    expect(() => classifier(base).getLayer("backbone")).toThrow(
      /"backbone" is a network, whose layers are "backbone\/conv2d_1" and so on; freeze\("backbone"\)/,
    );
    expect(() => base.apply([input({ shape: [6, 6, 1] }), input({ shape: [6, 6, 1] })])).toThrow(
      "backbone: apply takes the inputs input_1; got 2 values",
    );
    expect(() => base.apply(input({ shape: [6] }))).toThrow(
      /layer backbone\/conv2d_1: conv2d: input must be/,
    );
    const value = input({ shape: [3] });
    const forked = model({
      inputs: value,
      outputs: [dense({ units: 1 }).apply(value), dense({ units: 2 }).apply(value)],
    });
    expect(() => sequential([forked as never, dense({ units: 1 })])).toThrow(
      /must have one input and one output; model has 1 and 2; use its apply/,
    );
    expect(() => sequential(undefined as never)).toThrow(
      /sequential: layers must be a list, as .*; got undefined/,
    );
    expect(() => sequential(dense({ units: 1 }) as never)).toThrow(/layers must be a list, .*; got object/);
  });
});
