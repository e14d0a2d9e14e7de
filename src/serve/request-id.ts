/** @file The id of a request, by which its answer and its line in the log are found. Node only. */

import { randomUUID } from "node:crypto";

/** @param given the header X-Request-Id @returns it, where it is one that a log can hold, or a new one */
export function requestIdOf(given: string | readonly string[] = ""): string {
  return typeof given === "string" && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}
