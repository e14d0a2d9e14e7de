/** @file The workloads of the two tables, and networks with a workload's layers. */
import { readFileSync } from "node:fs";

/**
 * @typedef {{ layer: string, layers?: Layer[], shortcut?: Layer[], dilations?: number[] }} Layer with the options of its kind
 * @typedef {{ batch: number, input: number[], classes: number, parameters: number, layers: Layer[] }} Workload
 * @typedef {"models" | "architectures"} Table
 */

/** @param {string} name @returns {Record<string, Workload>} */
const read = (name) => JSON.parse(readFileSync(new URL(`peers/${name}.json`, import.meta.url), "utf8"));

/** Models of the library, and architectures that it has none of. @type {Record<Table, Record<string, Workload>>} */
export const TABLES = { models: read("workloads"), architectures: read("architectures") };

/** @type {Record<string, Workload>} */
export const WORKLOADS = Object.assign({}, ...Object.values(TABLES));

/** @param {string} workload @returns {Table} */
export const tableOf = (workload) => (workload in TABLES.models ? "models" : "architectures");

/**
 * The workload as a network of Auricle's.
 * @param {Workload} workload
 * @param {{ input: Function, layers: Record<string, Function>, graphNetwork: Function }} library
 */
export function networkOf({ input, layers }, library) {
  const inputs = library.input({ shape: input });
  const outputs = chain(inputs, layers, library.layers, input.length - 1);
  return library.graphNetwork({ inputs, outputs }, {});
}

/** @param {any} tensor @param {readonly Layer[]} layers @param {Record<string, Function>} library @param {number} axes @returns {any} */
function chain(tensor, layers, library, axes) {
  return layers.reduce((before, layer) => {
    if (layer.layer !== "residual") return layerOf(layer, library, axes).apply(before);
    const branches = [layer.layers ?? [], layer.shortcut ?? []];
    const ends = branches.map((branch) => chain(before, branch, library, axes));
    return library.add().apply(ends);
  }, tensor);
}

/** @param {Layer} layer @param {Record<string, Function>} library @param {number} axes @returns {any} */
function layerOf({ layer, dilations, ...options }, library, axes) {
  const window = dilations ? { ...options, dilationRate: dilations } : options;
  switch (layer) {
    case "conv":
      return library[`conv${axes}d`](window);
    case "depthwise":
      return library[`depthwiseConv${axes}d`](window);
    case "maxPool":
      return library[`maxPooling${axes}d`](options);
    case "avgPool":
      return library[`averagePooling${axes}d`](options);
    case "globalAvgPool":
      return library[`globalAveragePooling${axes}d`]();
    case "batchNorm":
      return library.batchNormalization();
    case "relu":
      return library.reLU();
    case "flatten":
    case "dropout":
    case "dense":
      return library[layer](options);
    default:
      return library.activation({ activation: layer });
  }
}
