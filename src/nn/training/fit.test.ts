import { describe, expect, it } from "vitest";
import { arrayDataset } from "../../data/array-dataset.ts";
import { subset, type Dataset } from "../../data/dataset.ts";
import { compile } from "../../graph/compile.ts";
import { constantTensor } from "../../graph/sources.ts";
import { add } from "../../ops/index.ts";
import { floatArray, intArray } from "../../tensor/array.ts";
import { expectClose } from "../../testing/compare.ts";
import { batchNormalization, dense, softmax } from "../layers/index.ts";
import { meanSquaredError } from "../losses/index.ts";
import { model as graphModel, sequential } from "../model.ts";
import { adam, sgd } from "../optimizers/index.ts";
import { exponentialDecay, reduceOnPlateau } from "../schedules/index.ts";
import { input } from "../symbolic.ts";
import { concatenate } from "../layers/index.ts";
import { line, linearModel, smallClassifier, stripes } from "../testing/small-models.ts";

const CLASSIFY = { optimizer: adam({ learningRate: 0.02 }), loss: "softmaxCrossEntropy" } as const;

describe("arrays that were put together by hand", () => {
  const { x, y } = line(4);
  const short = { shape: x.shape, data: x.data.subarray(1) };
  const long = { shape: y.shape, data: Float32Array.from([...y.data, 0]) };

  it("are refused by fit, evaluate, predict and setWeights unless they have what their shapes hold", async () => {
    const model = linearModel();
    model.compile({ optimizer: "sgd", loss: "mse" });
    await expect(model.fit(short, y)).rejects.toThrow("x: shape [4,2] holds 8 numbers; got 7");
    await expect(model.fit(x, long)).rejects.toThrow("y: shape [4] holds 4 numbers; got 5");
    await expect(model.fit(x, y, { validationData: [x, long] })).rejects.toThrow(
      "y: shape [4] holds 4 numbers",
    );
    await expect(model.evaluate(short, y)).rejects.toThrow("x: shape [4,2] holds 8 numbers; got 7");
    await expect(model.predict(short)).rejects.toThrow("x: shape [4,2] holds 8 numbers; got 7");
    const weights = new Map(
      [...model.getWeights()].map(([path, { shape, data }]) => [path, { shape, data: data.subarray(1) }]),
    );
    expect(() => model.setWeights(weights)).toThrow("must be");
  });

  it("are refused by data sets, compiled functions and constants, and shapes that are none", () => {
    expect(() => arrayDataset({ name: "line", inputs: short, targets: y })).toThrow(
      'data set "line", inputs: shape [4,2] holds 8 numbers; got 7',
    );
    expect(() => arrayDataset({ name: "line", inputs: x, targets: long })).toThrow(
      "targets: shape [4] holds 4",
    );
    const double = compile((a) => add(a, constantTensor(floatArray([1], [1]))), [[4, 2]], {
      target: "reference",
    });
    expect(() => double(short)).toThrow("compiled function: argument 0: shape [4,2] holds 8 numbers; got 7");
    expect(() => constantTensor(short)).toThrow("constant: shape [4,2] holds 8 numbers; got 7");
    expect(() => floatArray([1, 2, 3, 4, 5, 6], [-2, -3])).toThrow(
      "lengths of axes must be whole numbers from 0",
    );
    expect(() => floatArray([1, 2, 3], [1.5, 2])).toThrow("got [1.5,2]");
  });

  it("of a data set of one's own are refused where `read` leaves places as they were", async () => {
    const dataset = arrayDataset({ name: "line", inputs: x, targets: y });
    const reading = (read: Dataset["read"]): Dataset => ({ ...dataset, read });
    const compiled = () => {
      const model = linearModel();
      model.compile({ optimizer: sgd({ learningRate: 0.01 }), loss: "meanSquaredError" });
      return model;
    };
    const fit = (data: Dataset) => compiled().fit(data, { batchSize: 2, shuffle: false });
    const lastInput = reading((indices, inputs, targets) => {
      const all = new Float32Array(inputs.length);
      void dataset.read(indices, all, targets);
      inputs.set(all.subarray(0, 3));
    });
    await expect(fit(lastInput)).rejects.toThrow(
      /line.*: read must write every number .* position 1 of the input of example 1/,
    );
    const noTarget = reading(async (indices, inputs) => {
      await dataset.read(indices, inputs, new Float32Array(indices.length));
    });
    await expect(fit(noTarget)).rejects.toThrow("position 0 of the target of example 0");
    await expect(compiled().evaluate(noTarget)).rejects.toThrow("position 0 of the target of example 0");
    expect((await fit(dataset)).loss).toHaveLength(1);
  });
});

