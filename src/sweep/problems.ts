/** @file The problems of a sweep file, gathered so that all are said at once. */

import { AuricleError } from "../errors.ts";

/** Problems that a message names; a file may have any number. */
const MOST_NAMED = 20;

export class Problems {
  private readonly found = new Map<string, string[]>();

  /** @param path where it is, as a JSON pointer: "/space/learningRate" */
  add(path: string, problem: string): void {
    const others = this.found.get(path) ?? [];
    if (!others.includes(problem)) this.found.set(path, [...others, problem]);
  }

  /** The number of different problems. */
  get count(): number {
    return this.all().length;
  }

  /** @throws AuricleError "file" that names every problem, if there is one. */
  throwIfAny(file: string): void {
    const all = this.all();
    if (all.length === 0) return;
    const shown = all.slice(0, MOST_NAMED).map((line) => `  ${line}`);
    const left = all.length - shown.length;
    const rest = left > 0 ? [`  and ${left} more`] : [];
    const number = all.length === 1 ? "a problem" : `${all.length} problems`;
    throw new AuricleError(
      "file",
      [`${file} has ${number}; nothing was begun:`, ...shown, ...rest].join("\n"),
    );
  }

  private all(): string[] {
    return [...this.found].flatMap(([path, problems]) => problems.map((one) => `${path || "/"}: ${one}`));
  }
}

/** The pointer to a field or an element (RFC 6901). */
export function pointer(path: string, key: string | number): string {
  return `${path}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The fields of an object; undefined for anything else. */
export function fieldsOf(value: unknown): readonly (readonly [name: string, value: unknown])[] | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value)
    : undefined;
}
