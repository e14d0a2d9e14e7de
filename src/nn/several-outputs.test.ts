/** @file Models with several inputs and outputs: forms, names, saving, and refusals. */
import { describe, expect, it } from "vitest";
import { arrayDataset } from "../data/array-dataset.ts";
import type { Tensor } from "../graph/tensor.ts";
import { abs, mean, subtract } from "../ops/index.ts";
import { floatArray, intArray, type FloatArray } from "../tensor/array.ts";
import { testValues } from "../testing/values.ts";
import { earlyStopping, type Callback, type EpochLogs } from "./callbacks/index.ts";
import { modelFromBytes, modelToBytes } from "./checkpoint/index.ts";
import { diagnoseTraining, findLearningRate, overfitOneBatch } from "./checks/index.ts";
import { add, concatenate, dense, dropout, softmax } from "./layers/index.ts";
import { model } from "./model.ts";
import { networkFromConfig } from "./network-from-config.ts";
import { adam } from "./optimizers/index.ts";
import { input } from "./symbolic.ts";

const COUNT = 12;
const x = testValues("normal", [COUNT, 4], 1);
const genre = intArray(
  Array.from({ length: COUNT }, (_, i) => i % 3),
  [COUNT],
);
const tempo = testValues("normal", [COUNT, 1], 2);
const y = { genre, tempo };

function outputs() {
  const features = input({ shape: [4] });
  const trunk = dropout({ rate: 0.25 }).apply(dense({ units: 6, activation: "tanh" }).apply(features));
  return {
    inputs: features,
    genre: dense({ units: 3, name: "style" }).apply(trunk),
    tempo: dense({ units: 1, name: "speed" }).apply(trunk),
  };
}

function named() {
  const { inputs, genre, tempo } = outputs();
  return model({ inputs, outputs: { genre, tempo } }, { threads: 1 });
}

function compiled() {
  const net = named();
  net.compile({
    optimizer: adam({ learningRate: 0.02 }),
    loss: { genre: "softmaxCrossEntropy", tempo: { name: "huber", delta: 0.5 } },
    lossWeights: { tempo: 0.5 },
    metrics: { genre: ["accuracy"] },
  });
  return net;
}

describe("the form of outputs", () => {
  it("by name gives arrays by name, a list a list, and one value an array", async () => {
    const { inputs, genre, tempo } = outputs();
    const byName = await model({ inputs, outputs: { genre, tempo } }).predict(x);
    expect([byName.genre.shape, byName.tempo.shape]).toEqual([
      [COUNT, 3],
      [COUNT, 1],
    ]);
    const [first, second] = await model({ inputs, outputs: [genre, tempo] }).predict(x);
    expect(first).toEqual(byName.genre);
    expect(second).toEqual(byName.tempo);
    const alone = await model({ inputs, outputs: genre }).predict(x);
    expect(alone).toEqual(byName.genre);
    expect(await model({ inputs, outputs: [genre] }).predict(x)).toEqual([alone]);
    expect(await model({ inputs, outputs: { genre } }).predict(x)).toEqual({ genre: alone });
    expect(await model({ inputs, outputs: { genre } }).predictOnBatch(x)).toEqual({ genre: alone });
  });

  it("in a list has the names of the layers, numbered where one layer gives several", () => {
    const { inputs, genre, tempo } = outputs();
    expect(model({ inputs, outputs: [genre, tempo] }).outputNames).toEqual(["style", "speed"]);
    const [a, b] = [input({ shape: [4] }), input({ shape: [4] })];
    const tower = dense({ units: 2, name: "tower" });
    const twins = model({ inputs: [a, b], outputs: [tower.apply(a), tower.apply(b)] });
    expect(twins.outputNames).toEqual(["tower_1", "tower_2"]);
  });

  it("of one has figures without a prefix, as in Keras", async () => {
    const { inputs, genre: logits } = outputs();
    const net = model({ inputs, outputs: { genre: logits } });
    net.compile({
      optimizer: "sgd",
      loss: { genre: "softmaxCrossEntropy" },
      metrics: { genre: ["accuracy"] },
    });
    expect(Object.keys(await net.evaluate(x, { genre }))).toEqual(["accuracy", "loss"]);
  });

  it("survives the config and a file, with the order of names", async () => {
    const { inputs, genre, tempo } = outputs();
    const net = model({ inputs, outputs: { tempo, genre } }, { threads: 1 });
    expect(net.outputNames).toEqual(["tempo", "genre"]);
    const again = networkFromConfig(JSON.parse(JSON.stringify(net.network.config)));
    expect(again.config).toEqual(net.network.config);
    const loaded = modelFromBytes<{ genre: FloatArray; tempo: FloatArray }>(modelToBytes(net), "net");
    expect(loaded.outputNames).toEqual(["tempo", "genre"]);
    expect(await loaded.predict(x)).toEqual(await net.predict(x));
  });

  it("of one output in the file is the number that it always was", () => {
    const { inputs, genre } = outputs();
    expect(model({ inputs, outputs: genre }).network.config.output).toBe(3);
  });
});