describe("fit", () => {
  it("learns to classify, and history has a column for each figure", async () => {
    const model = smallClassifier();
    const { x, y } = stripes(50); // 50 = 3·16 + 2: the last batch is a small one
    const validation = stripes(20, 2);
    model.compile({ ...CLASSIFY, metrics: ["accuracy"] });
    const history = await model.fit(x, y, {
      epochs: 8,
      batchSize: 16,
      validationData: [validation.x, validation.y],
    });
    expect(Object.keys(history).sort()).toEqual(
      ["accuracy", "epoch", "learningRate", "loss", "valAccuracy", "valLoss"].sort(),
    );
    expect(history.epoch).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(history.valAccuracy.at(-1)).toBe(1);
    expect(model.step).toBe(8 * 4);
    const evaluation = await model.evaluate(validation.x, validation.y, { batchSize: 16 });
    expect(evaluation.loss).toBe(history.valLoss.at(-1));
    expect(evaluation.accuracy).toBe(1);
  });

  it("one step of SGD on a linear model is the arithmetic", async () => {
    const model = linearModel();
    model.setWeights(
      new Map([
        ["dense_1/kernel", floatArray([1, 2], [2, 1])],
        ["dense_1/bias", floatArray([0.5], [1])],
      ]),
    );
    model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: "mse" });
    // Outputs 1·1 + 2·1 + 0.5 = 3.5 and 0.5; errors 2.5 and -0.5; loss (6.25 + 0.25) / 2 = 3.25.
    const history = await model.fit(floatArray([1, 1, 0, 0], [2, 2]), floatArray([1, 1], [2]));
    expect(history.loss).toEqual([3.25]);
    // d loss / d w = 2/2·Σ error·x = (2.5, 2.5), d loss / d b = 2.5 - 0.5 = 2.
    expectClose(model.getWeights().get("dense_1/kernel")?.data ?? [], [0.75, 1.75], 1e-6, "kernel");
    expectClose(model.getWeights().get("dense_1/bias")?.data ?? [], [0.3], 1e-6, "bias");
  });

  it("tells a data set the number and the order of each epoch, also of a part of it", async () => {
    const { x, y } = line(6);
    const begun: { epoch: number; order: number[]; batchSize: number }[] = [];
    const read: number[][] = [];
    const dataset = arrayDataset({ name: "line", inputs: x, targets: y });
    const watched: Dataset = {
      ...dataset,
      beginEpoch: (epoch, order, batchSize) => begun.push({ epoch, order: [...order], batchSize }),
      read(indices, inputs, targets) {
        read.push(Array.from(indices));
        return dataset.read(indices, inputs, targets);
      },
    };
    const model = linearModel();
    model.compile({ optimizer: "sgd", loss: "mse" });
    await model.fit(subset(watched, [5, 3, 1, 0]), { epochs: 2, batchSize: 3 });
    expect(begun.map(({ epoch }) => epoch)).toEqual([0, 1]);
    expect(begun.map(({ batchSize }) => batchSize)).toEqual([3, 3]);
    expect(begun.flatMap(({ order }) => order)).toEqual(read.flat());
    expect([...begun[0].order].sort()).toEqual([0, 1, 3, 5]);
  });

  it("shuffles by seed and epoch, and not at all when told so", async () => {
    const orders: number[][] = [];
    const { x, y } = line(10);
    const dataset = arrayDataset({ name: "line", inputs: x, targets: y });
    const watched: Dataset = {
      ...dataset,
      read(indices, inputs, targets) {
        orders.push(Array.from(indices));
        return dataset.read(indices, inputs, targets);
      },
    };
    const train = async (shuffle: boolean) => {
      const model = linearModel();
      model.compile({ optimizer: "sgd", loss: "mse" });
      await model.fit(watched, { epochs: 2, batchSize: 10, shuffle });
      return orders.splice(0);
    };
    const [first, second] = await train(true);
    expect(await train(true)).toEqual([first, second]);
    expect(second).not.toEqual(first);
    expect([...first].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await train(false))[1]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("reads a data set that answers later as it reads arrays", async () => {
    const { x, y } = stripes(20);
    const dataset = arrayDataset({ name: "stripes", inputs: x, targets: y });
    const slow: Dataset = {
      ...dataset,
      async read(indices, inputs, targets) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        await dataset.read(indices, inputs, targets);
      },
    };
    const losses = await Promise.all(
      [dataset, slow].map(async (examples) => {
        const model = smallClassifier();
        model.compile(CLASSIFY);
        return (await model.fit(examples, { epochs: 2, batchSize: 8 })).loss;
      }),
    );
    expect(losses[1]).toEqual(losses[0]);
  });

  it("keeps the last examples for validation, as Keras does", async () => {
    const model = linearModel();
    const { x, y } = line(10);
    model.compile({ optimizer: sgd({ learningRate: 0 }), loss: "mse" });
    const history = await model.fit(x, y, { validationSplit: 0.3 });
    const last = { x: floatArray(x.data.slice(14), [3, 2]), y: floatArray(y.data.slice(7), [3]) };
    expect(history.valLoss[0]).toBeCloseTo((await model.evaluate(last.x, last.y)).loss, 6);
  });

  it("weighs examples and classes: weight 2 counts as the example twice", async () => {
    const loss = async (options: object, twice: boolean) => {
      const model = smallClassifier();
      model.freeze("batch_normalization_1");
      model.freeze("dropout_1");
      model.compile({ optimizer: sgd({ learningRate: 0 }), loss: "softmaxCrossEntropy" });
      const { x, y } = stripes(3);
      const [inputs, targets] = twice
        ? [
            floatArray([...x.data, ...x.data.slice(36, 72)], [4, 6, 6, 1]),
            intArray([...y.data, y.data[1]], [4]),
          ]
        : [x, y];
      return (await model.evaluate(inputs, targets, options)).loss;
    };
    // The mean divides by the number of examples: 3 with weights, 4 with the repeated one.
    const weighted = await loss({ sampleWeight: [1, 2, 1] }, false);
    expect(3 * weighted).toBeCloseTo(4 * (await loss({}, true)), 5);
  });

  it("class weights multiply the training loss of their class alone", async () => {
    const lossWith = async (classWeight: Record<number, number> | undefined, sampleWeight?: number[]) => {
      const model = sequential([dense({ units: 3, inputShape: [2] })], { threads: 1 });
      model.compile({ optimizer: sgd({ learningRate: 0 }), loss: "softmaxCrossEntropy" });
      const x = floatArray([1, 2, 3, 4, 5, 6], [3, 2]);
      return (await model.fit(x, intArray([0, 1, 2], [3]), { classWeight, sampleWeight })).loss[0];
    };
    const plain = await lossWith(undefined);
    expect(await lossWith({ 1: 5 })).not.toBe(plain);
    expect(await lossWith({ 1: 5 })).toBe(await lossWith(undefined, [1, 5, 1]));
    // 2·3 = 6 where both are given.
    expect(await lossWith({ 2: 2 }, [1, 1, 3])).toBe(await lossWith(undefined, [1, 1, 6]));
  });

  it("follows a schedule, and one that watches the loss", async () => {
    const { x, y } = line(8);
    const model = linearModel();
    const schedule = exponentialDecay({ initialLearningRate: 0.1, decaySteps: 1, decayRate: 0.5 });
    model.compile({ optimizer: sgd({ learningRate: schedule }), loss: "mse" });
    const { learningRate } = await model.fit(x, y, { epochs: 3 });
    expect(learningRate).toEqual([0.1, 0.05, 0.025]);
    const watching = reduceOnPlateau({ initialLearningRate: 0, factor: 0.5, patience: 1 });
    watching.restore({ learningRate: 1e-9, best: 0, wait: 0, cooldown: 0 });
    model.compile({ optimizer: sgd({ learningRate: watching }), loss: "mse" });
    await model.fit(x, y, { epochs: 2 });
    expect(model.learningRate).toBe(2.5e-10);
  });

  it("takes several inputs and a loss of one's own", async () => {
    const a = input({ shape: [1] });
    const b = input({ shape: [1] });
    const joined = concatenate().apply([a, b]);
    const model = graphModel({ inputs: [a, b], outputs: dense({ units: 1 }).apply(joined) }, { threads: 1 });
    model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: (y, z) => meanSquaredError(y, z) });
    const { x, y } = line(32);
    const column = (offset: number) =>
      floatArray(
        x.data.filter((_, i) => i % 2 === offset),
        [32, 1],
      );
    const { loss } = await model.fit([column(0), column(1)], y, { epochs: 60 });
    expect(loss.at(-1)).toBeLessThan(1e-3);
  });
});

