import { describe, expect, it } from "vitest";
import { Model } from "../../nn/model.ts";
import { networkFromConfig } from "../../nn/network-from-config.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { readTfjs } from "./read-tfjs.ts";
import { TFJS_CASES, type TfjsCase } from "./testing/tfjs-cases.ts";

const FILE = "model.json";

/** The numbers that the fixture's script gives its models. */
function numbers(count: number): Float32Array {
  let state = 7;
  return Float32Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 1073741824 - 1;
  });
}

function beside({ model: { weightsManifest }, shards }: TfjsCase) {
  const [{ paths }] = weightsManifest;
  return (name: string) => Promise.resolve(shards[paths.indexOf(name)]);
}

describe("models that TensorFlow.js saved give its outputs, to 1e-5", () => {
  for (const one of TFJS_CASES) {
    it(one.name, async () => {
      const { config, weights, notes } = await readTfjs(one.model, FILE, beside(one));
      const network = new Model(networkFromConfig(config, weights), { threads: 1 });
      const data = numbers(sizeOf(one.inputShape));
      const found = await network.predict({ shape: one.inputShape, data });
      expect(notes).toEqual([]);
      const difference = Math.max(...one.output.map((value, i) => Math.abs(value - found.data[i])));
      expect(found.data.length).toBe(one.output.length);
      expect(difference).toBeLessThan(1e-5);
    });
  }
});

const noFile = () => Promise.reject(new Error("no file may be read"));
const dense = (config: object = {}) => ({
  class_name: "Dense",
  config: { name: "dense", units: 2, batch_input_shape: [null, 3], ...config },
});
const sequential = (...layers: object[]) => ({ class_name: "Sequential", config: { name: "net", layers } });

describe("models of TensorFlow.js that cannot be read", () => {
  it("names all layers that Auricle has nothing for, before it reads a weight", async () => {
    const lstm = (name: string) => ({ class_name: "LSTM", config: { name, units: 3 } });
    const inner = sequential(lstm("inside"), dense({ data_format: null, activation: "no_such" }));
    const modelTopology = sequential(dense({ name: "first" }), lstm("memory"), inner);
    const read = readTfjs({ modelTopology, weightsManifest: [] }, FILE, noFile);
    await expect(read).rejects.toThrow(
      /3 layers have[^]*memory \(LSTM\)[^]*net\/inside \(LSTM\)[^]*net\/dense \(Dense\): activation must be[^]*"no_such"/,
    );
    await expect(read).rejects.toHaveProperty("code", "unsupported");
  });

  it("advises what to take in place of a graph model", async () => {
    const graph = { format: "graph-model", modelTopology: { node: [] }, weightsManifest: [] };
    await expect(readTfjs(graph, FILE, noFile)).rejects.toThrow(/graph model.*ONNX/);
  });

  const one = TFJS_CASES[0];
  const [manifest] = one.model.weightsManifest;
  const changed = (weights: object[], paths = manifest.paths) => ({
    ...one.model,
    weightsManifest: [{ paths, weights }],
  });
  const [first, ...rest] = manifest.weights;
  it.each([
    ["weights that are missing", changed(rest), /must have the numbers of every weight; missing are/],
    [
      "a shape whose product overflows",
      changed([{ ...first, shape: [2 ** 40, 2 ** 40] }]),
      /no memory holds/,
    ],
    ["a shape beyond the file", changed([{ ...first, shape: [2 ** 30] }]), /needs bytes 0 to .* which has/],
    ["a negative length", changed([{ ...first, shape: [-1] }]), /list of lengths/],
    ["two weights of one name", changed([first, first, ...rest]), /two weights named/],
    ["files elsewhere", changed([first], ["../secret"]), /no file beside it/],
    ["files on a host", changed([first], ["https://example.org/a"]), /no file beside it/],
    ["a type of its own", changed([{ ...first, dtype: "__proto__" }]), /dtype must be one of/],
    ["no manifest", { ...one.model, weightsManifest: {} }, /weightsManifest must be a list/],
  ])("refuses %s", async (_, json, message) => {
    const read = readTfjs(json, FILE, beside(one));
    await expect(read).rejects.toThrow(message);
    await expect(read).rejects.toHaveProperty("code", "file");
  });
});
