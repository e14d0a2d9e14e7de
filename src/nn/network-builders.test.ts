import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import { testValues } from "../testing/values.ts";
import {
  add,
  concatenate,
  conv2d,
  dense,
  flatten,
  LAYER_CLASS_NAMES,
  multiply,
  radialBasis,
  reLU,
} from "./layers/index.ts";
import { snakeCase } from "./layer-name.ts";
import { graphNetwork, sequentialNetwork } from "./network-builders.ts";
import type { Network } from "./network.ts";
import { networkFromConfig } from "./network-from-config.ts";
import { input } from "./symbolic.ts";

function run(network: Network): Float32Array | Int32Array {
  const shapes = network.inputShapes.map((shape) => [2, ...shape]);
  const program = compile((...x) => network.apply(x, { training: false }), shapes, { arena: network.arena });
  return program(...shapes.map((shape, i) => testValues("normal", shape, i + 1))).data;
}

describe("names", () => {
  it("follow Keras' rule, but do not cut ReLU into re and lu", () => {
    const classes = ["Conv2D", "MaxPooling2D", "GlobalAveragePooling2D", "BatchNormalization", "ELU"];
    expect(classes.map(snakeCase)).toEqual([
      ...["conv2d", "max_pooling2d", "global_average_pooling2d", "batch_normalization", "elu"],
    ]);
    expect(["ReLU", "LeakyReLU", "PReLU"].map(snakeCase)).toEqual(["relu", "leaky_relu", "prelu"]);
  });

  it("of every class are whole words: no lone letter, no re and lu", () => {
    const cut = LAYER_CLASS_NAMES.map(snakeCase).filter((name) => /(^|_)([a-z]|re|lu)(_|$)/.test(name));
    expect(cut).toEqual([]);
  });

  it("that a stored network has stay, also those that another version gave", () => {
    const config = sequentialNetwork([reLU({ inputShape: [2] }), dense({ units: 1 })]).config;
    expect(config.layers.map((layer) => layer.config.name)).toEqual(["relu_1", "dense_1"]);
    const stored = config.layers.map((layer, i) =>
      i === 0 ? { ...layer, config: { ...layer.config, name: "re_lu_1" } } : layer,
    );
    const network = networkFromConfig({ ...config, layers: stored });
    expect(network.layers.map(({ name }) => name)).toEqual(["re_lu_1", "dense_1"]);
  });

  it("are numbered per class from 1 and avoid those that were given", () => {
    const network = sequentialNetwork([
      dense({ units: 2, inputShape: [2] }),
      dense({ units: 2, name: "dense_2" }),
      dense({ units: 2 }),
      dense({ units: 2, name: "head" }),
    ]);
    expect(network.layers.map(({ name }) => name)).toEqual(["dense_1", "dense_2", "dense_3", "head"]);
  });

  it("must differ and hold no slash", () => {
    const twice = [dense({ units: 2, inputShape: [2], name: "a" }), dense({ units: 2, name: "a" })];
    expect(() => sequentialNetwork(twice)).toThrow(/names must differ within a model; got "a" twice/);
    expect(() => sequentialNetwork([dense({ units: 2, inputShape: [2], name: "a/b" })])).toThrow(
      /got "a\/b"/,
    );
  });
});

describe("sequentialNetwork", () => {
  it("asks for the shape of the input", () => {
    expect(() => sequentialNetwork([dense({ units: 2 })])).toThrow(/first layer must have inputShape/);
    expect(() => sequentialNetwork([])).toThrow(/first layer must have inputShape/);
  });

  it("names the layer that does not fit and says what to do", () => {
    const last = radialBasis({ centers: [[0, 1]] });
    const layers = [conv2d({ filters: 6, kernelSize: 5, inputShape: [28, 28, 1] }), last];
    expect(() => sequentialNetwork(layers)).toThrow(
      "layer radial_basis_1: radialBasis: input must be [batch, features]; got [batch, 24, 24, 6]; put flatten() before it",
    );
    expect(() => sequentialNetwork([conv2d({ filters: 1, kernelSize: 3, inputShape: [28, 28] })])).toThrow(
      /layer conv2d_1: conv2d: input must be \[batch, height, width, channels\]; got \[batch, 28, 28\]; inputs without/,
    );
  });

  it("refuses a seed that is no integer", () => {
    expect(() => sequentialNetwork([flatten({ inputShape: [2] })], { seed: 0.5 })).toThrow(
      /seed must be an integer; got 0.5/,
    );
  });

  it("gives the axes' names on", () => {
    const network = sequentialNetwork([flatten({ inputShape: [2, 3] })], {
      axisNames: ["time", "frequency"],
    });
    expect(network.axisNames).toEqual(["time", "frequency"]);
    expect(() => sequentialNetwork([flatten({ inputShape: [2, 3] })], { axisNames: ["time"] })).toThrow(
      /axisNames must name each of 2 axes/,
    );
  });
});

