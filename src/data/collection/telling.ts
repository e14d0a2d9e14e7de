/** @file Properties of files that give the class away, so that a model may learn these instead. Browser-safe. */

/** How much better than chance a property must tell the class to be worth a note; 1 is without fail. */
const TELLING = 0.2;
/** Fewer examples say nothing about that. */
const LEAST_EXAMPLES = 20;

/** A property that tells the class of a share of the examples. */
export interface TellingProperty {
  readonly name: string;
  /** Percent of the examples whose class it predicts, and that guessing does, whole. */
  readonly percent: number;
  readonly byChance: number;
}

/** @param properties by name: the value of each example, by its place among the labels */
export function tellingProperties(
  labels: readonly number[],
  properties: Readonly<Record<string, (index: number) => string>>,
): TellingProperty[] {
  if (labels.length < LEAST_EXAMPLES) return [];
  const chance = hitsOf(labels, () => "") / labels.length;
  return Object.entries(properties).flatMap(([name, valueOf]) => {
    const share = hitsOf(labels, valueOf) / labels.length;
    if (share - chance < TELLING * (1 - chance)) return [];
    return [{ name, percent: Math.round(100 * share), byChance: Math.round(100 * chance) }];
  });
}

/** For how many examples the class is right that is the most frequent one among those with the same value. */
function hitsOf(labels: readonly number[], valueOf: (index: number) => string): number {
  const counts = new Map<string, Map<number, number>>();
  labels.forEach((label, index) => {
    const value = valueOf(index);
    const ofValue = counts.get(value) ?? new Map<number, number>();
    ofValue.set(label, (ofValue.get(label) ?? 0) + 1);
    counts.set(value, ofValue);
  });
  return [...counts.values()].reduce((sum, ofValue) => sum + Math.max(...ofValue.values()), 0);
}
