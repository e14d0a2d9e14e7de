/** @file Sums whose rounded parts still add up to the rounded total. */

export interface RoundedSum {
  /** As the parts were given, in their groups. */
  readonly parts: readonly (readonly string[])[];
  /** The sum of each group. */
  readonly sums: readonly string[];
  readonly total: string;
}

/**
 * Rounds the parts of a sum to equally many decimals so that what is written adds up (the method of largest remainders).
 * @param groups the parts in groups, whose sums are written too
 * @param total the sum as it was computed, which may differ from that of the parts in its last bits
 * @param digits significant digits of the largest part
 */
export function roundedParts(
  groups: readonly (readonly number[])[],
  total: number,
  digits: number,
): RoundedSum {
  const parts = groups.flat();
  const largest = Math.max(Math.abs(total), ...parts.map(Math.abs)) || 1;
  const decimals = Math.min(8, Math.max(0, digits - 1 - Math.floor(Math.log10(largest))));
  const unit = 10 ** decimals;
  const units = parts.map((part) => Math.floor(part * unit));
  const wanted = Math.round(total * unit);
  const missing = wanted - units.reduce((sum, value) => sum + value, 0);
  const byRemainder = parts
    .map((part, i) => ({ i, remainder: part * unit - Math.floor(part * unit) }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { i } of byRemainder.slice(0, Math.max(0, missing))) units[i] += 1;

  const text = (value: number) => (value === 0 ? 0 : value / unit).toFixed(decimals).replace("-", "−");
  let at = 0;
  const inGroups = groups.map(({ length }) => units.slice(at, (at += length)));
  return {
    parts: inGroups.map((group) => group.map(text)),
    sums: inGroups.map((group) => text(group.reduce((sum, value) => sum + value, 0))),
    total: text(wanted),
  };
}
