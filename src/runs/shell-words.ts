/** @file Words of a command line, for people to copy. Browser-safe. */

/** A word as a POSIX shell takes it. */
export function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