describe("fit and the event loop", () => {
  it("lets timers run between batches", async () => {
    const model = smallClassifier();
    model.compile(CLASSIFY);
    const { x, y } = stripes(32);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await model
      .fit(x, y, {
        epochs: 100_000,
        callbacks: {
          onEpochEnd(_epoch, _logs, training) {
            if (ticks > 1) training.stop();
          },
        },
      })
      .finally(() => clearInterval(timer));
    expect(ticks).toBeGreaterThan(1);
  });

  it("ends after the batch when aborted, and refuses a second fit meanwhile", async () => {
    const model = smallClassifier();
    model.compile(CLASSIFY);
    const { x, y } = stripes(32);
    const controller = new AbortController();
    const running = model.fit(x, y, {
      epochs: 1000,
      batchSize: 8,
      signal: controller.signal,
      callbacks: {
        onBatchEnd(batch) {
          if (batch === 1 && model.step > 4) controller.abort();
        },
      },
    });
    await expect(model.fit(x, y)).rejects.toThrow("small: fit is already running");
    const history = await running;
    expect(history.epoch).toEqual([0]);
    expect(model.step).toBe(6);
  });
});

describe("programs", () => {
  it("are compiled once for each batch size, not once for each epoch", async () => {
    const model = smallClassifier();
    model.compile(CLASSIFY);
    const { x, y } = stripes(20);
    await model.fit(x, y, { epochs: 1, batchSize: 8 });
    const { bytes } = model.network.arena;
    await model.fit(x, y, { epochs: 20, batchSize: 8 });
    expect(model.network.arena.bytes).toBe(bytes);
  });

  it("leave frozen layers as they are from the next step on", async () => {
    const model = smallClassifier();
    model.compile(CLASSIFY);
    const { x, y } = stripes(16);
    await model.fit(x, y);
    model.freeze("conv2d_1");
    model.freeze("batch_normalization_1");
    const before = model.getWeights();
    await model.fit(x, y, { epochs: 2 });
    const changed = [...model.getWeights()].filter(([path, { data }]) =>
      data.some((value, i) => value !== before.get(path)?.data[i]),
    );
    expect(changed.map(([path]) => path)).toEqual(["dense_1/kernel", "dense_1/bias"]);
    model.layers.forEach((layer) => (layer.trainable = false));
    await expect(model.fit(x, y)).rejects.toThrow(/no layer has weights that may be trained/);
  });

  it("predict the same for an example alone, in a part batch and in a full one", async () => {
    const model = smallClassifier();
    const { x } = stripes(11);
    const all = await model.predict(x);
    const some = await model.predict(x, { batchSize: 4 });
    expect(all.shape).toEqual([11, 3]);
    expectClose(some.data, all.data, 1e-6, "batches of 4");
    const alone = await model.predict({ shape: [1, 6, 6, 1], data: x.data.slice(360) });
    expectClose(alone.data, all.data.slice(30), 1e-6, "alone");
    expect((await model.predict({ shape: [0, 6, 6, 1], data: new Float32Array(0) })).shape).toEqual([0, 3]);
  });
});

