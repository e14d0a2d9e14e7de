import { describe, expect, it } from "vitest";
import { compile } from "../../graph/compile.ts";
import { floatArray, intArray } from "../../tensor/array.ts";
import type { Layer } from "../layer.ts";
import { sequentialNetwork } from "../network-builders.ts";
import * as layers from "./index.ts";

describe("options that make no sense", () => {
  /** As JavaScript would call it. */
  const wrong = (make: (options: never) => Layer, options: object) => () => make(options as never);

  it.each([
    [
      wrong(layers.conv2d, { filters: 0, kernelSize: 3 }),
      /conv2d: filters must be a positive integer; got 0/,
    ],
    [
      wrong(layers.conv2d, { filters: 3 }),
      /conv2d: kernelSize must be a positive integer or 2 of them; got nothing/,
    ],
    [
      wrong(layers.conv2d, { filters: 3, kernelSize: [3, 3, 3] }),
      /kernelSize must be .* 2 of them; got \[3,3,3\]/,
    ],
    [wrong(layers.conv2d, { filters: 3, kernelSize: 3, kernel: 1 }), /conv2d: options are .*; got "kernel"/],
    [wrong(layers.dense, { unit: 3 }), /dense: options are .*; got "unit"; did you mean "units"\?/],
    [
      wrong(layers.conv2d, { filters: 3, kernelSize: 3, padding: "causal" }),
      /padding must be one of valid, same/,
    ],
    [
      wrong(layers.dense, { units: 3, activation: "rulu" }),
      /activation must be one of linear, relu, .*; got "rulu"/,
    ],
    [wrong(layers.dense, { units: 3, useBias: 1 }), /useBias must be true or false; got 1/],
    [
      wrong(layers.dense, { units: 3, kernelInitializer: "xavier" }),
      /initializer: name must be one of .*"xavier"/,
    ],
    [wrong(layers.dense, { units: 3, kernelInitializer: 7 }), /kernelInitializer must be an initializer/],
    [wrong(layers.dense, { units: 3, name: 7 }), /dense: name must be a string; got 7/],
    [wrong(layers.dense, { units: 3, inputShape: [] }), /dense: inputShape: the shape of one example/],
    [wrong(layers.dropout, {}), /dropout: rate must be a number in 0 … .*; got nothing/],
    [wrong(layers.dropout, { rate: 1 }), /dropout: rate must be a number in 0 … .*; got 1/],
    [wrong(layers.reshape, { targetShape: [-1, -1] }), /reshape: targetShape must be .*; got \[-1,-1\]/],
    [wrong(layers.permute, { dims: [0, 1] }), /permute: dims must name each axis from 1 once/],
    [wrong(layers.cropping2d, { cropping: [1, [2]] }), /cropping2d: cropping must be/],
    [wrong(layers.concatenate, { axis: 0 }), /concatenate: axis must not be 0, the batch/],
    [
      wrong(layers.partialConv2d, { connections: [[0, 0]], kernelSize: 3 }),
      /connections must list .*got \[\[0,0\]\]/,
    ],
    [wrong(layers.radialBasis, { centers: [[1], [1, 2]] }), /centers must be lists .* all of one length/],
  ])("are refused with what must hold and what came: %#", (make, message) => {
    expect(make).toThrow(message);
  });

  it("are refused by the layer's name once it is in a network", () => {
    const build = (layer: Layer) => () => sequentialNetwork([layer]);
    expect(build(layers.reshape({ targetShape: [7, -1], inputShape: [6] }))).toThrow(
      /layer reshape_1: reshape: targetShape must hold as many numbers as the input's 6; got \[7,-1\] for \[6\]/,
    );
    expect(build(layers.cropping1d({ cropping: 2, inputShape: [4, 1] }))).toThrow(
      /cropping must leave something/,
    );
    expect(build(layers.partialConv2d({ connections: [[2]], kernelSize: 1, inputShape: [4, 4, 2] }))).toThrow(
      /channels in 0 … 1 of the input; got 2/,
    );
    expect(build(layers.radialBasis({ centers: [[1, 1]], inputShape: [3] }))).toThrow(
      /as many features as the centers, 2; got 3/,
    );
  });
});

describe("defaults", () => {
  it("are Keras'", () => {
    const initializers = {
      kernelInitializer: { name: "glorotUniform", config: {} },
      biasInitializer: { name: "zeros", config: {} },
    };
    expect(layers.conv2d({ filters: 2, kernelSize: 3 }).config).toMatchObject({
      strides: [1, 1],
      padding: "valid",
      dilationRate: [1, 1],
      groups: 1,
      activation: "linear",
      useBias: true,
      ...initializers,
      trainable: true,
    });
    expect(layers.maxPooling2d().config).toMatchObject({
      poolSize: [2, 2],
      strides: [2, 2],
      padding: "valid",
    });
    expect(layers.averagePooling1d({ poolSize: 3 }).config).toMatchObject({ poolSize: [3], strides: [3] });
    expect(layers.batchNormalization().config).toMatchObject({ momentum: 0.99, epsilon: 1e-3 });
    expect(layers.leakyReLU().config).toMatchObject({ alpha: 0.3 });
    expect(layers.upSampling2d().config).toMatchObject({ size: [2, 2] });
    expect(layers.zeroPadding2d().config).toMatchObject({
      padding: [
        [1, 1],
        [1, 1],
      ],
    });
  });

  it("tell which layers give probabilities", () => {
    const last = [
      layers.softmax(),
      layers.activation({ activation: "sigmoid" }),
      layers.dense({ units: 2, activation: "softmax" }),
      layers.dense({ units: 2 }),
      layers.reLU(),
    ];
    expect(last.map(({ givesProbabilities }) => givesProbabilities ?? false)).toEqual([
      ...[true, true, true, false, false],
    ]);
  });
});

