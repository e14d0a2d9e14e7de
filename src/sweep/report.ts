/** @file Messages between whoever orders a training and whoever carries it out: plain data, for another process or machine. */

import { AuricleError, type ErrorCode } from "../errors.ts";
import type { Task, TaskEvent } from "./trainer.ts";

export type Order = { readonly kind: "train"; readonly task: Task } | { readonly kind: "stop" };

export type Report =
  { readonly kind: "event"; readonly event: TaskEvent } | { readonly kind: "done" } | FailureReport;

export interface FailureReport {
  readonly kind: "failed";
  readonly message: string;
  /** "lost": a {@link ProcessLost}; null: an error that nobody has foreseen. */
  readonly code: ErrorCode | "lost" | null;
}

/** A process that ended without a word: killed, or out of memory. */
export class ProcessLost extends Error {}

export function reportOf(error: unknown): FailureReport {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof AuricleError ? error.code : error instanceof ProcessLost ? "lost" : null;
  return { kind: "failed", message, code };
}

export function errorOf({ message, code }: FailureReport): Error {
  if (code === "lost") return new ProcessLost(message);
  return code === null ? new Error(message) : new AuricleError(code, message);
}
