/** @file Lengths of axes in a graph that was traced for several sizes of its input. */

/** The length of an axis: a number where it is the same in every trace, else the length in each. */
export type Dim = number | readonly number[];

/** Joins the lengths of one axis in all traces. */
export function dimOf(lengths: readonly number[]): Dim {
  return lengths.every((length) => length === lengths[0]) ? lengths[0] : lengths;
}

export function sameDim(a: Dim, b: Dim): boolean {
  return dimKey(a) === dimKey(b);
}

export function sameDims(a: readonly Dim[], b: readonly Dim[]): boolean {
  return a.length === b.length && a.every((dim, axis) => sameDim(dim, b[axis]));
}

/** A text that equal lengths have in common. */
export function dimKey(dim: Dim): string {
  return String(dim);
}
