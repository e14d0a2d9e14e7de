/** @file The message about an error that ends a command. */

import { env } from "node:process";
import { AuricleError } from "../errors.ts";
import { systemMessage } from "./system-errors.ts";

export function errorMessage(error: unknown): string {
  const said = error instanceof AuricleError ? error.message : systemMessage(error);
  if (said !== undefined) return said;
  const message = error instanceof Error ? error.message : String(error);
  const hint = isDebugging() ? "" : " (set AURICLE_DEBUG=1 for a stack trace)";
  return `internal error in Auricle: ${message}${hint}`;
}

export function isDebugging(): boolean {
  return env.AURICLE_DEBUG === "1";
}
