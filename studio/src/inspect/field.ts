/** @file The part of the input that a unit depends on, in samples of the input and in its own units. */
import type { FieldAxis, LayerFeatures } from "auricle/explain";
import type { FeatureAxes, LayerFacts, ModelInspection, RecordingPlace, StrongPlace } from "auricle/session";
import { duration, short } from "../figures/numbers.ts";

/** Along one axis of the input's positions. */
export interface Span {
  /** In samples of the input; before 0 and after its end where padding is seen. */
  readonly start: number;
  readonly length: number;
  /** In the axis' own unit; in seconds from the beginning of the window. */
  readonly from: number;
  readonly to: number;
  /** "s", "Hz", "mel bands", "pixels". */
  readonly unit: string;
}

/**
 * The field of a unit.
 * @param position the unit's place along each axis of the layer's positions
 * @param axes the places of features in a recording; undefined for pictures
 * @returns undefined where windows do not describe it, as behind a layer that flattens
 */
export function fieldOf(
  { field }: Pick<LayerFacts, "field">,
  { size, step }: Pick<LayerFeatures, "size" | "step">,
  position: readonly number[],
  axes?: FeatureAxes,
): readonly Span[] | undefined {
  if (!field || !size || !step || position.length !== field.length) return undefined;
  return field.map((axis, i): Span => {
    // The axis' unit for one sample: both steps say the same way.
    const unit = axis.step / step[i];
    const start = Math.round(axis.start / unit) + position[i] * step[i];
    const span = { start, length: size[i] };
    if (axes && i === 0) return { ...span, ...secondsOf(span, axes), unit: "s" };
    if (axes?.frequencies && i === 1) return { ...span, ...bandOf(span, axes.frequencies), unit: "Hz" };
    const from = axis.start + position[i] * axis.step;
    return { ...span, from, to: from + axis.size, unit: axis.unit };
  });
}

type Samples = Pick<Span, "start" | "length">;

/** The time that some steps are made of. */
function secondsOf({ start, length }: Samples, { first, step, span }: FeatureAxes) {
  const middle = (at: number) => first + at * step;
  return { from: middle(start) - span / 2, to: middle(start + length - 1) + span / 2 };
}

/** The middles of the first and the last bin. */
function bandOf({ start, length }: Samples, frequencies: Float64Array) {
  const at = (bin: number) => frequencies[Math.min(frequencies.length - 1, Math.max(0, bin))];
  return { from: at(start), to: at(start + length - 1) };
}

/**
 * "0.32 s to 0.51 s", "200 to 800 Hz", "3 to 9 pixels".
 * @param offset where the window begins in the recording, in seconds
 */
export function spanText({ from, to, unit }: Span, offset = 0): string {
  if (unit === "s") return `${(offset + Math.max(0, from)).toFixed(2)} s to ${(offset + to).toFixed(2)} s`;
  const [low, high] = [from, to].map((value) => Math.max(0, Math.round(value)));
  return `${low} to ${high} ${unit}`;
}

/** The size of a field: "416 ms × 23 mel bands", "5 × 5 pixels". */
export function sizeText(field: readonly FieldAxis[]): string {
  const isPicture = field.every(({ unit }) => unit === "pixels");
  if (isPicture) return `${field.map(({ size }) => short(size)).join(" × ")} pixels`;
  return field
    .map(({ size, unit }) => (unit === "ms" ? duration(size / 1000) : `${short(size)} ${unit}`))
    .join(" × ");
}

/** Where a strong place is: "0.32 s to 0.51 s, 200 to 800 Hz", "rows 3 to 7, columns 0 to 4". */
export function placeText({ place, field }: Pick<StrongPlace, "place" | "field">): string {
  if (place) return [timeText(place), bandText(place)].filter(Boolean).join(", ");
  const [rows, columns] = field;
  const lines = (name: string, span: { readonly start: number; readonly end: number }) =>
    `${name} ${span.start} to ${span.end - 1}`;
  return columns ? `${lines("rows", rows)}, ${lines("columns", columns)}` : lines("places", rows);
}

function timeText({ from, to }: RecordingPlace): string {
  // Two decimals would tell a short stretch as none.
  const digits = to - from < 0.02 ? 4 : 2;
  return `${from.toFixed(digits)} s to ${to.toFixed(digits)} s`;
}

function bandText({ band }: RecordingPlace): string {
  return band ? `${Math.round(band[0])} to ${Math.round(band[1])} Hz` : "";
}

/** The seconds of the window that a network hears at once; undefined for one of pictures. */
export function windowSeconds({ axes, windowFrames }: ModelInspection): number | undefined {
  return axes && windowFrames !== undefined ? axes.step * windowFrames : undefined;
}
