/** @file The exercise: the learning rate of plain gradient descent in the valley. */
import type { Path } from "./paths.ts";
import type { SurfaceName } from "./surfaces.ts";

export const WITHIN = 100;
export const BELOW = 0.001;

/** @returns the words for what is missing; undefined when it is solved */
export function missingIn(
  surface: SurfaceName,
  start: readonly [number, number],
  valleyStart: readonly [number, number],
  path: Path | undefined,
): string | undefined {
  if (surface !== "valley") return "Choose the valley first.";
  if (start.some((value, i) => Math.abs(value - valleyStart[i]) > 1e-3)) {
    return `Put the start back to ${valleyStart.join(", ")}: “Start over” does it.`;
  }
  if (!path) return "The paths are still being computed. Try again in a second.";
  const last = path.losses[Math.min(WITHIN, path.losses.length - 1)];
  if (path.losses.length <= WITHIN) {
    const isInfinite = !Number.isFinite(last) || last > 1e6;
    return isInfinite
      ? "The path has left for infinity: too large a learning rate."
      : `Let it go on for at least ${WITHIN} steps.`;
  }
  if (last < BELOW) return undefined;
  return `After ${WITHIN} steps the loss is ${last.toPrecision(3)}, not below ${BELOW}.`;
}
