/** @file The order in which people expect names: "track 4" before "track 10". For display, never for computation. */

/** One locale, so that a list is the same on every machine. */
const collator = new Intl.Collator("en", { numeric: true });

/** Compares two names or paths, folder by folder; numbers in them count as numbers. */
export function compareNames(a: string, b: string): number {
  const [these, others] = [a.split(/[\\/]/), b.split(/[\\/]/)];
  for (let i = 0; i < Math.min(these.length, others.length); i++) {
    const order = collator.compare(these[i], others[i]);
    if (order !== 0) return order;
  }
  // Names that the collator takes for equal, such as two ways to write "é", keep an order of their own.
  return these.length - others.length || (a < b ? -1 : Number(a > b));
}
