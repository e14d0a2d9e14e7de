/** @file A value as a message shows it. Browser-safe. */

/** Characters of a text that are shown, and of a whole value. */
const LONGEST = 60;
const LONGEST_VALUE = 120;

/** Elements of an array or object that are shown. */
const MOST = 8;

/**
 * Shows a value in a message that says what came: JSON, shortened, where that tells it; "nothing" for undefined, "a function", and
 * the class of what is no plain data. Never fails, and never shows more than a line.
 */
export function shownValue(value: unknown): string {
  return shorten(show(value, 2), LONGEST_VALUE);
}

function show(value: unknown, levels: number): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(shorten(value, LONGEST));
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) {
    return enclose("[", "]", value, levels, (one: unknown) => show(one, levels - 1));
  }
  const { constructor } = value;
  if (typeof constructor === "function" && constructor !== Object) return constructor.name;
  return enclose(
    "{",
    "}",
    Object.entries(value),
    levels,
    ([key, one]: [string, unknown]) => `${JSON.stringify(key)}:${show(one, levels - 1)}`,
  );
}

/** Shows the first entries between brackets; "…" stands for what is too deep or too many. */
function enclose<T>(
  open: string,
  close: string,
  entries: readonly T[],
  levels: number,
  text: (entry: T) => string,
): string {
  if (levels === 0 && entries.length > 0) return `${open}…${close}`;
  const shown = entries.slice(0, MOST).map(text);
  if (entries.length > MOST) shown.push("…");
  return `${open}${shown.join(",")}${close}`;
}

/** Cuts a text after `most` characters, none of them in two. */
function shorten(text: string, most: number): string {
  const characters = [...text.slice(0, 2 * most + 2)];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : text;
}
