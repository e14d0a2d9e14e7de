/** @file Which examples hold the same as others, by pairs. Browser-safe. */

import type { ExampleLink } from "../collection.ts";

/** The ids that links lead to from some ids, directly or by others; these among them. */
export function linkedTo(ids: Iterable<string>, links: readonly ExampleLink[]): Set<string> {
  const neighbours = new Map<string, string[]>();
  const connect = (from: string, to: string) => {
    const known = neighbours.get(from);
    if (known) known.push(to);
    else neighbours.set(from, [to]);
  };
  for (const { a, b } of links) {
    connect(a, b);
    connect(b, a);
  }
  const reached = new Set(ids);
  for (const id of reached) for (const next of neighbours.get(id) ?? []) reached.add(next);
  return reached;
}
