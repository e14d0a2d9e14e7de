/** @file The table that `network.summary()` gives. */
import { checkOptions, type OptionNames } from "../options.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { snakeCase } from "./layer-name.ts";
import type { NetworkNode } from "./build-nodes.ts";
import type { NetworkGraph } from "./network-graph.ts";
import { receptiveFields, type ReceptiveField } from "./receptive-field.ts";
import { fitsTable, textTable, type Column } from "./text-table.ts";

/** The meaning of one step along an axis of the input. */
export interface AxisUnit {
  /** "ms", "Hz". */
  readonly unit: string;
  /** From one sample to the next, in this unit: 10 for frames 10 ms apart. */
  readonly step: number;
  /** The span of a single sample, in this unit: 25 for windows of 25 ms. Default: `step`. */
  readonly width?: number;
}

export interface SummaryOptions {
  /** Characters to a line. Default 80. */
  readonly width?: number;
  /** For each spatial axis of the input: gives receptive fields in these units, in place of samples and memory. */
  readonly units?: readonly AxisUnit[];
}

const OPTIONS: OptionNames<SummaryOptions> = { width: true, units: true };

interface Row {
  readonly node: NetworkNode;
  readonly parameters: number;
  readonly connections: number;
  readonly field: ReceptiveField;
  /** Names of the values that the node takes. */
  readonly from: readonly string[];
}

/**
 * One row for each use of a layer: the output's shape without the batch axis, parameters, multiply-adds for one example,
 * the receptive field of one output in the input, in samples, and the memory of the output for one example.
 * "Connected to" is added for networks that are not a chain. Where a layer counts connections as LeCun et al. (1998) do, they
 * take the place of the multiply-adds.
 *
 * Where that is wider than `width`: a layer's inputs stand below it unless the layer above is the only one, then numbers are
 * rounded ("75.5 M"), then the last columns are left out.
 */
export function summarize(network: NetworkGraph, options: SummaryOptions): string {
  checkOptions("summary", options, OPTIONS);
  const rows = rowsOf(network);
  const counting = network.nodes.some(({ layer }) => layer.layer.connections);
  const { lines, layout } = layerTable(network, rows, {
    counting,
    units: options.units,
    width: options.width ?? 80,
  });
  return [
    network.name,
    ...network.inputs.map(({ name, shape, axisNames }) => `${name}: ${inputLine(shape, axisNames)}`),
    ...outputLine(network),
    "",
    ...lines,
    ...totals(network, rows, counting ? COUNTED : `Multiply-adds${layout.rounds ? " (MACs)" : ""}`),
  ].join("\n");
}

interface TableOptions {
  /** Connections in place of multiply-adds. */
  readonly counting: boolean;
  readonly units: readonly AxisUnit[] | undefined;
  readonly width: number;
}

/** How much of its contents a table shows. */
interface Layout {
  readonly inputs: "column" | "below";
  readonly rounds: boolean;
  readonly last: boolean;
}

/** The column in place of multiply-adds where layers count connections. */
const COUNTED = "Connections";

/** From the widest to the narrowest. */
const LAYOUTS: readonly Layout[] = [
  { inputs: "column", rounds: false, last: true },
  { inputs: "below", rounds: false, last: true },
  { inputs: "below", rounds: true, last: true },
  { inputs: "below", rounds: true, last: false },
];

/** The longest title of a layer that other columns give way to; longer ones stand on a line of their own. */
const LONGEST_TITLE = 20;

function layerTable(
  network: NetworkGraph,
  rows: readonly Row[],
  options: TableOptions,
): { readonly lines: readonly string[]; readonly layout: Layout } {
  const chain =
    network.inputs.length === 1 &&
    network.outputs.length === 1 &&
    rows.every(({ node }, i) => node.inputs[0] === i);
  const branches = !chain || rows.some(({ node }) => node.inputs.length > 1);
  const tables = LAYOUTS.map((layout) => tableIn(layout, rows, { ...options, branches }));
  const fits = (longest: number) =>
    tables.find(({ columns, cells }) => {
      const cut = cells.map(([title, ...others]) => [title.slice(0, longest), ...others]);
      return fitsTable(columns, cut, options.width);
    });
  const { columns, cells, layout } = fits(Infinity) ?? fits(LONGEST_TITLE) ?? tables[tables.length - 1];
  const isBelow = branches && layout.inputs === "below";
  const notes = isBelow ? rows.map(({ node, from }, i) => noteOf(node, from, i, network.inputs.length)) : [];
  return { lines: textTable(columns, cells, options.width, notes), layout };
}

