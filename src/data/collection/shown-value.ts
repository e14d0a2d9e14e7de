/** @file A value of a list as a message shows it. Browser-safe. */

/** Characters of a text that are shown. */
const LONGEST = 60;

/** Elements of an array or object that are shown. */
const MOST = 5;

/** JSON of a value, shortened: anything deeper than the second level, or long, is "…". */
export function shownValue(value: unknown): string {
  return show(value, 2);
}

function show(value: unknown, levels: number): string {
  if (typeof value === "string") {
    const characters = [...value.slice(0, 2 * LONGEST + 2)];
    const isLong = characters.length > LONGEST;
    return JSON.stringify(isLong ? `${characters.slice(0, LONGEST - 1).join("")}…` : value);
  }
  if (typeof value !== "object" || value === null) return String(value);
  const isArray = Array.isArray(value);
  const [open, close] = isArray ? ["[", "]"] : ["{", "}"];
  const entries: [string, unknown][] = Object.entries(value);
  if (levels === 0 && entries.length > 0) return `${open}…${close}`;
  const shown = entries
    .slice(0, MOST)
    .map(([key, one]) => (isArray ? "" : `${JSON.stringify(key)}:`) + show(one, levels - 1));
  if (entries.length > MOST) shown.push("…");
  return `${open}${shown.join(",")}${close}`;
}
