/** @file How numbers are written in figures. */

/** Made once: a formatter for each number would take a large part of the time of charts that are drawn live. */
const THREE_DIGITS = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const WHOLE = new Intl.NumberFormat("en");

/** Three significant digits, a real minus sign, no exponent for usual sizes: "0.125", "−1,230", "2.5e−7". */
export function short(value: number): string {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text =
    size < 1e-3 || size >= 1e6
      ? Number(value.toPrecision(3)).toExponential()
      : THREE_DIGITS.format(Number(value.toPrecision(3)));
  return text.replace("e+", "e").replaceAll("-", "−");
}

/** Whole numbers with separators: "156,114". */
export function count(value: number): string {
  return WHOLE.format(value);
}

/** Seconds as a clock has them, or ms below one: "1:05", "2.50 s", "23 ms". */
export function duration(seconds: number): string {
  if (seconds < 1) return `${short(1000 * seconds)} ms`;
  if (seconds < 60) return `${seconds.toFixed(2)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")} min`;
}

/** "440 Hz", "2.5 kHz" */
export function frequency(hertz: number): string {
  return hertz < 1000 ? `${short(hertz)} Hz` : `${short(hertz / 1000)} kHz`;
}
