/** @file Picking elements by indices that are data. */
import type { GatherParameters } from "../../../ops/gather.ts";
import { axesOf, fixedLengths, flowing, whole } from "../values.ts";
import { parametersOf, type Rule } from "./site.ts";

const FILLS = { NaN: NaN, "0": 0, "-1": -1 } as const;

/** ONNX's operators refuse an index outside the axis, and count negative ones from its end: such ones are marked, and then replaced. */
export const gather: Rule<GatherParameters> = (site) => {
  const { builder: b, node, dims } = site;
  const parameters = parametersOf(site);
  const { axis, perElement, outside } = parameters;
  const [given, picked] = node.inputs;
  const values = whole(b, site.inputs[0], given.dims, axesOf(given.dims.length));
  const indices = whole(b, site.inputs[1], picked.dims, axesOf(picked.dims.length));
  const [length] = fixedLengths([given.dims[axis]]);
  const integer = (value: number) => b.constant(Int32Array.of(value), []);
  const isBelow = b.node("Less", [indices.name, integer(0)]);
  const isAbove = b.node("Less", [integer(length - 1), indices.name]);
  const isOutside = b.node("Or", [isBelow, isAbove]);
  const inside = b.node("Where", [isOutside, integer(0), indices.name]);
  const type = perElement ? "GatherElements" : "Gather";
  const found = b.node(type, [values.name, inside], { axis: { int: axis } });
  // The indices' axes stand in the place of the one that was picked from.
  const behind = perElement ? 0 : given.dims.length - axis - 1;
  const mask = b.reshape(isOutside, picked.dims, [...picked.dims, ...new Array<number>(behind).fill(1)]);
  const fill = FILLS[outside];
  const filling = values.dtype === "int32" ? integer(fill) : b.number(fill);
  return flowing(b, b.node("Where", [mask, filling, found]), axesOf(dims.length), dims, values.dtype);
};
