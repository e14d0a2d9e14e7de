/** @file How much of the input each value of a network sees, axis by axis, by the windows on the way. */
import { dilatedSize, resolvePadding } from "../ops/window.ts";
import type { Shape } from "../tensor/shape.ts";
import type { LayerWindow } from "./layer.ts";
import type { NetworkGraph } from "./network-graph.ts";

/** Along one spatial axis of the input. */
export interface AxisField {
  /** Samples that one value depends on; may exceed the axis where padding is counted. */
  readonly size: number;
  /** Samples from one value to the next. */
  readonly step: number;
  /** The first sample that the first value depends on; below 0 where that is padding. */
  readonly start: number;
}

/** One entry for each spatial axis of the input; undefined where windows no longer describe it. */
export type ReceptiveField = readonly AxisField[] | undefined;

/**
 * The receptive field of each value, numbered as in the network's nodes. For a window of size k, dilation d and stride
 * s over values with size r and step j: r + (k - 1)·d·j, and j·s (Araujo, Norris and Sim 2019, "Computing receptive
 * fields of convolutional neural networks", eq. 2); with p samples of padding it starts p·j earlier. Where branches meet, a field
 * holds those of all of them.
 */
export function receptiveFields(network: NetworkGraph): readonly ReceptiveField[] {
  const fields: ReceptiveField[] = network.inputs.map(({ shape }) =>
    shape.slice(0, -1).map(() => ({ size: 1, step: 1, start: 0 })),
  );
  for (const { layer, inputs, inputShapes } of network.nodes) {
    const window = layer.layer.window(inputShapes);
    const before = largest(inputs.map((value) => fields[value]));
    if (window === "all") fields.push(allOf(network.inputs[0].shape, before));
    else if (window === "rearranged") fields.push(undefined);
    else fields.push(window ? throughWindow(before, window, inputShapes[0]) : before);
  }
  return fields;
}

/** The whole input, or more where single values see beyond it. */
function allOf(shape: Shape, before: ReceptiveField): ReceptiveField {
  return shape.slice(0, -1).map((size, axis) => {
    const most = Math.max(size, before?.[axis].size ?? 0);
    return { size: most, step: Math.max(size, before?.[axis].step ?? 0), start: 0 };
  });
}

function throughWindow(before: ReceptiveField, window: LayerWindow, shape: Shape): ReceptiveField {
  const { size, strides, dilations } = window;
  if (before?.length !== size.length) return undefined;
  const firsts = firstSamples(window, shape);
  return before.map((field, axis) => ({
    size: field.size + (size[axis] - 1) * dilations[axis] * field.step,
    step: field.step * strides[axis],
    start: field.start + firsts[axis] * field.step,
  }));
}

/** Where the first window begins in its input, along each axis. */
function firstSamples({ size, strides, dilations, padding }: LayerWindow, shape: Shape): number[] {
  const spans = size.map((length, axis) => dilatedSize(length, dilations[axis]));
  if (padding === undefined) return spans.map((span, axis) => (strides[axis] - span) / 2);
  const sides = resolvePadding(padding, shape.slice(0, -1), spans, strides, "receptiveField");
  return sides.map(([before]) => 0 - before);
}

function largest(fields: readonly ReceptiveField[]): ReceptiveField {
  const [first, ...rest] = fields;
  return rest.reduce<ReceptiveField>((widest, field) => {
    if (widest?.length !== field?.length) return undefined;
    return widest?.map((one, axis) => {
      const other = field?.[axis] ?? one;
      const start = Math.min(one.start, other.start);
      return {
        size: Math.max(one.start + one.size, other.start + other.size) - start,
        step: Math.max(one.step, other.step),
        start,
      };
    });
  }, first);
}
