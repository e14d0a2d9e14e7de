/** @file The layers of a network on one example: their feature maps, and where their most active unit looks. Browser-safe. */
import type { ModelInputs } from "../nn/training/example-source.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { receptiveFields } from "../nn/receptive-field.ts";
import type { FloatArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";
import { AuricleError } from "../errors.ts";
import { activationsOf } from "./activations.ts";
import { exampleOf, givenInputs } from "./inputs.ts";
import { featureNodes, nameOfValue, nodeNamed } from "./layer-choice.ts";
import type { ExplainedModel } from "./programs.ts";

export interface LayerFeaturesOptions {
  /**
   * Layers by their names as `activations` takes them. Default: each convolution's output as the next layers take it, after its
   * normalisation and activation, and of networks without convolutions all layers with weights.
   */
  readonly layers?: readonly string[];
}

const OPTIONS: OptionNames<LayerFeaturesOptions> = { layers: true };

/** The part of the first input that a unit depends on, along one axis of positions, in samples; end not included. */
export interface FieldSpan {
  readonly start: number;
  readonly end: number;
}

/** A layer's output for one example. */
export interface LayerFeatures {
  readonly layer: string;
  /** `[…, channels]`. */
  readonly values: FloatArray;
  /** The unit with the greatest output: its place along each axis of positions, and its channel. */
  readonly strongest: { readonly position: readonly number[]; readonly channel: number };
  /**
   * The part of the input that this unit depends on, cut to the input's ends; absent where windows do not describe it.
   */
  readonly field?: readonly FieldSpan[];
  /** The size of a field in samples along each axis, and from one unit to the next; as of `receptiveField`. */
  readonly size?: readonly number[];
  readonly step?: readonly number[];
}

/**
 * Computes the outputs of a network's layers for one example, with the place of the most active unit of each in the input.
 *
 * @param x one example, `[1, …]` for each input
 * @throws AuricleError "argument" naming the layers, for one that there is not, or several examples
 */
export async function layerFeatures(
  model: ExplainedModel,
  x: ModelInputs,
  options: LayerFeaturesOptions = {},
): Promise<readonly LayerFeatures[]> {
  checkOptions("layerFeatures", options, OPTIONS, "model, x, ");
  const { network } = model;
  const nodes = options.layers?.map((name) => nodeNamed(network, name)) ?? featureNodes(network);
  const { arrays, length } = givenInputs(network, x);
  if (length !== 1) {
    throw new AuricleError("argument", `layerFeatures: takes one example; got ${length}`);
  }
  const outputs = await activationsOf(model, arrays, nodes, {});
  const fields = receptiveFields(network);
  const lengths = network.inputShapes[0].slice(0, -1);
  return nodes.map((node, i): LayerFeatures => {
    const value = network.inputs.length + node;
    const values = { shape: outputs[i].shape.slice(1), data: exampleOf(outputs[i], 0) };
    const strongest = strongestOf(values);
    const field = fields[value];
    const base = {
      layer: nameOfValue(network, value),
      values,
      strongest,
      ...(field && { size: field.map(({ size }) => size), step: field.map(({ step }) => step) }),
    };
    if (field?.length !== values.shape.length - 1) return base;
    const spans = field.map(({ start, size, step }, axis): FieldSpan => {
      const first = start + strongest.position[axis] * step;
      return { start: Math.max(0, first), end: Math.min(lengths[axis], first + size) };
    });
    return { ...base, field: spans };
  });
}

function strongestOf({ shape, data }: FloatArray): LayerFeatures["strongest"] {
  let best = 0;
  data.forEach((value, i) => {
    if (value > data[best]) best = i;
  });
  const channels = shape.at(-1) ?? 1;
  let rest = Math.floor(best / channels);
  const axes = shape.slice(0, -1);
  const position = axes.map((_, axis) => {
    const below = sizeOf(axes.slice(axis + 1));
    const place = Math.floor(rest / below);
    rest %= below;
    return place;
  });
  return { position, channel: best % channels };
}