describe("names that objects have anyway", () => {
  it("are names of outputs like others", async () => {
    const { inputs, genre: logits, tempo: number } = outputs();
    const net = model({ inputs, outputs: { constructor: logits, toString: number } });
    net.compile({ optimizer: "sgd", loss: { toString: "mse" } as never });
    expect(net.trainer.outputs.map(({ name }) => name)).toEqual(["toString"]);
    await expect(net.evaluate(x, {} as never)).rejects.toThrow("y.toString is missing");
  });
});

describe("several inputs", () => {
  it("are lists or have names, which may be given with the graph", async () => {
    const [a, b] = [input({ shape: [4], name: "a" }), input({ shape: [4], name: "b" })];
    const outputs = add().apply([dense({ units: 2 }).apply(a), dense({ units: 2 }).apply(b)]);
    const other = testValues("normal", [COUNT, 4], 9);
    const list = model({ inputs: [a, b], outputs });
    const wanted = await list.predict([x, other]);
    expect(await list.predict({ b: other, a: x })).toEqual(wanted);
    const renamed = model({ inputs: { left: a, right: b }, outputs });
    expect(renamed.network.inputNames).toEqual(["left", "right"]);
    expect(await renamed.predict({ left: x, right: other })).toEqual(wanted);
    await expect(renamed.predict({ left: x, rihgt: other })).rejects.toThrow(
      "x must have an array for each input, left, right; got left, rihgt",
    );
  });
});

