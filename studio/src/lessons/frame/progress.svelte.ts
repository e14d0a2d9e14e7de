/** @file Which exercises the reader has solved; kept in this browser alone. */

const KEY = "auricle-solved";

let solved = $state.raw<ReadonlySet<string>>(stored());

/** The slugs of the lessons whose exercise is solved. */
export function solvedExercises(): ReadonlySet<string> {
  return solved;
}

export function markSolved(slug: string): void {
  if (solved.has(slug)) return;
  solved = new Set([...solved, slug]);
  try {
    localStorage.setItem(KEY, [...solved].join(" "));
  } catch {
    // Without storage it is known until the page is left.
  }
}

function stored(): ReadonlySet<string> {
  try {
    return new Set((localStorage.getItem(KEY) ?? "").split(" ").filter(Boolean));
  } catch {
    return new Set();
  }
}
