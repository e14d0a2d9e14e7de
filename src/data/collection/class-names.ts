/** @file Names of classes that look like one name written in several ways. Browser-safe. */

/**
 * Reduces a name to a key that all its look-alikes share: names that differ only in case, in spaces, hyphens or underscores,
 * in invisible characters, or in their Unicode composition.
 */
function keyOf(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\p{Cf}/gu, "")
    .replace(/[\s_-]+/g, " ")
    .trim();
}

/**
 * Notes on names that differ in case, spaces or the like alone, each a sentence.
 * @param counts clips of each class or tag
 */
export function warnOfLookAlikes(names: readonly string[], counts: ArrayLike<number>): string[] {
  const groups = new Map<string, number[]>();
  names.forEach((name, index) => {
    const key = keyOf(name);
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  });
  return [...groups.values()].flatMap((group) => {
    if (group.length === 1) return [];
    const listed = group.map((index) => `${JSON.stringify(names[index])} (${counts[index]})`).join(", ");
    return [
      `These classes may be meant to be one: ${listed}. They differ only in ` +
        `${differenceOf(group.map((index) => names[index]))}; give them one name if they are the same`,
    ];
  });
}

type Change = readonly [what: string, change: (name: string) => string];

const CHANGES: readonly Change[] = [
  ["case", (name) => name.toLowerCase()],
  ["how accented letters are composed", (name) => name.normalize("NFC")],
  ["spaces around them", (name) => name.trim()],
  ["the marks between words", (name) => name.replace(/[\s_-]+/g, " ")],
  ["invisible or equivalent characters", keyOf],
];

/** The changes that make the names one, in words: those that the others cannot do without. */
function differenceOf(names: readonly string[]): string {
  const areOne = (changes: readonly Change[]) =>
    new Set(names.map((name) => changes.reduce((text, [, change]) => change(text), name))).size === 1;
  let needed = CHANGES;
  for (const change of [...CHANGES].reverse()) {
    const others = needed.filter((one) => one !== change);
    if (areOne(others)) needed = others;
  }
  return needed.map(([what]) => what).join(" and ");
}