describe("what small layers compute", () => {
  const run = (layer: Layer, data: number[]) => {
    const network = sequentialNetwork([layer]);
    const shape = [1, ...network.inputShapes[0]];
    const program = compile((x) => network.apply([x], { training: false }), [shape], {
      arena: network.arena,
    });
    return [...program(floatArray(data, shape)).data];
  };

  it.each([
    [
      "upSampling1d",
      layers.upSampling1d({ size: 2, inputShape: [2, 2] }),
      [1, 2, 3, 4],
      [1, 2, 1, 2, 3, 4, 3, 4],
    ],
    [
      "upSampling2d",
      layers.upSampling2d({ size: [2, 3], inputShape: [1, 2, 1] }),
      [1, 2],
      [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2],
    ],
    [
      "zeroPadding1d",
      layers.zeroPadding1d({ padding: [[1, 2]], inputShape: [2, 1] }),
      [5, 6],
      [0, 5, 6, 0, 0],
    ],
    [
      "zeroPadding1d as Keras",
      layers.zeroPadding1d({ padding: [1, 2], inputShape: [2, 1] }),
      [5, 6],
      [0, 5, 6, 0, 0],
    ],
    ["cropping1d", layers.cropping1d({ cropping: [1, 2], inputShape: [5, 1] }), [1, 2, 3, 4, 5], [2, 3]],
    ["permute", layers.permute({ dims: [2, 1], inputShape: [2, 3] }), [1, 2, 3, 4, 5, 6], [1, 4, 2, 5, 3, 6]],
    ["rescaling", layers.rescaling({ scale: 2, offset: 1, inputShape: [2] }), [3, 4], [7, 9]],
    ["leakyReLU", layers.leakyReLU({ alpha: 0.5, inputShape: [2] }), [-4, 4], [-2, 4]],
    // coefficient 2, bias 1: 2·(1 + 2 + 3 + 4) + 1
    [
      "subsampling2d",
      layers.subsampling2d({
        coefficientInitializer: { name: "constant", config: { value: 2 } },
        biasInitializer: "ones",
        inputShape: [2, 2, 1],
      }),
      [1, 2, 3, 4],
      [21],
    ],
    // -(3 - 1)² - (0 + 1)² and -(3 + 1)² - (0 - 1)²
    [
      "radialBasis",
      layers.radialBasis({
        centers: [
          [1, -1],
          [-1, 1],
        ],
        inputShape: [2],
      }),
      [3, 0],
      [-5, -17],
    ],
    // Output 0 adds channels 0 and 2, output 1 takes channel 1, each times 10.
    [
      "partialConv2d",
      layers.partialConv2d({
        connections: [[0, 2], [1]],
        kernelSize: 1,
        kernelInitializer: { name: "constant", config: { value: 10 } },
        inputShape: [1, 1, 3],
      }),
      [1, 2, 4],
      [50, 20],
    ],
  ])("%s", (_, layer, given, expected) => {
    expect(run(layer, given)).toEqual(expected);
  });
});

describe("partialConv2d", () => {
  it("keeps each output's windows beside each other in the kernel", () => {
    const network = sequentialNetwork([
      layers.partialConv2d({
        connections: [[1], [0, 1]],
        kernelSize: 1,
        useBias: false,
        inputShape: [1, 1, 2],
      }),
    ]);
    network.setWeights(new Map([["partial_conv2d_1/kernel", floatArray([2, 3, 5], [1, 1, 3])]]));
    const program = compile((x) => network.apply([x], { training: false }), [[1, 1, 1, 2]], {
      arena: network.arena,
    });
    // 2·x₁ and 3·x₀ + 5·x₁ with x = (1, 10)
    expect([...program(floatArray([1, 10], [1, 1, 1, 2])).data]).toEqual([20, 53]);
  });
});

describe("radialBasisLoss", () => {
  it("is y_D + ln(e^-j + Σ e^-y_i) for each example", () => {
    const program = compile(
      (targets, outputs) => layers.radialBasisLoss(targets, outputs, 0.5),
      [{ shape: [2], dtype: "int32" }, [2, 2]],
      { threads: 1 },
    );
    const { shape, data } = program(intArray([1, 0], [2]), floatArray([-3, -1, -0.25, -700], [2, 2]));
    expect(shape).toEqual([2]);
    expect(data[0]).toBeCloseTo(1 + Math.log(Math.exp(-0.5) + Math.exp(-3) + Math.exp(-1)), 5);
    expect(data[1]).toBeCloseTo(0.25 + Math.log(Math.exp(-0.5) + Math.exp(-0.25)), 5);
  });
});
