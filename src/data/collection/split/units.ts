/** @file Which examples must stay together in a split. Browser-safe. */

import type { Example, ExampleLink } from "../collection.ts";

/** Disjoint sets of the numbers 0 … size-1 that can be merged (Galler and Fischer's union–find). */
class DisjointSets {
  private readonly parents: Int32Array;

  constructor(size: number) {
    this.parents = Int32Array.from({ length: size }, (_, i) => i);
  }

  /** The representative of the set of `i`; the path to it is halved on the way. */
  find(i: number): number {
    const { parents } = this;
    while (parents[i] !== i) {
      parents[i] = parents[parents[i]];
      i = parents[i];
    }
    return i;
  }

  merge(i: number, j: number): void {
    // The smaller index represents, so that the result does not depend on the order of merging.
    const [a, b] = [this.find(i), this.find(j)];
    this.parents[Math.max(a, b)] = Math.min(a, b);
  }
}

export interface UnitOptions {
  /** Whether examples of one group, and parts of one file, stay together. */
  readonly byGroup: boolean;
  /** Pairs of examples that stay together in any case. */
  readonly links: readonly ExampleLink[];
}

/**
 * The examples' indices, in sets that must not come apart: those of one group, those of one file, and those that links
 * connect, directly or through others. Links to examples that are not there do not count.
 */
export function unitsOf(examples: readonly Example[], { byGroup, links }: UnitOptions): number[][] {
  const sets = new DisjointSets(examples.length);
  if (byGroup) {
    mergeEqual(sets, examples, ({ group }) => group);
    mergeEqual(sets, examples, fileOf);
  }
  const indexOfId = new Map(examples.map(({ id }, index) => [id, index]));
  for (const { a, b } of links) {
    const [i, j] = [indexOfId.get(a), indexOfId.get(b)];
    if (i !== undefined && j !== undefined) sets.merge(i, j);
  }

  const units = new Map<number, number[]>();
  examples.forEach((_, index) => {
    const root = sets.find(index);
    const unit = units.get(root);
    if (unit) unit.push(index);
    else units.set(root, [index]);
  });
  return [...units.values()];
}

function mergeEqual(
  sets: DisjointSets,
  examples: readonly Example[],
  property: (example: Example) => string | undefined,
): void {
  const first = new Map<string, number>();
  examples.forEach((example, index) => {
    const value = property(example);
    if (value === undefined) return;
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, index);
    else sets.merge(earlier, index);
  });
}

/** The file that an example is a part of; undefined where the file is only an archive of unrelated examples. */
export function fileOf({ path, index }: Example): string | undefined {
  return index === undefined ? path : undefined;
}
