/** @file Numbers as the report writes them. Browser-safe. */

/** 1234.4 → "1,234". */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/** "1 clip", "1,234 clips". */
export function countOf(count: number, unit: string): string {
  return `${formatCount(count)} ${unit}${count === 1 ? "" : "s"}`;
}

/** 0.8763 → "87.6 %". */
export function formatPercent(part: number, digits = 1): string {
  return Number.isFinite(part) ? `${(100 * part).toFixed(digits)} %` : "–";
}

/** 0.87634 → "0.876"; "–" for an unknown value or NaN. */
export function formatScore(score: number | null | undefined, digits = 3): string {
  return score === null || score === undefined || !Number.isFinite(score) ? "–" : score.toFixed(digits);
}

/** At most four significant digits: 1234.5 → "1235", 0.012345 → "0.01235"; very large and small ones as "1e-7". */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) return value.toExponential(2).replace(/\.?0+e\+?/, "e");
  return String(Number(size >= 1000 ? value.toFixed(0) : value.toPrecision(4)));
}

/** Seconds as "0.24 s", "4.2 s", "1:07 min" or "2:05:00 h". */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 0.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)} min`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)} h`;
}

/** "26 MB", "5 KB". */
export function formatBytes(bytes: number): string {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : `${Math.ceil(bytes / 1e3)} KB`;
}

/** 440 → "440 Hz", 12500 → "12.5 kHz". */
export function formatFrequency(hertz: number): string {
  return hertz >= 1000
    ? `${Number((hertz / 1000).toPrecision(3))} kHz`
    : `${Number(hertz.toPrecision(3))} Hz`;
}
