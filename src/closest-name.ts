/** @file "Did you mean …": the known name nearest to a mistyped one. Browser-safe. */

/**
 * The candidate at the least edit distance from `name`, case and punctuation aside, or the one whose initials it is ("lr"
 * for "learningRate"), or none if all are far.
 */
export function closestName(name: string, candidates: readonly string[]): string | undefined {
  const wanted = simplify(name);
  const spelledOut = candidates.find((candidate) => wanted.length > 1 && initials(candidate) === wanted);
  if (spelledOut !== undefined) return spelledOut;
  let closest: string | undefined;
  // Two letters may be wrong (two that changed places count so), or a third of a long name.
  let least = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, simplify(candidate));
    if (distance < least) {
      least = distance;
      closest = candidate;
    }
  }
  return closest;
}

function simplify(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function initials(name: string): string {
  return name.replace(/(?<=.)[^A-Z]/g, "").toLowerCase();
}

/** How many letters must be inserted, removed or changed (Levenshtein), row by row of the table of prefixes. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(change, row[j] + 1, next[j - 1] + 1);
    }
    row = next;
  }
  return row[b.length];
}
