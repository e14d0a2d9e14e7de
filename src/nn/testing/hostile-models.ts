/** @file Model files that describe what they cannot hold: every number of every layer's description, changed. For tests. */
import { writeSafetensors } from "../../io/safetensors.ts";
import { AuricleError } from "../../errors.ts";
import { checksum } from "../checkpoint/checksum.ts";
import { modelFromBytes } from "../checkpoint/index.ts";
import { LAYER_CLASS_NAMES, type LayerClassName } from "../layers/index.ts";
import { graphNetwork } from "../network-builders.ts";
import type { Network } from "../network.ts";
import { input } from "../symbolic.ts";
import { LAYER_CASES } from "./layer-cases.ts";

/** Values that a damaged or forged file may hold in place of valid ones. */
const HOSTILE_VALUES: readonly unknown[] = [
  0,
  -1,
  0.5,
  1e9,
  2 ** 31,
  8e6,
  1e300,
  -(2 ** 53),
  null,
  true,
  "",
  "__proto__",
  [],
  [1e9, 1e9],
  [[1e9, 1e9]],
  {},
  { name: "constant", config: { value: 1e300 } },
  nested(2000),
];

export function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

interface HostileModel {
  /** Which value was changed, and to what. */
  readonly what: string;
  /** The content of the file. */
  make(): Uint8Array;
}

/** The content of a model file with this description and these metadata, as JSON, and with the weights of the network. */
export function fileOf(network: Network, description: unknown, metadata = "{}"): Uint8Array {
  const tensors = [...network.getWeights()].map(([path, array]) => [`weights/${path}`, array] as const);
  const model = `{"network":${JSON.stringify(description)},"metadata":${metadata}}`;
  return writeSafetensors(tensors, {
    format: "auricle-model",
    formatVersion: "1",
    auricleVersion: "test",
    model,
    checksum: checksum([model], tensors),
  });
}

/** For each value in the description of a layer's network, files in which it is another one. */
function* hostileModels(className: LayerClassName): Generator<HostileModel> {
  for (const { make, input: shapes } of LAYER_CASES[className]) {
    const inputs = shapes.map((shape) => input({ shape }));
    const network = graphNetwork({ inputs, outputs: make().apply(inputs) });
    for (const { what, change } of mutations(network.config)) {
      yield { what: `${className}: ${what}`, make: () => fileOf(network, change()) };
    }
  }
}

interface Mutation {
  readonly what: string;
  change(): unknown;
}

/** Copies of plain JSON in which one value is a hostile one; each value in turn, and each hostile one. */
function* mutations(original: unknown): Generator<Mutation> {
  const text = JSON.stringify(original);
  for (const path of pathsIn(JSON.parse(text))) {
    for (const [i, value] of HOSTILE_VALUES.entries()) {
      const change = () => {
        const changed: unknown = JSON.parse(text);
        replace(changed, path, value);
        return changed;
      };
      yield { what: `${path.join(".")} = hostile value ${i}`, change };
    }
  }
}

type Path = readonly (string | number)[];

/** The way to every value in plain JSON, lists and objects included. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  const own = path.length > 0 ? [path] : [];
  if (typeof value !== "object" || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))];
}

function replace(root: unknown, path: Path, value: unknown): void {
  let holder = root as Record<string, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  holder[path[path.length - 1]] = value;
}

/** Reads every n-th of these files, of all layers. */
export function readHostileModels(step: number) {
  const problems: string[] = [];
  let [files, loaded] = [0, 0];
  for (const className of LAYER_CLASS_NAMES) {
    for (const { what, make } of hostileModels(className)) {
      if (files++ % step !== 0) continue;
      try {
        modelFromBytes(make(), "hostile", { target: "reference", threads: 1 });
        loaded++;
      } catch (error) {
        const isNamed = error instanceof AuricleError && error.code === "file";
        if (!isNamed || !error.message.startsWith("hostile: ")) problems.push(`${what}: ${String(error)}`);
      }
    }
  }
  return { files, loaded, problems };
}