describe("graphNetwork", () => {
  it("joins branches: x·2 + x·3 is x·5", () => {
    const x = input({ shape: [4], name: "x" });
    const times = (value: number) =>
      dense({ units: 1, useBias: false, kernelInitializer: { name: "constant", config: { value } } });
    const network = graphNetwork({ inputs: x, outputs: add().apply([times(2).apply(x), times(3).apply(x)]) });
    const values = testValues("normal", [2, 4], 1).data;
    const sums = [0, 1].map((row) => 5 * [0, 1, 2, 3].reduce((sum, i) => sum + values[row * 4 + i], 0));
    const outputs = run(network);
    expect(outputs[0]).toBeCloseTo(sums[0], 4);
    expect(outputs[1]).toBeCloseTo(sums[1], 4);
  });

  it("shares the weights of a layer that is used twice", () => {
    const [a, b] = [input({ shape: [3], name: "a" }), input({ shape: [3], name: "b" })];
    const tower = dense({ units: 2 });
    const network = graphNetwork({
      inputs: [a, b],
      outputs: concatenate().apply([tower.apply(a), tower.apply(b)]),
    });
    expect(network.weights.map(({ path }) => path)).toEqual(["dense_1/kernel", "dense_1/bias"]);
    expect(network.inputNames).toEqual(["a", "b"]);
    const values = testValues("normal", [2, 3], 1);
    const program = compile(
      (x, y) => network.apply([x, y], { training: false }),
      [
        [2, 3],
        [2, 3],
      ],
      { arena: network.arena },
    );
    const { data } = program(values, values);
    expect([data[0], data[1]]).toEqual([data[2], data[3]]);
  });

  it("comes back from its config", () => {
    const x = input({ shape: [5, 5, 2], axisNames: ["time", "frequency", "channel"] });
    const left = conv2d({ filters: 2, kernelSize: 3, padding: "same" }).apply(x);
    const right = conv2d({ filters: 2, kernelSize: 1 }).apply(x);
    const outputs = flatten().apply(multiply().apply([left, right]));
    const network = graphNetwork({ inputs: x, outputs }, { name: "gated", seed: 4 });
    const again = networkFromConfig(JSON.parse(JSON.stringify(network.config)));
    expect(again.config).toEqual(network.config);
    expect(run(again)).toEqual(run(network));
  });

  it("says which inputs are wrong", () => {
    const [a, b] = [input({ shape: [3] }), input({ shape: [3] })];
    const sum = add().apply([a, b]);
    expect(() => graphNetwork({ inputs: a, outputs: sum })).toThrow(
      /an input of shape \[3\] that is not among/,
    );
    expect(() => graphNetwork({ inputs: [a, b], outputs: flatten().apply(a) })).toThrow(/does not depend on/);
    expect(() => graphNetwork({ inputs: sum, outputs: sum })).toThrow(/got a layer's output/);
    const named = [input({ shape: [3], name: "x" }), input({ shape: [3], name: "x" })];
    expect(() => graphNetwork({ inputs: named, outputs: add().apply(named) })).toThrow(
      /names of inputs must differ/,
    );
  });

  it("refuses a shared layer whose inputs ask for other weights", () => {
    const [a, b] = [input({ shape: [3] }), input({ shape: [4] })];
    const tower = dense({ units: 2, name: "tower" });
    const joined = add().apply([tower.apply(a), tower.apply(b)]);
    expect(() => graphNetwork({ inputs: [a, b], outputs: joined })).toThrow(
      /layer tower: is used twice .* kernel must have one shape; got \[4,2\] and \[3,2\]|got \[3,2\] and \[4,2\]/,
    );
  });

  it("says at once when a layer does not fit", () => {
    expect(() => radialBasis({ centers: [[1, 2]], name: "head" }).apply(input({ shape: [4, 4, 2] }))).toThrow(
      /^layer head: radialBasis/,
    );
    expect(() => add().apply(input({ shape: [4] }))).toThrow(/add: takes two or more inputs; got 1/);
    expect(() => add().apply([input({ shape: [4, 3] }), input({ shape: [3, 4] })])).toThrow(
      /add: inputs must have equal lengths, or 1, on every axis; got \[1,4,3\] and \[1,3,4\]/,
    );
    expect(() => input({ shape: [0, 3] })).toThrow(
      /must be a list of positive integers without the batch axis/,
    );
  });
});
