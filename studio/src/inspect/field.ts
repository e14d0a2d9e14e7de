/** @file The part of the input that a unit depends on, in samples of the input and in its own units. */
import type { LayerFeatures } from "auricle/explain";
import type { LayerFacts } from "auricle/session";

/** Along one axis of the input's positions. */
export interface Span {
  /** In samples of the input; before 0 and after its end where padding is seen. */
  readonly start: number;
  readonly length: number;
  /** In the axis' own unit. */
  readonly from: number;
  readonly to: number;
  /** "ms", "Hz", "bands", "pixels". */
  readonly unit: string;
}

/**
 * The field of a unit.
 * @param position the unit's place along each axis of the layer's positions
 * @returns undefined where windows do not describe it, as behind a layer that flattens
 */
export function fieldOf(
  { field }: Pick<LayerFacts, "field">,
  { size, step }: Pick<LayerFeatures, "size" | "step">,
  position: readonly number[],
): readonly Span[] | undefined {
  if (!field || !size || !step || position.length !== field.length) return undefined;
  return field.map((axis, i): Span => {
    // The axis' unit for one sample: both steps say the same way.
    const unit = axis.step / step[i];
    const start = Math.round(axis.start / unit) + position[i] * step[i];
    const from = axis.start + position[i] * axis.step;
    return { start, length: size[i], from, to: from + axis.size, unit: axis.unit };
  });
}

/** "0.32 s to 0.51 s", "3 to 9 bands" */
export function spanText({ from, to, unit }: Span, offset = 0): string {
  if (unit === "ms")
    return `${(offset + Math.max(0, from) / 1000).toFixed(2)} s to ${(offset + to / 1000).toFixed(2)} s`;
  const [low, high] = [from, to].map((value) => Math.max(0, Math.round(value)));
  return `${low} to ${high} ${unit}`;
}
