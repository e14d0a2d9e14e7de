import { describe, expect, it } from "vitest";
import { frontEnd } from "../audio/front-end/front-end.ts";
import type { Network } from "../nn/network.ts";
import { networkFromConfig } from "../nn/network-from-config.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { AUDIO_MODEL_NAMES, AUDIO_MODELS, modelNamed, shortChunkCnn, type AudioModelName } from "./index.ts";

function trainable(network: Network): number {
  return network.weights
    .filter((entry) => entry.trainable)
    .reduce((total, { shape }) => total + sizeOf(shape), 0);
}

/** The bytes of all trainable weights: comparing arrays of millions of numbers would take seconds. */
function bytesOf({ parameters }: Network): Uint8Array {
  const words = parameters.view().slice();
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** The output shape of every convolution, pooling and dense layer, in order, without the channels of the former. */
function lengths(network: Network): Shape[] {
  return network.nodes
    .filter(({ layer }) => /pool|^conv|dense/.test(layer.name))
    .map(({ outputShape }) => (outputShape.length === 1 ? outputShape : outputShape.slice(0, -1)));
}

interface Expected {
  /** For 10 and for 50 classes. */
  readonly parameters: readonly [number, number];
  readonly lengths: readonly Shape[];
}

/** A 3×3 convolution, batch normalisation's gamma and beta included. */
const conv3x3 = (from: number, to: number, bias: 0 | 1 = 1) => (9 * from + bias + 2) * to;
/** A 1D convolution of 3, likewise. */
const conv3 = (from: number, to: number) => (3 * from + 3) * to;
const dense = (from: number, to: number) => (from + 1) * to;

const halved = (count: number, time: number, frequency: number): Shape[] =>
  Array.from({ length: count }, (_, i) => [time >> i, frequency >> i]).flatMap(([t, f]) => [
    [t, f],
    [t >> 1, f >> 1],
  ]);

const EXPECTED: Readonly<Record<AudioModelName, Expected>> = {
  "mel-cnn": {
    parameters: [243_178, 253_458],
    lengths: [...halved(4, 129, 128), [128], [128], [10]],
  },
  // Each 1×1 convolution comes with its block's second 3×3 one, after it.
  "mel-resnet": {
    parameters: [604_778, 615_058],
    lengths: [
      [129, 128],
      ...[
        [64, 64],
        [64, 64],
        [64, 64],
      ],
      ...[
        [32, 32],
        [32, 32],
        [32, 32],
        [32, 32],
      ],
      ...[
        [16, 16],
        [16, 16],
        [16, 16],
        [16, 16],
      ],
      ...[
        [8, 8],
        [8, 8],
        [8, 8],
      ],
      [128],
      [128],
      [10],
    ],
  },
  "short-chunk": {
    parameters: [3_666_828, 3_687_348],
    lengths: [...halved(7, 231, 128), [512], [512], [10]],
  },
  "short-chunk-32": {
    parameters: [231_660, 236_820],
    lengths: [...halved(7, 231, 128), [128], [128], [10]],
  },
  musicnn: {
    parameters: [779_119, 787_159],
    lengths: [
      // 96 - 38 + 1 and 96 - 67 + 1
      [187, 59],
      [187, 1],
      [187, 30],
      [187, 1],
      ...[1, 2, 3].flatMap(() => [
        [187, 96],
        [187, 1],
      ]),
      [187],
      [187],
      [187],
      [753],
      [753],
      [200],
      [10],
    ],
  },
  notebook: { parameters: [104 + 156_010, 104 + 780_050], lengths: [[120, 129], [60, 65], [10]] },
  m3: { parameters: [221_194, 231_474], lengths: [[8000], [2000], [2000], [500], [256], [10]] },
  m5: {
    parameters: [559_114, 579_634],
    lengths: [[8000], [2000], [2000], [500], [500], [125], [125], [31], [512], [10]],
  },
  m11: {
    parameters: [1_786_442, 1_806_962],
    lengths: [
      [8000],
      ...[[2000], [2000], [2000]],
      ...[[500], [500], [500]],
      ...[[125], [125], [125], [125]],
      ...[[31], [31], [31]],
      [512],
      [10],
    ],
  },
  m18: {
    parameters: [3_683_786, 3_704_306],
    lengths: [
      [8000],
      ...[2000, 500, 125, 31].flatMap((length) => new Array<Shape>(5).fill([length])),
      [512],
      [10],
    ],
  },
  "sample-cnn": {
    parameters: [1_849_354, 1_869_874],
    lengths: [
      ...[19683, 6561, 2187, 729, 243, 81, 27, 9, 3].flatMap((length) => [[length], [length]]),
      [1],
      [1],
      [512],
      [10],
    ],
  },
};

describe.each(AUDIO_MODEL_NAMES)("%s", (name) => {
  const network = modelNamed(name);

  it("has the shapes and, for 10 and 50 classes, the parameters that were published or counted", () => {
    expect(network.name).toBe(name);
    expect(lengths(network)).toEqual(EXPECTED[name].lengths);
    expect([network, modelNamed(name, { classes: 50 })].map(trainable)).toEqual(EXPECTED[name].parameters);
  });

  it("gives logits and has its axes' names", () => {
    expect(network.outputShape).toEqual([10]);
    expect(network.outputLayer.layer.givesProbabilities ?? false).toBe(false);
    expect(network.axisNames?.length).toBe(network.inputShapes[0].length);
  });

  it("comes back from its config with the same weights", () => {
    const seeded = AUDIO_MODELS[name].build({ seed: 5, classes: 3, normalization: "example" });
    const again = networkFromConfig(JSON.parse(JSON.stringify(seeded.config)));
    expect(again.config).toEqual(seeded.config);
    expect(Buffer.compare(bytesOf(again), bytesOf(seeded))).toBe(0);
    expect(seeded.layers.some(({ name: layer }) => layer === "example_normalization_1")).toBe(true);
  });

  const { build, frontEnd: options, windowSeconds } = AUDIO_MODELS[name];
  const { outputShape, sampleRate } = frontEnd(options);

  it("was made for its front end and window", () => {
    expect(network.inputShapes).toEqual([outputShape(Math.round(windowSeconds * sampleRate))]);
  });

  it("takes a short window: 0.2 s", () => {
    expect(build({ inputShape: outputShape(0.2 * sampleRate) }).outputShape).toEqual([10]);
  });

  it("refuses features of the wrong kind by its name", () => {
    const wrong = network.inputShapes[0].length === 3 ? [16000, 1] : [128, 128, 1];
    expect(() => modelNamed(name, { inputShape: wrong })).toThrow(
      new RegExp(`^${name}: input must be \\[time.*got \\[${wrong.join(",")}\\]; choose a front end`),
    );
  });
});

/** Counts by layer, for those that were not published as code. */
const LAYERS = {
  "mel-cnn": [
    conv3x3(1, 32, 0),
    conv3x3(32, 64, 0),
    conv3x3(64, 128, 0),
    conv3x3(128, 128, 0),
    dense(256, 10),
  ],
  "mel-resnet": [
    conv3x3(1, 32, 0),
    2 * conv3x3(32, 32, 0),
    conv3x3(32, 64, 0) + conv3x3(64, 64, 0) + (32 + 2) * 64,
    conv3x3(64, 128, 0) + conv3x3(128, 128, 0) + (64 + 2) * 128,
    2 * conv3x3(128, 128, 0),
    dense(256, 10),
  ],
  m5: [(80 + 3) * 128, conv3(128, 128), conv3(128, 256), conv3(256, 512), dense(512, 10)],
};

describe("parameters layer by layer", () => {
  it.each(Object.entries(LAYERS))("of %s", (name, counts) => {
    expect(trainable(modelNamed(name))).toBe(counts.reduce((sum, count) => sum + count, 0));
  });

  it("of short-chunk with 64 channels", () => {
    expect(trainable(shortChunkCnn({ channels: 64 }))).toBe(920_012);
  });
});

describe("musicnn", () => {
  it("says how many mel bands it needs", () => {
    expect(() => modelNamed("musicnn", { inputShape: [187, 2, 1] })).toThrow(
      /^musicnn: input must have at least 3 mel bands.*got \[187,2,1\]; it was made for 96/,
    );
  });
});

describe("normalization", () => {
  it("by statistics of the training examples travels with the weights", () => {
    const mean = Array.from({ length: 128 }, (_, band) => -band);
    const network = AUDIO_MODELS["mel-cnn"].build({
      normalization: { axis: [2], mean, variance: [...mean].fill(4) },
    });
    expect(network.getWeights().get("normalization_1/mean")?.data).toEqual(Float32Array.from(mean));
    expect(network.getWeights().get("normalization_1/variance")?.data).toEqual(new Float32Array(128).fill(4));
    // No gradient trains them.
    expect(trainable(network)).toBe(243_178);
  });
});
