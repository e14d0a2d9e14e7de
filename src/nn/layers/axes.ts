/** @file The names that layers have for the axes of their inputs, batch left out. */
import { AuricleError } from "../../errors.ts";
import { formatShape, normalizeAxis, type Shape } from "../../tensor/shape.ts";
import type { OptionChecks } from "./options.ts";
import { shownValue } from "../../shown-value.ts";

export const SPATIAL_AXES = { 1: ["time"], 2: ["height", "width"] } as const;

/** Layers come in one and two dimensions. */
export type Dimensions = 1 | 2;

/** ["time", "channels"] or ["height", "width", "channels"]. */
export function axesOf(dimensions: Dimensions): readonly string[] {
  return [...SPATIAL_AXES[dimensions], "channels"];
}

/** Advice for when a layer over [time, channels] or [height, width, channels] gets something else. */
export function spatialAdvice(dimensions: Dimensions): string {
  return dimensions === 1
    ? "inputs without a channel axis need reshape({ targetShape: [time, 1] }); images want the 2d layer"
    : "inputs without a channel axis need reshape({ targetShape: [height, width, 1] }); sequences want the 1d layer";
}

/**
 * The index in an example's shape of an axis that is counted from the batch, or from the end.
 * @throws AuricleError "argument" when it is out of range or the batch
 */
export function axisOfExample(where: string, axis: number, example: Shape): number {
  const index = normalizeAxis(axis, 1 + example.length, where) - 1;
  if (index >= 0) return index;
  throw new AuricleError(
    "argument",
    `${where}: axis must not be 0, the batch; got ${shownValue(axis)} for examples ${formatShape(example)}`,
  );
}

/**
 * The axes of `shape`, batch included, in order.
 * @throws AuricleError "argument" when one is out of range, or is the batch
 */
export function keptAxes(shape: Shape, axes: readonly number[], where: string): readonly number[] {
  const kept = [...new Set(axes.map((axis) => normalizeAxis(axis, shape.length, where)))];
  if (kept.includes(0)) {
    throw new AuricleError("argument", `${where}: axis must not be 0, the batch; got ${shownValue(axes)}`);
  }
  return kept.sort((a, b) => a - b);
}

/** An axis or axes as an option names them. @throws AuricleError "argument" unless the value is an integer or a list of them */
export function checkAxisOption(
  check: OptionChecks,
  value: unknown,
  name = "axis",
  fallback: number | readonly number[] = -1,
): number | readonly number[] {
  return check.other(name, value, {
    type: "axes",
    wanted: "an integer or a list of integers",
    parse: (given) =>
      typeof given === "number" && Number.isInteger(given) ? given : isIntegers(given) ? given : undefined,
    fallback,
  });
}

/** Whether a value is a list of integers. */
export function isIntegers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((entry) => Number.isInteger(entry));
}

/** A list of what may be one number. */
export function listOf(axis: number | readonly number[]): readonly number[] {
  return typeof axis === "number" ? [axis] : axis;
}
