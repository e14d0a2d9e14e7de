import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { Network } from "../nn/network.ts";
import { networkFromConfig } from "../nn/network-from-config.ts";
import {
  AUDIO_MODEL_NAMES,
  C3_CONNECTIONS,
  DIGIT_BITMAPS,
  lenet5,
  MODEL_NAMES,
  modelNamed,
  type AudioModelName,
  type ModelName,
} from "./index.ts";

function trainable(network: Network): number {
  return network.weights
    .filter((entry) => entry.trainable)
    .reduce((total, { shape }) => total + sizeOf(shape), 0);
}

interface Expected {
  readonly parameters: number;
  readonly shapes: readonly (readonly number[])[];
}

/** Outputs of all layers, in order, and the number of trainable parameters. Those on sound: audio-models.test.ts. */
const EXPECTED: Readonly<Record<Exclude<ModelName, AudioModelName>, Expected>> = {
  // (5·5·1 + 1)·6 + (5·5·6 + 1)·16 + (400 + 1)·120 + (120 + 1)·84 + (84 + 1)·10
  lenet5: {
    parameters: 156 + 2416 + 48120 + 10164 + 850,
    shapes: [[28, 28, 6], [14, 14, 6], [10, 10, 16], [5, 5, 16], [400], [120], [84], [10]],
  },
  // the paper's 156 + 12 + 1,516 + 32 + 48,120 + 10,164
  "lenet5-1998": {
    parameters: 60000,
    shapes: [
      [32, 32, 1],
      [32, 32, 1],
      [28, 28, 6],
      [14, 14, 6],
      [10, 10, 16],
      [5, 5, 16],
      [1, 1, 120],
      [120],
      [84],
      [10],
    ],
  },
  // 9·(1·32 + 32·32 + 32·64 + 64·64 + 64·128), 2·(32 + 32 + 64 + 64 + 128), (128 + 1)·10
  "fashion-cnn": {
    parameters: 138528 + 640 + 1290,
    shapes: [
      ...new Array<number[]>(6).fill([28, 28, 32]),
      [14, 14, 32],
      ...new Array<number[]>(6).fill([14, 14, 64]),
      [7, 7, 64],
      ...new Array<number[]>(3).fill([7, 7, 128]),
      [128],
      [128],
      [10],
    ],
  },
  // 9·(1·32 + 4·32·32 + 32·64 + 3·64·64 + 64·128 + 3·128·128) + 32·64 + 64·128, 2·(5·32 + 5·64 + 5·128), (128 + 1)·10
  "small-resnet": {
    parameters: 9 * 75808 + 10240 + 2240 + 1290,
    shapes: [
      ...new Array<number[]>(3 + 7 + 7).fill([28, 28, 32]),
      // The shortcut's mean has the channels of before.
      ...new Array<number[]>(1).fill([14, 14, 32]),
      ...new Array<number[]>(9 + 7).fill([14, 14, 64]),
      ...new Array<number[]>(1).fill([7, 7, 64]),
      ...new Array<number[]>(9 + 7).fill([7, 7, 128]),
      [128],
      [10],
    ],
  },
  // 9·(1·32 + 32 + 64 + 128 + 128 + 256) + 32·64 + 64·128 + 128·128 + 128·256 + 256·256, 2·(2·32 + 2·64 + 4·128 + 3·256), 2570
  "small-mobilenet": {
    parameters: 9 * 640 + 124928 + 2944 + 2570,
    shapes: [
      ...new Array<number[]>(3 + 3).fill([28, 28, 32]),
      ...new Array<number[]>(3).fill([28, 28, 64]),
      ...new Array<number[]>(3).fill([14, 14, 64]),
      ...new Array<number[]>(3 + 3 + 3).fill([14, 14, 128]),
      ...new Array<number[]>(3).fill([7, 7, 128]),
      ...new Array<number[]>(3 + 3 + 3).fill([7, 7, 256]),
      [256],
      [10],
    ],
  },
  // (9·1 + 1)·32 + (9·32 + 1)·64 + (9·64 + 1)·128 + (9·128 + 1)·128, 2·(32 + 64 + 128 + 128), (128 + 1)·10
  vgg4: {
    parameters: 320 + 18496 + 73856 + 147584 + 704 + 1290,
    shapes: [
      ...[[128, 32] as const, [64, 64] as const, [32, 128] as const, [16, 128] as const].flatMap(
        ([length, channels]) => [
          [length, length, channels],
          [length, length, channels],
          [length, length, channels],
          [length / 2, length / 2, channels],
        ],
      ),
      [128],
      [128],
      [10],
    ],
  },
  // (80·1 + 1)·32 + (3·32 + 1)·64 + (3·64 + 1)·128, 2·(32 + 64 + 128), (128 + 1)·10
  wave1d: {
    parameters: 2592 + 6208 + 24704 + 448 + 1290,
    shapes: [
      [4000, 32],
      [4000, 32],
      [4000, 32],
      [1000, 32],
      [1000, 64],
      [1000, 64],
      [1000, 64],
      [250, 64],
      [250, 128],
      [250, 128],
      [250, 128],
      [62, 128],
      [128],
      [10],
    ],
  },
};

