/** @file One number for each position of a map. Browser-safe. */
import { AuricleError } from "../errors.ts";
import type { FloatArray } from "../tensor/array.ts";
import { formatShape, sizeOf } from "../tensor/shape.ts";
import { shownValue } from "../shown-value.ts";

/**
 * Joins the channels of each position: `[N, …, C]` to `[N, …]`.
 * @param how "sum" of signed contributions, which add up to a score; "maximum" of magnitudes, as Simonyan et al. (2014) draw
 *   gradients of pictures in colour
 * @throws AuricleError "argument" for another way, "shape" for an array without an axis of channels
 */
export function overChannels({ shape, data }: FloatArray, how: "sum" | "maximum"): FloatArray {
  if (how !== "sum" && how !== "maximum") {
    throw new AuricleError("argument", `overChannels: must be "sum" or "maximum"; got ${shownValue(how)}`);
  }
  if (shape.length < 2) {
    throw new AuricleError("shape", `overChannels: takes [N, …, C]; got ${formatShape(shape)}`);
  }
  const positions = shape.slice(0, -1);
  const channels = shape[shape.length - 1];
  const joined = Float32Array.from({ length: sizeOf(positions) }, (_, position) => {
    let [total, greatest] = [0, 0];
    for (let i = position * channels; i < (position + 1) * channels; i++) {
      total += data[i];
      greatest = Math.max(greatest, Math.abs(data[i]));
    }
    return how === "sum" ? total : greatest;
  });
  return { shape: positions, data: joined };
}
