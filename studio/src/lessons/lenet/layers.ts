/** @file The layers of both LeNets as the page shows them, and the sum behind each of their units. */
import type { Model } from "auricle";
import { receptiveField } from "auricle/explain";
import { geometryOf } from "../convolution/geometry.ts";

export type LayerKind = "convolution" | "pooling" | "subsampling" | "dense" | "distance" | "other";

export interface LayerView {
  readonly name: string;
  /** As the paper names it: C1, S2, C3, S4, F5 … */
  readonly title: string;
  readonly kind: LayerKind;
  /** [rows, columns, channels]; [units] for dense layers. */
  readonly shape: readonly number[];
  /** The shape of what it reads, before any flattening. */
  readonly inputShape: readonly number[];
  readonly activation: string;
  readonly parameters: number;
  /** Rows and columns of its window. */
  readonly window?: readonly [number, number];
  readonly stride: number;
  /** Zeros before the first row and column. */
  readonly before: number;
  /** The field's corner of the unit at row 0, column 0, in pixels of the picture. */
  readonly field?: { readonly size: number; readonly step: number; readonly start: number };
  /** For each output the input channels that it sees; undefined: all. */
  readonly connections?: readonly (readonly number[])[];
  /** The patterns that a last layer measures the distance from. */
  readonly centers?: readonly (readonly number[])[];
}

const KINDS: Readonly<Record<string, LayerKind>> = {
  Conv2D: "convolution",
  PartialConv2D: "convolution",
  AveragePooling2D: "pooling",
  Subsampling2D: "subsampling",
  Dense: "dense",
  RadialBasis: "distance",
};

/** A letter for each kind of layer, which the paper follows by the layer's number. */
const LETTERS: Readonly<Record<LayerKind, string>> = {
  convolution: "C",
  pooling: "S",
  subsampling: "S",
  dense: "F",
  distance: "",
  other: "",
};

/** The layers in order, those without a sum of their own included as "other". */
export function layersOf(model: Model): LayerView[] {
  const { network } = model;
  let counted = 0;
  let spatial: readonly number[] = network.inputShapes[0] ?? [];
  return network.nodes.map(({ layer, outputShape }, i): LayerView => {
    const { className, config } = layer.layer;
    const kind = KINDS[className] ?? "other";
    if (kind !== "other") counted++;
    const inputShape = spatial;
    // A flattened picture is still shown as a picture.
    if (className !== "Flatten") spatial = outputShape;
    const isLast = i === network.nodes.length - 1;
    return {
      name: layer.name,
      title: isLast ? "Output" : kind === "other" ? "" : `${LETTERS[kind]}${counted}`,
      kind,
      shape: outputShape,
      inputShape,
      activation: typeof config["activation"] === "string" ? config["activation"] : "linear",
      parameters: network.weights
        .filter((weight) => weight.layer === layer.name)
        .reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1), 0),
      ...windowOf(config, inputShape),
      ...fieldOf(model, layer.name),
      ...(isTable(config["connections"]) && { connections: config["connections"] }),
      ...(isTable(config["centers"]) && { centers: config["centers"] }),
    };
  });
}

function windowOf(config: Readonly<Record<string, unknown>>, [rows = 1]: readonly number[]) {
  const window = pairOf(config["kernelSize"]) ?? pairOf(config["poolSize"]);
  if (!window) return { stride: 1, before: 0 };
  const stride = config["poolSize"] === undefined ? 1 : window[0];
  const padding = config["padding"] === "same" ? "same" : "valid";
  return { window, stride, before: geometryOf(rows, window[0], { stride, dilation: 1, padding }).before };
}

function fieldOf(model: Model, name: string): Pick<LayerView, "field"> {
  const axis = receptiveField(model, name)?.[0];
  return axis ? { field: { size: axis.size, step: axis.step, start: axis.start } } : {};
}

function pairOf(value: unknown): readonly [number, number] | undefined {
  if (!Array.isArray(value)) return undefined;
  const [first, second]: unknown[] = value;
  return typeof first === "number" && typeof second === "number" ? [first, second] : undefined;
}

function isTable(value: unknown): value is readonly (readonly number[])[] {
  return Array.isArray(value) && value.every(Array.isArray);
}