it("there is a test for every model", () => {
  expect([...Object.keys(EXPECTED), ...AUDIO_MODEL_NAMES]).toEqual(MODEL_NAMES);
});

describe.each(Object.entries(EXPECTED))("%s", (name, { parameters, shapes }) => {
  it("has the parameters and shapes that were counted by hand", () => {
    const network = modelNamed(name);
    expect(network.name).toBe(name);
    expect(network.nodes.map(({ outputShape }) => outputShape)).toEqual(shapes);
    expect(trainable(network)).toBe(parameters);
  });

  it("gives logits, one for each class", () => {
    const network = modelNamed(name);
    expect(network.outputShape).toEqual([10]);
    expect(network.outputLayer.layer.givesProbabilities ?? false).toBe(false);
  });

  it("comes back from its config with the same weights", () => {
    const network = modelNamed(name, { seed: 5 });
    const again = networkFromConfig(JSON.parse(JSON.stringify(network.config)));
    expect(again.config).toEqual(network.config);
    expect(again.getWeights()).toEqual(network.getWeights());
  });
});

describe("published and agreed totals", () => {
  it.each([
    ["lenet5", 61706],
    ["notebook", 156114],
    ["small-resnet", 696042],
    ["small-mobilenet", 136202],
    ["vgg4", 242250],
    ["wave1d", 35242],
  ])("%s has %d trainable parameters", (name, count) => {
    expect(trainable(modelNamed(name))).toBe(count);
  });
});

describe("modelNamed", () => {
  it("passes the input's shape, the number of classes and the seed on", () => {
    const network = modelNamed("vgg4", { inputShape: [60, 80, 2], classes: 3, seed: 8 });
    expect(network.inputShapes).toEqual([[60, 80, 2]]);
    expect(network.outputShape).toEqual([3]);
    expect(network.seed).toBe(8);
  });

  it("names the models when there is none of that name", () => {
    expect(() => modelNamed("lenet")).toThrow(
      /name must be one of lenet5, lenet5-1998, .*mel-cnn, .*; got "lenet"/,
    );
  });

  it("names the layer when the input is too small", () => {
    expect(() => modelNamed("lenet5", { inputShape: [8, 8, 1] })).toThrow(
      /layer conv2d_2: conv2d: the window must fit/,
    );
  });
});

describe("lenet5", () => {
  it("takes another activation", () => {
    const network = lenet5({ activation: "relu" });
    expect(network.layers.map(({ layer }) => layer.config["activation"])).toEqual([
      "relu",
      undefined,
      "relu",
      undefined,
      undefined,
      "relu",
      "relu",
      "linear",
    ]);
  });
});

