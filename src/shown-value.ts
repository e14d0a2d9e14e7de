/** @file A value as a message shows it. Browser-safe. */

/** Elements of an array or object that are shown. */
const MOST = 8;

/**
 * Shows a value in a message that says what came: JSON where that tells it, cut after 100 characters; "nothing" for undefined, "a
 * function", and the class of what is no plain data. Never fails, and does not go through long lists.
 */
export function shownValue(value: unknown): string {
  return show(value, 2).replace(/^(.{99}).{2,}$/su, "$1…");
}

function show(value: unknown, levels: number): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 200));
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  const isArray = Array.isArray(value);
  const { constructor: kind } = value;
  if (!isArray && kind && kind !== Object) return kind.name;
  const entries: [string, unknown][] = Object.entries(isArray ? value.slice(0, MOST + 1) : value);
  const shown = entries.map(([key, one], i) => {
    if (i === MOST || levels === 0) return "…";
    return (isArray ? "" : `${JSON.stringify(key)}:`) + show(one, levels - 1);
  });
  const text = shown.slice(0, levels === 0 ? 1 : MOST + 1).join();
  return isArray ? `[${text}]` : `{${text}}`;
}