describe("training", () => {
  it("goes on from a file with the same bits, and callbacks watch a figure of an output", async () => {
    const whole = compiled();
    const stop = () =>
      earlyStopping({ monitor: "val_genre_accuracy", patience: 50, restoreBestWeights: true });
    const options = { batchSize: 5, validationData: [x, y] as const };
    const history = await whole.fit(x, y, { ...options, epochs: 4, callbacks: stop() });
    const first = compiled();
    await first.fit(x, y, { ...options, epochs: 2, callbacks: stop() });
    const loaded = modelFromBytes<{ genre: FloatArray; tempo: FloatArray }>(modelToBytes(first), "net", {
      threads: 1,
    });
    expect(loaded.trainer.outputs.map(({ loss, lossWeight }) => [loss.config, lossWeight])).toEqual([
      [{ name: "softmaxCrossEntropy" }, 1],
      [{ name: "huber", delta: 0.5 }, 0.5],
    ]);
    const resumed = await loaded.fit(x, y, { ...options, epochs: 4, callbacks: stop(), resume: true });
    expect(resumed).toEqual(history);
    expect(modelToBytes(loaded)).toEqual(modelToBytes(whole));
    expect(history.val_genre_accuracy).toHaveLength(4);
  });

  it("tells callbacks the figures of each output", async () => {
    const logs: EpochLogs[] = [];
    const callback: Callback = { onEpochEnd: (_, figures) => void logs.push(figures) };
    await compiled().fit(x, y, { validationSplit: 0.25, callbacks: callback });
    expect(Object.keys(logs[0]).sort()).toEqual(
      [
        ...["genre_accuracy", "genre_loss", "learningRate", "loss", "tempo_loss"],
        ...["valLoss", "val_genre_accuracy", "val_genre_loss", "val_tempo_loss"],
      ].sort(),
    );
    expect(logs[0].loss).toBeCloseTo(logs[0].genre_loss + 0.5 * logs[0].tempo_loss, 5);
  });

  it("weighs by class as the weights of each example would", async () => {
    const byClass = compiled();
    const byExample = compiled();
    const weights = Float32Array.from(genre.data, (label) => [1, 3, 0.5][label]);
    const options = { epochs: 2, shuffle: false };
    const a = await byClass.fit(x, y, { ...options, classWeight: { genre: { 1: 3, 2: 0.5 } } });
    const b = await byExample.fit(x, y, { ...options, sampleWeight: { genre: weights } });
    expect(a).toEqual(b);
    expect(byClass.getWeights()).toEqual(byExample.getWeights());
  });

  it("asks again for losses that are functions, by name, when it comes from a file", () => {
    const net = named();
    const own = (targets: Tensor, values: Tensor) => mean(abs(subtract(targets, values)));
    net.compile({ optimizer: "sgd", loss: { genre: "softmaxCrossEntropy", tempo: own } });
    const bytes = modelToBytes(net);
    expect(modelFromBytes(bytes, "net").isCompiled).toBe(false);
    const again = modelFromBytes(bytes, "net", { loss: { tempo: own } });
    expect(again.trainer.outputs.map(({ loss }) => loss.name)).toEqual(["softmaxCrossEntropy", "own"]);
  });

  it("is tried by findLearningRate and overfitOneBatch; diagnoseTraining says that it takes one output", async () => {
    const net = compiled();
    const curve = await findLearningRate(net, [x, y], { steps: 10, batchSize: 4 });
    expect(curve.losses.length).toBeGreaterThan(0);
    const report = await overfitOneBatch(net, x, y, { steps: 3 });
    expect(report.losses).toHaveLength(3);
    const training = arrayDataset({ name: "one", inputs: x as FloatArray, targets: genre });
    await expect(diagnoseTraining(net as never, { training })).rejects.toThrow("one input and one output");
  });

  it("names the output whose loss becomes NaN no less than that of one output", async () => {
    const net = compiled();
    const broken = floatArray(
      Array.from(tempo.data, (value, i) => (i === 4 ? NaN : value)),
      tempo.shape,
    );
    await expect(net.fit(x, { genre, tempo: broken })).rejects.toThrow(
      "got NaN in the target.tempo of example 4",
    );
    const wrong = intArray([...genre.data.subarray(1), 3], [COUNT]);
    await expect(net.fit(x, { genre: wrong, tempo })).rejects.toThrow("got 3 for target.genre of example 11");
  });
});

describe("a summary", () => {
  it("says which rows are outputs, where there are several", () => {
    expect(named().summary()).toContain("Outputs: genre (style), tempo (speed)");
  });
});

