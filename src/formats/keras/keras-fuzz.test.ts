/** @file Damaged and hostile models of Keras and TensorFlow.js are refused by a message, or read as what they say. */
import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { networkFromConfig } from "../../nn/network-from-config.ts";
import { Generator } from "../../random/generator.ts";
import { FUZZ_SEED, FUZZ_TIMES } from "../../testing/fuzz.ts";
import { mutateBytes } from "../../testing/mutate-bytes.ts";
import type { Hdf5Group } from "../hdf5/hdf5-file.ts";
import { Hdf5Dataset, openHdf5 } from "../hdf5/hdf5-file.ts";
import { readTfjs } from "../tfjs/read-tfjs.ts";
import { TFJS_CASES } from "../tfjs/testing/tfjs-cases.ts";
import { openZip } from "../zip/read-zip.ts";
import { writeZip } from "../zip/write-zip.ts";
import type { ImportedNetwork } from "./imported.ts";
import { parseJson } from "../json/parse-json.ts";
import { readKeras, readKerasH5 } from "./read-keras.ts";
import { readStoredLayers } from "./stored-weights.ts";
import { KERAS_2, KERAS_3 } from "./testing/keras-cases.ts";

const FILE = "fuzzed";

/** Runs a reader; any fault but an error of the library is a fault of the reader. */
async function outcomeOf(read: () => unknown): Promise<"read" | "refused"> {
  try {
    await read();
    return "read";
  } catch (error) {
    if (!(error instanceof AuricleError)) throw error;
    expect(["file", "unsupported", "argument", "shape"]).toContain(error.code);
    return "refused";
  }
}

/** Builds what was read: layers that do not fit are refused there. */
function build({ config, weights }: ImportedNetwork): void {
  networkFromConfig(config, weights);
}

async function fuzz(
  cases: number,
  originals: readonly Uint8Array[],
  read: (bytes: Uint8Array) => unknown,
): Promise<void> {
  const generator = new Generator(140 + FUZZ_SEED);
  const outcomes = { read: 0, refused: 0 };
  for (let round = 0; round < cases; round++) {
    const bytes = mutateBytes(originals[round % originals.length], generator);
    outcomes[await outcomeOf(() => read(bytes))]++;
  }
  expect(outcomes.refused).toBeGreaterThan(0);
  expect(outcomes.read).toBeGreaterThan(0);
}

/** Goes through all groups, arrays and attributes. */
function walk(group: Hdf5Group, depth = 0): void {
  group.attribute("weight_names");
  if (depth > 20) return;
  for (const name of group.names.slice(0, 100)) {
    const one = group.get(name);
    if (one instanceof Hdf5Dataset) one.read();
    else if (one) walk(one, depth + 1);
  }
}

const nested = KERAS_3.filter(({ name }) => name === "nested" || name === "normalized");
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe("mutations with a fixed seed are read or refused", () => {
  it(`HDF5, all that is in it: ${1000 * FUZZ_TIMES}`, () =>
    fuzz(
      1000 * FUZZ_TIMES,
      nested.flatMap(({ files }) => [files[".h5"], files[".weights.h5"]]),
      (bytes) => walk(openHdf5(bytes, FILE)),
    ));

  it(`HDF5 as weights alone: ${100 * FUZZ_TIMES}`, () =>
    fuzz(
      100 * FUZZ_TIMES,
      nested.flatMap(({ files }) => [files[".weights.h5"], files[".h5"]]),
      (bytes) => readStoredLayers(bytes, FILE),
    ));

  it(`HDF5 as a model: ${60 * FUZZ_TIMES}`, () =>
    fuzz(
      60 * FUZZ_TIMES,
      [...nested, ...KERAS_2.filter(({ name }) => name === "nested")].map(({ files }) => files[".h5"]),
      (bytes) => build(readKerasH5(bytes, FILE)),
    ));

  it(`.keras: ${60 * FUZZ_TIMES}`, () =>
    fuzz(
      60 * FUZZ_TIMES,
      nested.map(({ files }) => files[".keras"]),
      (bytes) => build(readKeras(bytes, FILE)),
    ));

  it(`config.json of .keras: ${120 * FUZZ_TIMES}`, async () => {
    const operations = KERAS_3.filter(({ name }) => name === "operations");
    const parts = [...nested, ...operations].map(({ files }) => {
      const zip = openZip(files[".keras"], FILE);
      return new Map(zip.paths.map((path) => [path, zip.read(path)]));
    });
    const config = (one: Map<string, Uint8Array>) => one.get("config.json") ?? new Uint8Array();
    let round = 0;
    await fuzz(120 * FUZZ_TIMES, parts.map(config), (bytes) => {
      const files = new Map(parts[round++ % parts.length]);
      files.set("config.json", bytes);
      build(readKeras(writeZip(files), FILE));
    });
  });

  const stacked = TFJS_CASES.filter(({ name }) => name === "stacked");
  it(`model.json: ${250 * FUZZ_TIMES}`, () =>
    fuzz(
      250 * FUZZ_TIMES,
      stacked.map(({ model }) => text(model)),
      async (bytes) => {
        const json = parseJson(bytes, FILE);
        build(await readTfjs(json, FILE, () => Promise.resolve(stacked[0].shards[0])));
      },
    ));

  it(`shards: ${80 * FUZZ_TIMES}`, () =>
    fuzz(
      80 * FUZZ_TIMES,
      stacked.map(({ shards }) => shards[0]),
      async (bytes) => build(await readTfjs(stacked[0].model, FILE, () => Promise.resolve(bytes))),
    ));
});

