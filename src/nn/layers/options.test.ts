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
      /padding must be "valid", "same", a number from 0, or for each of 2 axes/,
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
    [wrong(layers.permute, { dims: [0, 1] }), /permute: dims must be a list of all axes from 1, each once/],
    [wrong(layers.cropping2d, { cropping: [1, [2]] }), /cropping2d: cropping must be/],
    [wrong(layers.reLU, { maxValue: 0 }), /reLU: maxValue must be/],
    [wrong(layers.prelu, { sharedAxes: "all" }), /prelu: sharedAxes must be an integer or a list/],
    [wrong(layers.groupNormalization, { groups: 0 }), /groups must be a positive integer or -1; got 0/],
    [wrong(layers.gaussianNoise, {}), /gaussianNoise: stddev must be .*; got nothing/],
    [wrong(layers.gaussianDropout, { rate: 1 }), /gaussianDropout: rate must be .*; got 1/],
    [wrong(layers.resizing, { height: 3 }), /resizing: width must be a positive integer; got nothing/],
    [
      wrong(layers.upSampling2d, { interpolation: "cubic" }),
      /interpolation must be one of nearest, bilinear/,
    ],
    [
      wrong(layers.maxPooling2d, { countIncludePad: true }),
      /maxPooling2d: options are .*got "countIncludePad"/,
    ],
    [
      wrong(layers.maxPooling1d, { padding: "causal" }),
      /padding must be "valid", "same", a number from 0, or for each/,
    ],
    [
      wrong(layers.averagePooling2d, { padding: [-1, 0] }),
      /padding must be "valid", "same", a number from 0/,
    ],
    [
      wrong(layers.conv2dTranspose, { filters: 3, kernelSize: 3, groups: 2 }),
      /filters must be a multiple of groups; got 3 filters, 2 groups/,
    ],
    [wrong(layers.concatenate, { axis: 0 }), /concatenate: axis must not be 0, the batch/],
    [
      wrong(layers.partialConv2d, { connections: [[0, 0]], kernelSize: 3 }),
      /connections must be for each output a list .*got \[\[0,0\]\]/,
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
    expect(build(layers.groupNormalization({ inputShape: [4, 6] }))).toThrow(
      /layer group_normalization_1: groupNorm: groups must divide the 6 channels of axis 2; got 32/,
    );
    expect(build(layers.batchNormalization({ axis: 0, inputShape: [4] }))).toThrow(
      /layer batch_normalization_1: batchNormalization: axis must not be 0, the batch/,
    );
    expect(build(layers.softmax({ axis: 3, inputShape: [4] }))).toThrow(
      /layer softmax_1: softmax: axis must be in/,
    );
    expect(build(layers.prelu({ sharedAxes: [2], inputShape: [4] }))).toThrow(
      /layer prelu_1: prelu: axis must be/,
    );
    expect(build(layers.reflectionPadding1d({ padding: 3, inputShape: [3, 1] }))).toThrow(
      /layer reflection_padding1d_1: pad: mode "reflect" takes at most 2/,
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
    [
      "reLU with a ceiling, a slope and a threshold",
      layers.reLU({ maxValue: 4, negativeSlope: 0.5, threshold: 2, inputShape: [5] }),
      [-2, 1, 2, 3, 9],
      [-2, -0.5, 0, 3, 4],
    ],
    [
      "prelu with a slope for each channel",
      layers.prelu({
        sharedAxes: [1],
        alphaInitializer: { name: "constant", config: { value: 0.25 } },
        inputShape: [2, 2],
      }),
      [-4, 4, 8, -8],
      [-1, 4, 8, -2],
    ],
    // Each column adds up to 1: of equal numbers each is a half.
    [
      "softmax over axis 1",
      layers.softmax({ axis: 1, inputShape: [2, 2] }),
      [7, 1, 7, 1],
      [0.5, 0.5, 0.5, 0.5],
    ],
    [
      "reflectionPadding1d",
      layers.reflectionPadding1d({ padding: [2, 1], inputShape: [3, 1] }),
      [1, 2, 3],
      [3, 2, 1, 2, 3, 2],
    ],
    [
      "reflectionPadding2d",
      layers.reflectionPadding2d({ padding: [[1, 0], 1], inputShape: [2, 2, 1] }),
      [1, 2, 3, 4],
      [4, 3, 4, 3, 2, 1, 2, 1, 4, 3, 4, 3],
    ],
    // Centres at 1/4, 3/4, 5/4 and 7/4 of two pixels.
    ["resizing", layers.resizing({ height: 1, width: 4, inputShape: [1, 2, 1] }), [0, 4], [0, 1, 3, 4]],
    [
      "upSampling2d, bilinear",
      layers.upSampling2d({ size: [1, 2], interpolation: "bilinear", inputShape: [1, 2, 1] }),
      [0, 4],
      [0, 1, 3, 4],
    ],
    [
      "averagePooling1d that counts its padding",
      layers.averagePooling1d({ poolSize: 2, padding: [1, 0], countIncludePad: true, inputShape: [3, 1] }),
      [2, 4, 8],
      [1, 6],
    ],
    [
      "averagePooling1d that does not",
      layers.averagePooling1d({ poolSize: 2, padding: [1, 0], inputShape: [3, 1] }),
      [2, 4, 8],
      [2, 6],
    ],
    [
      "maxPooling1d with gaps, to the end",
      layers.maxPooling1d({ poolSize: 2, strides: 2, dilationRate: 2, ceil: true, inputShape: [6, 1] }),
      [1, 2, 3, 4, 5, 9],
      [3, 5, 5],
    ],
    // Each channel has its own window of ones; 2 of 2·2 + 1 results are cut off, one is added.
    [
      "conv1dTranspose in groups, cut and lengthened",
      layers.conv1dTranspose({
        filters: 2,
        kernelSize: 3,
        strides: 2,
        groups: 2,
        padding: 1,
        outputPadding: 1,
        kernelInitializer: "ones",
        inputShape: [2, 2],
      }),
      [1, 10, 2, 20],
      [1, 10, 3, 30, 2, 20, 2, 20],
    ],
    [
      "dense along the last axis",
      layers.dense({ units: 1, kernelInitializer: "ones", inputShape: [2, 2] }),
      [1, 2, 3, 4],
      [3, 7],
    ],
    // Mean 2 and deviation 1 of the first channel, 20 and 10 of the second.
    [
      "groupNormalization of instances",
      layers.groupNormalization({ groups: -1, epsilon: 0, inputShape: [2, 2] }),
      [1, 10, 3, 30],
      [-1, -1, 1, 1],
    ],
    [
      "groupNormalization along axis 1",
      layers.groupNormalization({ groups: 2, axis: 1, epsilon: 0, inputShape: [2, 2] }),
      [1, 3, 30, 10],
      [-1, 1, 1, -1],
    ],
    [
      "layerNormalization along axis 1",
      layers.layerNormalization({ axis: 1, epsilon: 0, inputShape: [2, 2] }),
      [1, 10, 3, 30],
      [-1, -1, 1, 1],
    ],
    // (x - 0) / √(1 + 0) with the running statistics of row 1 and row 2 as they begin.
    [
      "batchNormalization along axis 1, before any training",
      layers.batchNormalization({
        axis: 1,
        epsilon: 0,
        gammaInitializer: { name: "constant", config: { value: 3 } },
        inputShape: [2, 1],
      }),
      [1, -2],
      [3, -6],
    ],
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

describe("layers of noise", () => {
  const noisy = {
    gaussianNoise: layers.gaussianNoise({ stddev: 0.5, inputShape: [2000] }),
    gaussianDropout: layers.gaussianDropout({ rate: 0.2, inputShape: [2000] }),
    alphaDropout: layers.alphaDropout({ rate: 0.2, inputShape: [2000] }),
  };
  const run = (layer: Layer, key: number, training = true) => {
    const network = sequentialNetwork([layer]);
    const shape = [3, 2000];
    const program = compile(
      (x, randomKey) => network.apply([x], { training, randomKey }),
      [shape, { shape: [], dtype: "int32" }],
      { arena: network.arena, threads: 1 },
    );
    const x = floatArray(new Float32Array(6000).fill(2), shape);
    return Array.from(program(x, intArray([key], [])).data);
  };

  it.each(Object.entries(noisy))(
    "%s is the same for the same key, another for another, and nothing in inference",
    (_, layer) => {
      expect(run(layer, 1)).toEqual(run(layer, 1));
      expect(run(layer, 1)).not.toEqual(run(layer, 2));
      expect(new Set(run(layer, 1, false))).toEqual(new Set([2]));
    },
  );

  // Of 6000 numbers: a mean within four standard errors, a deviation within four of √(1 / 12000) of itself.
  it.each([
    ["gaussianNoise", noisy.gaussianNoise, 0.5],
    ["gaussianDropout", noisy.gaussianDropout, 2 * Math.sqrt(0.2 / 0.8)],
  ])("%s keeps the mean and has its deviation", (_, layer, deviation) => {
    const values = run(layer, 7);
    const mean = values.reduce((total, value) => total + value, 0) / 6000;
    const square = values.reduce((total, value) => total + (value - mean) ** 2, 0) / 6000;
    expect(Math.abs(mean - 2)).toBeLessThan((4 * deviation) / Math.sqrt(6000));
    expect(Math.abs(Math.sqrt(square) / deviation - 1)).toBeLessThan(4 * Math.sqrt(1 / 12000));
  });
});