describe("errors of model, fit, evaluate and predict", () => {
  const { x, y } = stripes(6);
  const compiled = () => {
    const model = smallClassifier();
    model.compile(CLASSIFY);
    return model;
  };

  it("a model must be compiled first", async () => {
    await expect(smallClassifier().fit(x, y)).rejects.toThrow(
      "small: call compile({ optimizer, loss }) before",
    );
  });

  it("probabilities and a loss on logits do not go together", () => {
    const twice = sequential([dense({ units: 3, inputShape: [2] }), softmax()]);
    expect(() => twice.compile(CLASSIFY)).toThrow(
      /^layer softmax_1: gives probabilities, but the loss softmaxCrossEntropy takes logits .*; leave out the layer/,
    );
    const activated = sequential([dense({ units: 1, activation: "sigmoid", inputShape: [2] })]);
    expect(() => activated.compile({ optimizer: "sgd", loss: "binaryCrossentropy" })).toThrow(
      /^layer dense_1:/,
    );
    activated.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    expect(activated.isCompiled).toBe(true);
  });

  it("metrics must exist and suit the outputs", () => {
    const metric = "f2" as "accuracy";
    expect(() => smallClassifier().compile({ ...CLASSIFY, metrics: [metric] })).toThrow(
      /metric: name must be one of accuracy, .*; got "f2"/,
    );
    expect(() => linearModel().compile({ optimizer: "sgd", loss: "mse", metrics: ["accuracy"] })).toThrow(
      /must have at least 2 classes; got 1/,
    );
  });

  it("labels and numbers must be usable, and the message names the example", async () => {
    const labels = intArray([0, 1, 2, 0, 3, 2], [6]);
    await expect(compiled().fit(x, labels)).rejects.toThrow(
      "x and y: a label must be in 0 … 2, as the model's output has 3 numbers; got 3 for example 4",
    );
    const data = x.data.slice();
    data[2 * 36 + 5] = NaN;
    const bad = { shape: x.shape, data };
    const message = "every number must be finite; got NaN in the input of example 2 at position 5";
    await expect(compiled().fit(bad, y)).rejects.toThrow(message);
    await expect(compiled().evaluate(bad, y)).rejects.toThrow(message);
    await expect(compiled().predict(bad)).rejects.toThrow(message);
    const binary = linearModel();
    binary.compile({ optimizer: "sgd", loss: "binaryCrossEntropy" });
    await expect(binary.fit(floatArray([1, 2], [1, 2]), floatArray([2], [1]))).rejects.toThrow(
      "a target of binaryCrossEntropy must be in 0 … 1; got 2 for example 0",
    );
  });

  it("shapes must fit", async () => {
    const flat = floatArray(new Float32Array(6 * 36), [6, 36]);
    await expect(compiled().fit(flat, y)).rejects.toThrow("small: one example must be [6,6,1]; x has [36]");
    const one = floatArray(new Float32Array(36), [6, 6, 1]);
    await expect(compiled().predict(one)).rejects.toThrow(
      /got \[6,6,1\]; reshape one example to \[1,6,6,1\]/,
    );
    await expect(compiled().fit(x, intArray([1, 2], [2]))).rejects.toThrow(
      "y: must have one target for each of the 6 examples, [6,…]; got [2]",
    );
    await expect(compiled().fit(x, floatArray(new Float32Array(6), [6]))).rejects.toThrow(
      /float32 targets \(probabilities of the classes\) must be \[6,3\]/,
    );
  });

  it("options must make sense", async () => {
    const model = compiled();
    await expect(model.fit(x, y, { batchSize: 0 })).rejects.toThrow(
      "batchSize must be a whole number above 0; got 0",
    );
    await expect(model.fit(x, y, { epochs: -1 })).rejects.toThrow(/epochs must be .*; got -1/);
    await expect(model.fit(x, y, { validationSplit: 1 })).rejects.toThrow(/above 0 and below 1; got 1/);
    await expect(model.fit(x, y, { validationSplit: 0.01 })).resolves.toBeDefined();
    await expect(model.fit(x, y, { sampleWeight: [1] })).rejects.toThrow(
      /one weight for each of the 6 examples; got 1/,
    );
    await expect(model.fit(x, y, { sampleWeight: [1, 1, -1, 1, 1, 1] })).rejects.toThrow(
      /got -1 for example 2/,
    );
    await expect(model.fit(x, y, { classWeight: { 3: 1 } })).rejects.toThrow('classes are 0 … 2; got "3"');
    await expect(model.fit(x, y, { resume: true, initialEpoch: 1 })).rejects.toThrow(/not both/);
    const empty = { x: floatArray([], [0, 6, 6, 1]), y: intArray([], [0]) };
    await expect(model.fit(empty.x, empty.y)).rejects.toThrow(
      "training needs at least one example; got none",
    );
    await expect(model.evaluate(empty.x, empty.y)).rejects.toThrow(/evaluation needs at least one example/);
    expect(() => model.freeze("conv9")).toThrow(/layers are conv2d_1, .*; got "conv9"/);
  });

  it("a batch normalisation that trains nothing else is still trained", async () => {
    const model = sequential([batchNormalization({ inputShape: [2] })], { threads: 1 });
    model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: "mse" });
    const { loss } = await model.fit(floatArray([1, 2, 3, 4], [2, 2]), floatArray([0, 0, 0, 0], [2, 2]), {
      epochs: 2,
    });
    expect(loss[1]).toBeLessThan(loss[0]);
  });
});
