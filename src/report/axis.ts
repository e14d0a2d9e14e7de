/** @file Axes of charts: where a value stands, and which values are written beside. Browser-safe. */

export interface Tick {
  /** 0 … 1 along the axis. */
  readonly position: number;
  readonly text: string;
}

export interface Axis {
  /** The quantity that it shows, with the unit. */
  readonly label: string;
  readonly ticks: readonly Tick[];
  /** Where a value stands, 0 … 1 from the left or from below. */
  position(value: number): number;
}

/**
 * An axis with equal steps that ends where the data do.
 * @param text how a tick is written; `step` is the distance of two ticks
 */
export function linearAxis(
  label: string,
  [min, max]: readonly [number, number],
  tickCount: number,
  text: (value: number, step: number) => string = decimalText,
): Axis {
  // A single value stands in the middle.
  const [low, high] = max > min ? [min, max] : [min - 0.5, min + 0.5];
  const position = (value: number) => (value - low) / (high - low);
  const step = roundStep((high - low) / tickCount);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  const ticks = Array.from({ length: count }, (_, i) => (first + i) * step).map((value) => ({
    position: position(value),
    text: text(value, step),
  }));
  return { label, ticks, position };
}

/** An axis with equal steps between powers of ten. @param range both ends above 0 */
export function logarithmicAxis(label: string, [min, max]: readonly [number, number]): Axis {
  const power = Math.log10;
  const axis = linearAxis(label, [power(min), power(max)], 8, (value) =>
    Number.isInteger(Number(value.toFixed(6))) ? `1e${Math.round(value)}` : "",
  );
  return { ...axis, position: (value) => axis.position(power(value)) };
}

/** The range of the finite values, with a margin; [0, 1] if nothing is. */
export function rangeOf(values: readonly (number | null)[], air = 0.05): [number, number] {
  const finite = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  if (finite.length === 0) return [0, 1];
  const min = finite.reduce((a, b) => Math.min(a, b));
  const max = finite.reduce((a, b) => Math.max(a, b));
  return [min - air * (max - min), max + air * (max - min)];
}

/** The first of 1, 2, 5, 10 … times a power of ten that is at least so large. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  // 1 + 1e-9: a quotient that should be a whole number may be a little more.
  const factor = [1, 2, 5, 10].find((candidate) => candidate * (1 + 1e-9) >= least / power) ?? 10;
  return factor * power;
}

/** A value with as many decimals as its step needs. */
export function decimalText(value: number, step: number): string {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (decimals > 6 || Math.abs(value) >= 1e6) return value.toExponential(1);
  // -0 is 0.
  return (Math.abs(value) < step / 2 ? 0 : value).toFixed(decimals);
}

/** Round frequencies, three to a decade. */
const ROUND_FREQUENCIES = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];

/** Ticks of an axis whose rows have given frequencies in Hz, rising; near ones are left out. */
export function frequencyTicks(frequencies: readonly number[]): Tick[] {
  const last = frequencies.length - 1;
  const ticks: Tick[] = [];
  for (const frequency of ROUND_FREQUENCIES) {
    const above = frequencies.findIndex((other) => other >= frequency);
    if (above < 1) continue;
    const [low, high] = [frequencies[above - 1], frequencies[above]];
    const row = above - (high - frequency) / (high - low);
    // Rows are drawn around their middles.
    const position = (row + 0.5) / (last + 1);
    if (position - (ticks.at(-1)?.position ?? -1) < 0.12) continue;
    ticks.push({ position, text: frequency >= 1000 ? `${frequency / 1000}k` : String(frequency) });
  }
  return ticks;
}
