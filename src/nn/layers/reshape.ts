import { AuricleError } from "../../errors.ts";
import { reshape as reshapeTensor } from "../../ops/reshape.ts";
import { transpose } from "../../ops/transpose.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { formatShape, sizeOf, type Shape } from "../../tensor/shape.ts";
import type { Layer } from "../layer.ts";
import { makeLayer } from "./make-layer.ts";
import { isIntegers } from "./axes.ts";
import { checksFor, LAYER_OPTIONS, type LayerOptions } from "./options.ts";

export interface ReshapeOptions extends LayerOptions {
  /** The shape of one example, batch axis left out; one length may be -1 and is computed. */
  readonly targetShape: Shape;
}

const RESHAPE_OPTIONS: OptionNames<ReshapeOptions> = { targetShape: true, ...LAYER_OPTIONS };

/** The same numbers in the same order under another shape: `[N, …]` to `[N, ...targetShape]`; Keras' `Reshape`. */
export function reshape(options: ReshapeOptions): Layer {
  checkOptions("reshape", options, RESHAPE_OPTIONS);
  const targetShape = checksFor("reshape").other("targetShape", options.targetShape, {
    type: "shape",
    wanted: "a list of positive integers, one of which may be -1",
    parse: (value) => (isTargetShape(value) ? value : undefined),
  });
  return makeLayer(
    {
      className: "Reshape",
      factory: "reshape",
      config: { targetShape },
      call: ([x]) => reshapeTensor(x, [x.shape[0], ...resolve(targetShape, x.shape.slice(1))]),
      window: "rearranged",
    },
    options,
  );
}

function resolve(target: Shape, shape: Shape): Shape {
  const known = target.reduce((product, length) => (length === -1 ? product : product * length), 1);
  const rest = sizeOf(shape) / known;
  const resolved = target.map((length) => (length === -1 ? rest : length));
  if (Number.isInteger(rest) && sizeOf(resolved) === sizeOf(shape)) return resolved;
  throw new AuricleError(
    "shape",
    `reshape: targetShape must hold as many numbers as the input's ${sizeOf(shape)}; got ${formatShape(target)} for ${formatShape(shape)}`,
  );
}

export interface PermuteOptions extends LayerOptions {
  /** Axes of the input in the order of the output, counted from 1, batch left out: [2, 1] swaps two. */
  readonly dims: readonly number[];
}

const PERMUTE_OPTIONS: OptionNames<PermuteOptions> = { dims: true, ...LAYER_OPTIONS };

/** Reorders the axes of each example; Keras' `Permute`, whose axes count from 1. */
export function permute(options: PermuteOptions): Layer {
  checkOptions("permute", options, PERMUTE_OPTIONS);
  const dims = checksFor("permute").other("dims", options.dims, {
    type: "list",
    wanted: "a list of all axes from 1, each once, batch left out, as [2, 1, 3]",
    parse: (value) => (isOrder(value) ? value : undefined),
  });
  return makeLayer(
    {
      className: "Permute",
      factory: "permute",
      config: { dims },
      axes: dims.map((_, i) => `axis ${i + 1}`),
      advice: "give dims for all axes but the batch",
      call: ([x]) => transpose(x, [0, ...dims]),
      window: "rearranged",
    },
    options,
  );
}

function isTargetShape(value: unknown): value is Shape {
  if (!isIntegers(value) || value.length === 0) return false;
  const free = value.filter((length) => length === -1).length;
  return free <= 1 && value.every((length) => length >= 1 || length === -1);
}

function isOrder(value: unknown): value is readonly number[] {
  if (!isIntegers(value) || value.length === 0) return false;
  return [...value].sort((a, b) => a - b).every((axis, i) => axis === i + 1);
}