describe("what does not fit", () => {
  const net = compiled();
  it.each([
    [
      "a list for outputs by name",
      () => net.fit(x, [genre, tempo] as never),
      /y must be given for each output, \{ genre: …, tempo: … \}; got a list/,
    ],
    ["one array", () => net.fit(x, genre as never), /y: outputs are genre, tempo; got "shape"/],
    ["no targets", () => net.fit(x, undefined as never), /arrays of inputs need targets/],
    [
      "a name that is none",
      () => net.fit(x, { genre, tempi: tempo } as never),
      /got "tempi"; did you mean "tempo"\?/,
    ],
    [
      "a target that is missing",
      () => net.fit(x, { genre }),
      /y must have targets for output tempo, .* y.tempo is missing/,
    ],
    [
      "a target too few",
      () => net.fit(x, { genre, tempo: testValues("normal", [3, 1], 1) }),
      /y.tempo: must have one target for each of the 12 examples/,
    ],
    [
      "weights too few",
      () => net.fit(x, y, { sampleWeight: { genre: [1, 2] } }),
      /sampleWeight.genre: must have one weight/,
    ],
    [
      "class weights of a quantity",
      () => net.fit(x, y, { classWeight: { tempo: { 0: 1 } } }),
      /the loss of output tempo is huber/,
    ],
    [
      "a data set",
      () => net.fit(arrayDataset({ name: "one", inputs: x as FloatArray, targets: genre })),
      /has one target for an example/,
    ],
  ])("is refused: %s", async (_, train, message) => {
    await expect(train()).rejects.toThrow(message);
  });

  it.each([
    ["a list of losses", { loss: ["mse", "mse"] }, /loss must be given for each output/],
    [
      "metrics without a loss",
      { loss: { genre: "softmaxCrossEntropy" }, metrics: { tempo: ["r2"] } },
      /output tempo has metrics but no loss/,
    ],
    [
      "a weight without a loss",
      { loss: { genre: "softmaxCrossEntropy" }, lossWeights: { tempo: 2 } },
      /output tempo has lossWeights but no loss/,
    ],
    ["no loss at all", { loss: {} }, /loss must be given for at least one of the outputs genre, tempo/],
    ["an unknown output", { loss: { genres: "mse" } }, /got "genres"; did you mean "genre"/],
    [
      "a weight that is none",
      { loss: "mse", lossWeights: { genre: NaN } },
      /lossWeights must be finite numbers/,
    ],
  ])("is refused by compile: %s", (_, options, message) => {
    expect(() => named().compile({ optimizer: "sgd", ...options } as never)).toThrow(message);
  });

  it("is refused: targets, weights and class weights of an output without a loss", async () => {
    const partial = named();
    partial.compile({ optimizer: "sgd", loss: { genre: "softmaxCrossEntropy" } });
    await expect(partial.fit(x, y)).rejects.toThrow(
      "output tempo has no loss; give compile one, or leave out its y",
    );
    await expect(partial.fit(x, { genre }, { sampleWeight: { tempo: [1] } })).rejects.toThrow(
      "leave out its sampleWeight",
    );
    await expect(partial.fit(x, { genre }, { classWeight: { tempo: [1] } })).rejects.toThrow(
      "leave out its classWeight",
    );
  });

  it("is refused by model: no outputs, what is none, and what has one output only", () => {
    const { inputs, genre, tempo } = outputs();
    expect(() => model({ inputs, outputs: [] })).toThrow(/outputs must be what input\(\) and apply\(\) give/);
    expect(() => model({ inputs, outputs: { genre: dense({ units: 1 }) } as never })).toThrow(
      /got object for genre/,
    );
    expect(() => model({ inputs, outputs: [genre, undefined] as never })).toThrow(
      /got undefined for number 1/,
    );
    expect(() => model({} as never)).toThrow(/inputs must be what input\(\) and apply\(\) give/);
    const several = model({ inputs, outputs: [genre, tempo] });
    expect(() => several.outputShape).toThrow(
      "network model: must have one output here; it has style, speed",
    );
    const probable = model({
      inputs,
      outputs: { genre: softmax().apply(genre), both: concatenate().apply([genre, tempo]) },
    });
    expect(() => probable.compile({ optimizer: "sgd", loss: { genre: "softmaxCrossEntropy" } })).toThrow(
      /layer softmax_1: gives probabilities/,
    );
  });
});