function tableIn(
  layout: Layout,
  rows: readonly Row[],
  { counting, units, branches }: TableOptions & { readonly branches: boolean },
): { readonly columns: readonly Column[]; readonly cells: readonly string[][]; readonly layout: Layout } {
  const { rounds, last } = layout;
  const hasInputs = branches && layout.inputs === "column";
  const number = rounds ? rounded : grouped;
  const multiplyAdds = rounds ? "MACs" : "Multiply-adds";
  const columns: Column[] = [
    { title: "Layer", align: "left" },
    { title: "Output", align: "left" },
    { title: "Parameters", align: "right" },
    { title: counting ? COUNTED : multiplyAdds, align: "right" },
    ...(last ? [{ title: "Sees", align: "right" } as const] : []),
    ...(last && !units ? [{ title: "Memory", align: "right" } as const] : []),
    ...(hasInputs ? [{ title: "Connected to", align: "left" } as const] : []),
  ];
  const cells = rows.map(({ node, parameters, connections, field, from }) => [
    titleOf(node),
    shapeText(node.outputShape),
    number(parameters),
    number(counting ? connections : node.multiplyAdds),
    ...(last ? [fieldText(field, units)] : []),
    ...(last && !units ? [bytes(4 * sizeOf(node.outputShape))] : []),
    ...(hasInputs ? [from.join(", ")] : []),
  ]);
  return { columns, cells, layout };
}

/** The inputs of a layer, unless that is the layer above it, or for the first one the only input. */
function noteOf(node: NetworkNode, from: readonly string[], row: number, inputs: number): string | undefined {
  const [first, ...others] = node.inputs;
  const isNext = others.length === 0 && (row === 0 ? inputs === 1 : first === inputs + row - 1);
  return isNext ? undefined : `  ← ${from.join(", ")}`;
}

function rowsOf(network: NetworkGraph): readonly Row[] {
  const fields = receptiveFields(network);
  const seen = new Set<string>();
  const nameOf = (value: number): string =>
    value < network.inputs.length
      ? network.inputs[value].name
      : network.nodes[value - network.inputs.length].layer.name;
  return network.nodes.map((node, i): Row => {
    const { layer, inputShapes, outputShape, multiplyAdds } = node;
    const weights = network.weights.filter((entry) => entry.layer === layer.name);
    // A layer that is used again brings no new parameters.
    const parameters = seen.has(layer.name) ? 0 : weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    seen.add(layer.name);
    const biases = weights.some(({ name }) => name === "bias") ? sizeOf(outputShape) : 0;
    return {
      node,
      parameters,
      connections: layer.layer.connections?.(inputShapes, outputShape) ?? multiplyAdds + biases,
      field: fields[network.inputs.length + i],
      from: node.inputs.map(nameOf),
    };
  });
}

/** The type is told where the name does not. */
function titleOf({ layer }: NetworkNode): string {
  const { className } = layer.layer;
  const ownName = layer.name.split("/").at(-1) ?? "";
  return ownName.startsWith(snakeCase(className)) ? layer.name : `${layer.name} (${className})`;
}

function totals(network: NetworkGraph, rows: readonly Row[], cost: string): string[] {
  const words = (chosen: NetworkGraph["weights"]) =>
    chosen.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const all = words(network.weights);
  const trained = words(network.weights.filter((entry) => entry.trainable && !network.isFrozen(entry)));
  const total = (value: (row: Row) => number) => rows.reduce((sum, row) => sum + value(row), 0);
  const costs =
    cost === COUNTED
      ? `${cost}: ${grouped(total(({ connections }) => connections))}`
      : `${cost} for one example: ${grouped(total(({ node }) => node.multiplyAdds))}`;
  return [
    `Parameters: ${grouped(all)} (${grouped(trained)} trainable, ${grouped(all - trained)} not), ${bytes(4 * all)}`,
    costs,
    `Outputs of all layers for one example: ${bytes(total(({ node }) => 4 * sizeOf(node.outputShape)))}`,
  ];
}

/** The outputs' names, each with its layer where that is called otherwise; nothing for a network with one output. */
function outputLine({ outputs, outputForm }: NetworkGraph): string[] {
  if (outputForm === "one") return [];
  const named = outputs.map(({ name, layer }) => (name === layer.name ? name : `${name} (${layer.name})`));
  return [`Outputs: ${named.join(", ")}`];
}

function inputLine(shape: Shape, axisNames: readonly string[] | undefined): string {
  return axisNames
    ? shape.map((length, axis) => `${axisNames[axis]} ${length}`).join(" × ")
    : shapeText(shape);
}

function fieldText(field: ReceptiveField, units: readonly AxisUnit[] | undefined): string {
  if (!field) return "";
  if (!units) return field.map(({ size }) => String(size)).join("×");
  return units
    .slice(0, field.length)
    .map(({ unit, step, width = step }, axis) => {
      const size = short((field[axis].size - 1) * step + width);
      return `${size} ${size === "1" && unit !== "ms" ? unit.replace(/s$/, "") : unit}`;
    })
    .join(" × ");
}

/** 28×28×6. */
function shapeText(shape: Shape): string {
  return shape.join("×");
}

/** 61706 → "61,706". */
function grouped(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** 75497472 → "75.5 M". */
function rounded(value: number): string {
  if (value < 1e4) return grouped(value);
  if (value < 1e6) return `${short(value / 1e3)} k`;
  return value < 1e9 ? `${short(value / 1e6)} M` : `${short(value / 1e9)} G`;
}

/** Three digits at most, and none after the point from 100 on. */
function short(value: number): string {
  if (value >= 100) return grouped(value);
  return String(Number(value.toPrecision(3)));
}

function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  return count < 1e6 ? `${short(count / 1e3)} kB` : `${short(count / 1e6)} MB`;
}
