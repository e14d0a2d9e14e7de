/** @file Building a model's graph: inputs, and layers applied to them. */
import { AuricleError } from "../errors.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { formatShape, type Shape } from "../tensor/shape.ts";
import { snakeCase } from "./layer-name.ts";
import { isCount } from "../ops/window.ts";
import type { Layer, SymbolicTensor } from "./layer.ts";
import { requireMemory } from "./size-limit.ts";
import { traceLayer } from "./trace-layer.ts";
import { shownValue } from "../shown-value.ts";

export interface InputOptions {
  /** The shape of one example, batch axis left out: [28, 28, 1]. */
  readonly shape: Shape;
  /** Default: "input_1", … */
  readonly name?: string;
  /** The names of the axes, for summaries: ["time", "frequency", "channel"]. */
  readonly axisNames?: readonly string[];
}

const INPUT_OPTIONS: OptionNames<InputOptions> = { shape: true, name: true, axisNames: true };

/**
 * An input of a model given as a graph.
 *
 * @example
 * const image = input({ shape: [28, 28, 1] });
 * const left = conv2d({ filters: 4, kernelSize: 3, padding: "same" }).apply(image);
 * const right = conv2d({ filters: 4, kernelSize: 5, padding: "same" }).apply(image);
 * const network = model({ inputs: image, outputs: add().apply([left, right]) });
 * @throws AuricleError "shape" when a length is no positive integer, "argument" when the names do not fit the shape
 */
export function input(options: InputOptions): SymbolicTensor {
  checkOptions("input", options, INPUT_OPTIONS);
  const { shape, name, axisNames } = options;
  checkExampleShape(shape, "input");
  if (axisNames && axisNames.length !== shape.length) {
    throw new AuricleError(
      "argument",
      `input: axisNames must name each of ${shape.length} axes of ${formatShape(shape)}; got ${shownValue(axisNames)}`,
    );
  }
  return { shape, origin: { kind: "input", name, axisNames } };
}

/** The requirement on the shape of one example, in words. */
export const EXAMPLE_SHAPE = "a list of positive integers without the batch axis, as [28, 28, 1]";

/** Returns the shape. @throws AuricleError "shape" unless all lengths are positive integers. */
export function checkExampleShape(shape: unknown, where: string): Shape {
  if (Array.isArray(shape) && shape.length > 0 && shape.every(isCount)) {
    requireMemory(`${where}: an example`, shape);
    return shape;
  }
  throw new AuricleError(
    "shape",
    `${where}: the shape of one example must be ${EXAMPLE_SHAPE}; got ${shownValue(shape)}`,
  );
}

/** Implements `layer.apply`. */
export function applyLayer(layer: Layer, inputs: SymbolicTensor | readonly SymbolicTensor[]): SymbolicTensor {
  const list = "origin" in inputs ? [inputs] : inputs;
  const shapes = list.map(({ shape }) => shape);
  const { outputShape } = traceLayer(layer, shapes, layer.name ?? snakeCase(layer.className));
  return { shape: outputShape, origin: { kind: "layer", layer, inputs: list } };
}
