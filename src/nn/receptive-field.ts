/** @file How much of the input each value of a network sees, axis by axis, by the windows on the way. */
import type { Shape } from "../tensor/shape.ts";
import type { LayerWindow } from "./layer.ts";
import type { NetworkGraph } from "./network-graph.ts";

/** Along one spatial axis of the input. */
export interface AxisField {
  /** Samples that one value depends on; may exceed the axis where padding is counted. */
  readonly size: number;
  /** Samples from one value to the next. */
  readonly step: number;
}

/** One entry for each spatial axis of the input; undefined where windows no longer describe it. */
export type ReceptiveField = readonly AxisField[] | undefined;

/**
 * The receptive field of each value, numbered as in the network's nodes. For a window of size k, dilation d and stride
 * s over values with size r and step j: r + (k - 1)·d·j, and j·s (Araujo, Norris and Sim 2019, "Computing receptive
 * fields of convolutional neural networks", eq. 2). Where branches meet the largest counts.
 */
export function receptiveFields(network: NetworkGraph): readonly ReceptiveField[] {
  const fields: ReceptiveField[] = network.inputs.map(({ shape }) =>
    shape.slice(0, -1).map(() => ({ size: 1, step: 1 })),
  );
  const whole = wholeInput(network.inputs[0].shape);
  for (const { layer, inputs, inputShapes } of network.nodes) {
    const window = layer.layer.window(inputShapes);
    const before = largest(inputs.map((value) => fields[value]));
    if (window === "all") fields.push(largest([whole, before ?? whole]));
    else if (window === "rearranged") fields.push(undefined);
    else fields.push(window ? throughWindow(before, window) : before);
  }
  return fields;
}

function wholeInput(shape: Shape): ReceptiveField {
  return shape.slice(0, -1).map((size) => ({ size, step: size }));
}

function throughWindow(before: ReceptiveField, { size, strides, dilations }: LayerWindow): ReceptiveField {
  if (before?.length !== size.length) return undefined;
  return before.map((field, axis) => ({
    size: field.size + (size[axis] - 1) * dilations[axis] * field.step,
    step: field.step * strides[axis],
  }));
}

function largest(fields: readonly ReceptiveField[]): ReceptiveField {
  const [first, ...rest] = fields;
  return rest.reduce<ReceptiveField>((widest, field) => {
    if (widest?.length !== field?.length) return undefined;
    return widest?.map((one, axis) => ({
      size: Math.max(one.size, field?.[axis].size ?? 0),
      step: Math.max(one.step, field?.[axis].step ?? 0),
    }));
  }, first);
}
