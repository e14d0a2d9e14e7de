/** @file How large a tensor may be: files describe layers that no memory could hold. */
import { AuricleError } from "../errors.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";

/** Numbers in one tensor, of one example where it has a batch: 1 GB of float32, a quarter of the engine's memory. */
export const LARGEST_TENSOR = 2 ** 28;

/** @throws AuricleError "shape" for a tensor that is too large to be made. */
export function requireMemory(what: string, shape: Shape): void {
  if (sizeOf(shape) <= LARGEST_TENSOR) return;
  throw new AuricleError(
    "shape",
    `${what} of shape ${formatShape(shape)} has ${sizeOf(shape)} numbers, and a tensor may have at most ` +
      `${LARGEST_TENSOR}: use smaller layers or a shorter input`,
  );
}
