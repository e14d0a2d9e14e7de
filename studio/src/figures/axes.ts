/** @file Axes of figures: ticks at round values, as text at places from 0 to 1. */
import { scaleLinear } from "d3-scale";
import { short } from "./numbers.ts";

export interface Tick {
  /** 0 … 1, from the left or from below. */
  readonly position: number;
  readonly text: string;
}

export interface Axis {
  /** The quantity with its unit: "time, s". */
  readonly label: string;
  readonly ticks: readonly Tick[];
}

/** Time from 0 to a number of seconds. */
export function timeAxis(seconds: number, tickCount = 5): Axis {
  return linearAxis("time, s", 0, seconds, tickCount);
}

export function linearAxis(label: string, low: number, high: number, tickCount = 5): Axis {
  const scale = scaleLinear([low, high], [0, 1]);
  const format = scale.tickFormat(tickCount);
  return {
    label,
    ticks: scale.ticks(tickCount).map((value) => ({ position: scale(value), text: format(value) })),
  };
}

/**
 * A logarithmic axis: ticks at powers of ten, or over less than two of them at 1, 2 and 5 times powers of ten.
 * @param low above 0
 * @param tickCount about as many powers of ten have a tick
 */
export function logarithmicAxis(label: string, low: number, high: number, tickCount = 5): Axis {
  const decades = Math.log10(high / low);
  const digits = decades < 2 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / tickCount));
  const ticks: Tick[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    if (power % every !== 0) continue;
    for (const digit of digits) {
      const value = digit * 10 ** power;
      const position = Math.log10(value / low) / decades;
      if (position >= -1e-9 && position <= 1 + 1e-9) ticks.push({ position, text: short(value) });
    }
  }
  return { label, ticks };
}

const ROUND_FREQUENCIES = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000];

/**
 * Frequencies of rows in Hz, rising: ticks at 100, 200, 500, 1k … where there is room for them.
 * @param room how far two ticks must be apart, as a part of the axis
 */
export function frequencyAxis(rows: ArrayLike<number>, room = 0.09): Axis {
  return frequencyAxisAt((hertz) => positionAmong(rows, hertz), ROUND_FREQUENCIES.slice(2), room);
}

/**
 * An axis of frequencies whose places are given.
 * @param placeOf 0 … 1; others and undefined are beyond the axis
 * @param values in Hz, where ticks may be; default: 20, 50, 100, 200, 500, 1k …
 */
export function frequencyAxisAt(
  placeOf: (hertz: number) => number | undefined,
  values: readonly number[] = ROUND_FREQUENCIES,
  room = 0.09,
): Axis {
  const ticks: Tick[] = [];
  for (const value of values) {
    const position = placeOf(value);
    if (position === undefined || position < 0 || position > 1) continue;
    const last = ticks.at(-1);
    if (last && position - last.position < room) continue;
    ticks.push({ position, text: value < 1000 ? String(value) : `${value / 1000}k` });
  }
  return { label: "frequency, Hz", ticks };
}

/** Frequencies at equal distances, as ticks. */
export function equalFrequencies(highest: number, tickCount = 5): readonly number[] {
  return scaleLinear([0, highest], [0, 1]).ticks(tickCount);
}

/** The place of a value on an axis whose rows have rising values; each row's middle has its value. */
function positionAmong(rows: ArrayLike<number>, value: number): number | undefined {
  for (let i = 0; i + 1 < rows.length; i++) {
    const [low, high] = [rows[i] ?? 0, rows[i + 1] ?? 0];
    if (value >= low && value <= high) return (i + (value - low) / (high - low || 1) + 0.5) / rows.length;
  }
  return undefined;
}