const dense = (name: string, config: object = {}, rest: object = {}) => ({
  class_name: "Dense",
  name,
  config: { name, units: 2, ...config },
  ...rest,
});
const start = {
  class_name: "InputLayer",
  name: "in",
  config: { batch_input_shape: [null, 3] },
  inbound_nodes: [],
};
const from = (name: unknown, call: unknown = 0, value: unknown = 0) => [[[name, call, value, {}]]];
const functional = (layers: object[], output: unknown[] = ["a", 0, 0]) => ({
  class_name: "Functional",
  config: { name: "net", layers: [start, ...layers], input_layers: [["in", 0, 0]], output_layers: [output] },
});
const modelOf = (modelTopology: unknown) => ({ modelTopology, weightsManifest: [] });
const read = (json: unknown) => readTfjs(json, FILE, () => Promise.resolve(new Uint8Array()));

/** A model that calls a model twice, which calls one twice, and so on. */
function bomb(depth: number): object {
  const inner =
    depth === 0 ? dense("a", {}, { inbound_nodes: from("in") }) : { ...bomb(depth - 1), name: "m" };
  const twice = { ...inner, inbound_nodes: [[["in", 0, 0, {}]], [["in", 0, 0, {}]]] };
  const sum = {
    class_name: "Add",
    name: "s",
    config: {},
    inbound_nodes: [
      [
        ["m", 1, 0, {}],
        ["m", 2, 0, {}],
      ],
    ],
  };
  return depth === 0 ? functional([inner]) : functional([twice, sum], ["s", 0, 0]);
}

describe("hostile descriptions", () => {
  it.each<[string, unknown, RegExp]>([
    [
      "a circle of connections",
      functional([
        dense("a", {}, { inbound_nodes: from("b") }),
        dense("b", {}, { inbound_nodes: from("a") }),
      ]),
      /has a circle of connections/,
    ],
    ["a layer that takes itself", functional([dense("a", {}, { inbound_nodes: from("a") })]), /circle/],
    [
      "a name that is no layer",
      functional([dense("a", {}, { inbound_nodes: from("__proto__") })]),
      /names the layer/,
    ],
    [
      "a value that is none",
      functional([dense("a", {}, { inbound_nodes: from("in", 0, 5) })]),
      /that no layer gives/,
    ],
    [
      "a call that is none",
      functional([dense("a", {}, { inbound_nodes: from("in") })], ["a", -7, 0]),
      /missing are a\/kernel|no call/,
    ],
    [
      "an output that is the input",
      functional([dense("a", {}, { inbound_nodes: from("in") })], ["in", 0, 0]),
      /as it is/,
    ],
    [
      "a class of the prototype",
      functional([{ ...dense("a"), class_name: "constructor" }]),
      /a \(constructor\)/,
    ],
    [
      "units without end",
      functional([dense("a", { units: 1e300 }, { inbound_nodes: from("in") })]),
      /units must be/,
    ],
    [
      "an activation of the prototype",
      functional([dense("a", { activation: "toString" })]),
      /activation must be/,
    ],
    ["no layers", { class_name: "Sequential", config: { layers: [] } }, /layers: must be a list/],
    [
      "a model that is a class of its own",
      { class_name: "MyModel", config: {} },
      /a class whose code the file does not hold/,
    ],
    ["calls that double at each level", bomb(15), /is one layer too many/],
    ["models in models", bomb(20), /more than 16 deep/],
  ])("%s", async (_, topology, message) => {
    await expect(read(modelOf(topology))).rejects.toThrow(message);
    await expect(read(modelOf(topology))).rejects.toBeInstanceOf(AuricleError);
  });

  it("a key __proto__ changes nothing", async () => {
    const json: unknown = JSON.parse(
      '{"__proto__":{"polluted":1},"modelTopology":{"class_name":"Sequential","config":{"name":"n","layers":[' +
        '{"class_name":"Dense","config":{"__proto__":{"units":9},"name":"a","units":1,"use_bias":false,"batch_input_shape":[null,1]}}]}},' +
        '"weightsManifest":[{"paths":["w"],"weights":[{"name":"a/kernel","shape":[1,1],"dtype":"float32"}]}]}',
    );
    const { config } = await readTfjs(json, FILE, () => Promise.resolve(new Uint8Array(4)));
    expect(config.layers[0].config.units).toBe(1);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it("lists that are nested without end", () => {
    const deep = new TextEncoder().encode("[".repeat(100_000));
    expect(() => parseJson(deep, FILE)).toThrow(/nested more than 400 levels/);
  });

  it("weights that do not fit are named with both shapes", async () => {
    const [one] = TFJS_CASES.filter(({ name }) => name === "stacked");
    const text = JSON.stringify(one.model).replace('"units":5', '"units":6');
    const network = await readTfjs(JSON.parse(text), FILE, () => Promise.resolve(one.shards[0]));
    expect(() => build(network)).toThrow(/weight "head\/dense_one\/kernel" must be \[4,6\]; got \[4,5\]/);
  });
});
