/** @file Layers that join branches of a graph. */
import { AuricleError } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import * as arithmetic from "../../ops/arithmetic.ts";
import { concat } from "../../ops/concat.ts";
import * as select from "../../ops/select.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { formatShape, type Shape } from "../../tensor/shape.ts";
import type { Layer } from "../layer.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, type LayerOptions, LAYER_OPTIONS } from "./options.ts";

type Combine = (a: Tensor, b: Tensor) => Tensor;

/** Sum of two or more inputs; Keras' `Add`. Axes of length 1 are repeated, in this and the layers below. */
export function add(options: LayerOptions = {}): Layer {
  return merging("Add", "add", arithmetic.add, options);
}

/** The first input less the second; Keras' `Subtract`. */
export function subtract(options: LayerOptions = {}): Layer {
  return merging("Subtract", "subtract", arithmetic.subtract, options, "two");
}

/** Product of two or more inputs, element by element; Keras' `Multiply`. */
export function multiply(options: LayerOptions = {}): Layer {
  return merging("Multiply", "multiply", arithmetic.multiply, options);
}

/** Largest of two or more inputs, element by element; Keras' `Maximum`. */
export function maximum(options: LayerOptions = {}): Layer {
  return merging("Maximum", "maximum", select.maximum, options);
}

/** Smallest of two or more inputs, element by element; Keras' `Minimum`. */
export function minimum(options: LayerOptions = {}): Layer {
  return merging("Minimum", "minimum", select.minimum, options);
}

/** Arithmetic mean of two or more inputs, element by element; Keras' `Average`. */
export function average(options: LayerOptions = {}): Layer {
  return makeLayer(
    {
      className: "Average",
      factory: "average",
      config: {},
      inputs: "two or more",
      call(inputs) {
        checkRanks(
          "average",
          inputs.map(({ shape }) => shape),
        );
        return arithmetic.multiply(inputs.reduce(arithmetic.add), 1 / inputs.length);
      },
    },
    options,
  );
}

export interface ConcatenateOptions extends LayerOptions {
  /** The axis to join along, the batch being axis 0. Default -1: the channels. */
  readonly axis?: number;
}

const CONCATENATE_OPTIONS: OptionNames<ConcatenateOptions> = { axis: true, ...LAYER_OPTIONS };

/** Two or more inputs one after the other along an axis; Keras' `Concatenate`. */
export function concatenate(options: ConcatenateOptions = {}): Layer {
  checkOptions("concatenate", options, CONCATENATE_OPTIONS);
  const axis = checksFor("concatenate").integer("axis", options.axis, -1);
  if (axis === 0) {
    throw new AuricleError("argument", "concatenate: axis must not be 0, the batch; got 0");
  }
  return makeLayer(
    {
      className: "Concatenate",
      factory: "concatenate",
      config: { axis },
      inputs: "two or more",
      call: (inputs) => concat(inputs, axis),
    },
    options,
  );
}

function merging(
  className: string,
  factory: string,
  combine: Combine,
  options: LayerOptions,
  inputs: "two" | "two or more" = "two or more",
): Layer {
  return makeLayer(
    {
      className,
      factory,
      config: {},
      inputs,
      call(tensors) {
        checkRanks(
          factory,
          tensors.map(({ shape }) => shape),
        );
        return tensors.reduce((a, b) => combine(a, b));
      },
    },
    options,
  );
}

/** Broadcasting aligns last axes: with other ranks it would match a batch with something else. */
function checkRanks(factory: string, shapes: readonly Shape[]): void {
  const [first] = shapes;
  const fits = shapes.every(
    (shape) =>
      shape.length === first.length &&
      shape.every((length, axis) => length === first[axis] || length === 1 || first[axis] === 1),
  );
  if (fits) return;
  throw new AuricleError(
    "shape",
    `${factory}: inputs must have equal lengths, or 1, on every axis; got ${shapes.map(formatShape).join(" and ")}; use reshape(), or a 1×1 convolution to change the number of channels`,
  );
}
