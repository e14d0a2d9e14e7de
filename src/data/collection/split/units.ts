/** @file Which clips must stay together in a split. Browser-safe. */

import type { AudioClip } from "../../audio/collection.ts";
import type { ClipLink } from "../collection.ts";

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
  /** Whether clips of one group, and parts of one file, stay together. */
  readonly byGroup: boolean;
  /** Pairs of clips that stay together in any case. */
  readonly links: readonly ClipLink[];
}

/**
 * The clips' indices, in sets that must not come apart: those of one group, those of one file, and those that links
 * connect, directly or through others. Links to clips that are not there do not count.
 */
export function unitsOf(clips: readonly AudioClip[], { byGroup, links }: UnitOptions): number[][] {
  const sets = new DisjointSets(clips.length);
  if (byGroup) {
    mergeEqual(sets, clips, (clip) => clip.group);
    mergeEqual(sets, clips, (clip) => clip.path);
  }
  const indexOfId = new Map(clips.map(({ id }, index) => [id, index]));
  for (const { a, b } of links) {
    const [i, j] = [indexOfId.get(a), indexOfId.get(b)];
    if (i !== undefined && j !== undefined) sets.merge(i, j);
  }

  const units = new Map<number, number[]>();
  clips.forEach((_, index) => {
    const root = sets.find(index);
    const unit = units.get(root);
    if (unit) unit.push(index);
    else units.set(root, [index]);
  });
  return [...units.values()];
}

function mergeEqual(
  sets: DisjointSets,
  clips: readonly AudioClip[],
  property: (clip: AudioClip) => string,
): void {
  const first = new Map<string, number>();
  clips.forEach((clip, index) => {
    const value = property(clip);
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, index);
    else sets.merge(earlier, index);
  });
}