describe("lenet5-1998", () => {
  it("uses each map of S2 in ten maps of C3: six triples, nine quadruples and one of all six", () => {
    for (let map = 0; map < 6; map++) {
      expect(C3_CONNECTIONS.filter((row) => row.includes(map)).length, `map ${map}`).toBe(10);
    }
    expect(C3_CONNECTIONS.map((row) => row.length)).toEqual([3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6]);
    expect(new Set(C3_CONNECTIONS.map(String)).size).toBe(16);
  });

  it("has the paper's parameters and connections, layer by layer and in sum", () => {
    const table = modelNamed("lenet5-1998", { inputShape: [32, 32, 1] }).summary();
    for (const [layer, parameters, connections] of [
      ["c1", "156", "122,304"],
      ["s2", "12", "5,880"],
      ["c3", "1,516", "151,600"],
      ["s4", "32", "2,000"],
      ["c5", "48,120", "48,120"],
      ["f6", "10,164", "10,164"],
      ["output", "0", "840"],
    ]) {
      expect(table).toMatch(new RegExp(`^${layer} \\S+ +\\S+ +${parameters} +${connections} `, "m"));
    }
    expect(table).toContain("Parameters: 60,000 (60,000 trainable, 0 not)");
    expect(table).toContain("Connections: 340,908");
  });

  it("begins within ± 2.4 / fan-in, C3's units each with their own fan", () => {
    const weights = modelNamed("lenet5-1998").getWeights();
    const largest = (path: string) => Math.max(...(weights.get(path)?.data ?? []).map(Math.abs));
    for (const [path, fan] of [
      ["c1/kernel", 25],
      ["c1/bias", 25],
      ["s2/coefficient", 4],
      ["c5/kernel", 400],
      ["f6/kernel", 120],
    ] as const) {
      expect(largest(path), path).toBeLessThanOrEqual(2.4 / fan);
      // Of n uniform numbers the largest is n / (n + 1) of the bound in the mean; the fewest here are six.
      expect(largest(path), path).toBeGreaterThan((0.5 * 2.4) / fan);
    }
    const kernel = weights.get("c3/kernel")?.data ?? new Float32Array(0);
    const column = (link: number) =>
      Array.from({ length: 25 }, (_, tap) => Math.abs(kernel[tap * 60 + link]));
    expect(Math.max(...column(0))).toBeLessThanOrEqual(2.4 / 75);
    expect(Math.max(...column(0))).toBeGreaterThan(2.4 / 100);
    expect(Math.max(...column(59))).toBeLessThanOrEqual(2.4 / 150);
  });

  it("has ten different 7×12 bitmaps of ±1", () => {
    expect(DIGIT_BITMAPS.map((bitmap) => bitmap.length)).toEqual(new Array(10).fill(7 * 12));
    expect(new Set(DIGIT_BITMAPS.flat())).toEqual(new Set([-1, 1]));
    for (const [i, a] of DIGIT_BITMAPS.entries()) {
      for (const b of DIGIT_BITMAPS.slice(i + 1)) {
        expect(a.filter((dot, j) => dot !== b[j]).length).toBeGreaterThanOrEqual(4);
      }
    }
  });

  it("sees the same in an image of 28×28 and in the same image padded to 32×32", () => {
    const small = modelNamed("lenet5-1998");
    const large = modelNamed("lenet5-1998", { inputShape: [32, 32, 1] });
    const image = Float32Array.from({ length: 784 }, (_, i) => ((i * 7919) % 256) / 255);
    const padded = new Float32Array(1024);
    for (let row = 0; row < 28; row++)
      padded.set(image.subarray(row * 28, row * 28 + 28), (row + 2) * 32 + 2);
    const outputs = [
      { network: small, data: image },
      { network: large, data: padded },
    ].map(({ network, data }) => {
      const shape = [1, ...network.inputShapes[0]];
      const program = compile((x) => network.apply([x], { training: false }), [shape], {
        arena: network.arena,
      });
      return program({ shape, data }).data;
    });
    expect(outputs[0]).toEqual(outputs[1]);
    expect(outputs[0].every((output) => output < 0)).toBe(true);
  });

  it("refuses what it has no targets for", () => {
    expect(() => modelNamed("lenet5-1998", { classes: 5 })).toThrow(/with 5; use lenet5/);
    expect(() => modelNamed("lenet5-1998", { inputShape: [28, 28, 3] })).toThrow(/got \[28,28,3\]/);
  });
});
