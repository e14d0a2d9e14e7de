/** @file The problem with a file in words that do not name it, for lists where its name stands before. Browser-safe. */

import { basename } from "#here/io/path";

/** Takes the file's name out of an error's message, whether a decoder or the file system has put it there. */
export function problemOf(path: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const name = [path, basename(path)].find((prefix) => message.startsWith(`${prefix}: `));
  if (name !== undefined) return message.slice(name.length + 2);
  const unread = `cannot read ${path}: `;
  return message.startsWith(unread) ? `cannot read it: ${message.slice(unread.length)}` : message;
}
