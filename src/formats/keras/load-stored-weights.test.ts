import { describe, expect, it } from "vitest";
import * as layers from "../../nn/layers/index.ts";
import { sequential } from "../../nn/model.ts";
import { networkFromConfig } from "../../nn/network-from-config.ts";
import type { Network } from "../../nn/network.ts";
import { floatArray } from "../../tensor/array.ts";
import { loadStoredWeights } from "./load-stored-weights.ts";
import { readKeras, readKerasH5, type KerasFile } from "./read-keras.ts";
import { readStoredLayers, type StoredLayer } from "./stored-weights.ts";
import { KERAS_2, KERAS_3 } from "./testing/keras-cases.ts";

/** The network of a whole model, with weights that are all 0.5 but for what the configuration holds. */
function emptied({ config, weights }: KerasFile): Network {
  return networkFromConfig(
    config,
    new Map(
      [...weights].map(([path, { shape, data }]) => [path, { shape, data: data.map(() => 0.5) }] as const),
    ),
  );
}

function dense(path: string, size: number, more: Partial<StoredLayer> = {}): StoredLayer {
  const kernel = floatArray(new Array<number>(4 * size).fill(size), [size, 4]);
  return {
    path,
    givenNames: [],
    kind: "dense",
    tensors: [
      { name: `${path}/0`, array: kernel },
      { name: `${path}/1`, array: floatArray([0, 0, 0, 0], [4]) },
    ],
    ...more,
  };
}

const twice = () =>
  sequential([
    layers.dense({ units: 4, inputShape: [4], name: "first" }),
    layers.dense({ units: 4, name: "second" }),
  ]).network;

/** Weights that Keras keeps in the configuration: statistics that were given, a factor for each channel. */
const IN_CONFIGURATION: Readonly<Record<string, readonly string[]>> = {
  pictures: ["scaled/mean", "scaled/variance"],
  sequences: ["normalization/mean", "normalization/variance"],
};

function expectFilled(name: string, whole: KerasFile, stored: readonly StoredLayer[]) {
  const absent = IN_CONFIGURATION[name] ?? [];
  const network = emptied(whole);
  const report = loadStoredWeights(network, stored, "w", { partial: absent.length > 0 });
  expect(report.missing.map(({ weight }) => weight)).toEqual(absent);
  expect(report.unused).toEqual([]);
  const found = network.getWeights();
  expect(found.size).toBe(whole.weights.size);
  for (const [path, { data }] of whole.weights) {
    if (!absent.includes(path)) expect([path, found.get(path)?.data]).toEqual([path, data]);
  }
}

describe("files of weights fill the network that they are of", () => {
  for (const { name, files } of KERAS_3) {
    it.each([".weights.h5", ".keras", ".h5"])(`Keras 3, ${name}: %s`, (ending) => {
      const whole = readKeras(files[".keras"], "model.keras");
      expectFilled(name, whole, readStoredLayers(files[ending], `model${ending}`));
    });
  }
  it.each(KERAS_2)("Keras 2, $name: .h5", ({ name, files }) => {
    const whole = readKerasH5(files[".h5"], "model.h5");
    expectFilled(name, whole, readStoredLayers(files[".h5"], "model.h5"));
  });
});

describe("layers of equal shapes", () => {
  it("go by the names that were given to them, whatever their order", () => {
    const network = twice();
    const stored = [dense("a", 4, { givenNames: ["second"] }), dense("b", 4, { givenNames: ["first"] })];
    const { matched, notes } = loadStoredWeights(network, stored, "w", { partial: false });
    expect(matched.map(({ tensor, weight, by }) => [tensor, weight, by])).toEqual([
      ["b/0", "first/kernel", "name"],
      ["b/1", "first/bias", "name"],
      ["a/0", "second/kernel", "name"],
      ["a/1", "second/bias", "name"],
    ]);
    expect(notes).toEqual([]);
  });
  it("go by their order where Keras numbered them, which is said", () => {
    const stored = [dense("layers/dense", 4), dense("layers/dense_1", 4)];
    const { matched, notes } = loadStoredWeights(twice(), stored, "w", { partial: false });
    expect(matched.map(({ by }) => by)).toEqual(Array(4).fill("order"));
    expect(notes).toEqual([
      "Layers of equal shapes were matched in the order of both: layers/dense is first, layers/dense_1 is second.",
    ]);
  });
});

describe("what does not fit", () => {
  it("is named on both sides, and changes nothing", () => {
    const network = twice();
    const before = [...network.getWeights().values()];
    const stored = [dense("layers/dense", 4), dense("layers/dense_1", 7)];
    expect(() => loadStoredWeights(network, stored, "w.weights.h5", { partial: false })).toThrow(
      /w\.weights\.h5: does not fit network sequential: 2 of its 4 weights have no tensor: second\/kernel \(a tensor \[4,4\]\), second\/bias \(a tensor \[4\]\); 2 tensors have no place in it: layers\/dense_1\/0 \[7,4\], layers\/dense_1\/1 \[4\]; 2 match/,
    );
    expect([...network.getWeights().values()]).toEqual(before);
    const { missing, unused } = loadStoredWeights(network, stored, "w", { partial: true });
    expect([missing.length, unused.length]).toEqual([2, 2]);
  });
  it("is a layer of another class, whatever its shapes", () => {
    const stored = [dense("layers/einsum_dense", 4, { kind: "conv1d" }), dense("layers/dense", 4)];
    expect(() => loadStoredWeights(twice(), stored, "w", { partial: false })).toThrow("have no place in it");
  });
});
