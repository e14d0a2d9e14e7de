/** @file Adding and dropping axes of length 1. */
import { AuricleError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { formatShape, normalizeAxis } from "../tensor/shape.ts";
import { reshape } from "./reshape.ts";

/** Inserts an axis of length 1, which is axis `axis` of the result. No copy. */
export function expandDims(tensor: Tensor, axis: number): Tensor {
  const at = normalizeAxis(axis, tensor.shape.length + 1, "expandDims");
  return reshape(tensor, [...tensor.shape.slice(0, at), 1, ...tensor.shape.slice(at)]);
}

/**
 * Drops axes of length 1: the given ones, by default all. No copy.
 * @throws AuricleError "shape" when a given axis has another length.
 */
export function squeeze(tensor: Tensor, axes?: number | readonly number[]): Tensor {
  const { shape } = tensor;
  const list =
    axes === undefined
      ? shape.flatMap((length, axis) => (length === 1 ? [axis] : []))
      : (typeof axes === "number" ? [axes] : axes).map((axis) =>
          normalizeAxis(axis, shape.length, "squeeze"),
        );
  const wrong = list.find((axis) => shape[axis] !== 1);
  if (wrong !== undefined) {
    throw new AuricleError("shape", `squeeze: axis ${wrong} must have length 1; got ${formatShape(shape)}`);
  }
  return reshape(
    tensor,
    shape.filter((_, axis) => !list.includes(axis)),
  );
}
