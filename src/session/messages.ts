/** @file The messages between a session and the thread that uses it: plain data. Browser-safe. */

import { AuricleError, type ErrorCode } from "../errors.ts";
import type { AnyEvent } from "./activity.ts";
import type { Session } from "./session.ts";

/** A message with its data, or a worker's failure with its message. */
export interface PortEvent {
  readonly type: string;
  readonly data?: unknown;
  readonly message?: string;
}

/** The end of a channel to another thread: a worker, or a port of a MessageChannel. */
export interface SessionPort {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message" | "error", listener: (event: PortEvent) => void): void;
  /** Ports wait for it. */
  start?(): void;
}

/** A worker's own scope, also as the types of pages have it: `self`. */
export interface WorkerScope {
  postMessage(message: unknown, options: { transfer: Transferable[] }): void;
  addEventListener(type: "message" | "error", listener: (event: PortEvent) => void): void;
}

export type Method = keyof Session;

/** A message of the user's thread. */
export type Request =
  | {
      readonly kind: "call";
      readonly id: number;
      readonly method: Method;
      readonly given: readonly unknown[];
    }
  | { readonly kind: "stop"; readonly id: number };

/** An answer of the session's thread, with the id of the call. */
export type Answer =
  | { readonly kind: "event"; readonly id: number; readonly event: AnyEvent }
  | { readonly kind: "result"; readonly id: number; readonly result: unknown }
  | { readonly kind: "error"; readonly id: number; readonly error: PlainError };

/** An error as plain data: what a structured clone would lose is its code. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  /** That of an AuricleError. */
  readonly code?: ErrorCode;
}

export function plainError(error: unknown): PlainError {
  if (error instanceof AuricleError) return { name: error.name, message: error.message, code: error.code };
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: "Error", message: String(error) };
}

/** Makes the error again: an AuricleError with its code, an "AbortError" where work was stopped, or another error. */
export function errorAgain({ name, message, code }: PlainError): Error {
  if (code !== undefined) return new AuricleError(code, message);
  return Object.assign(new Error(message), { name });
}

/**
 * Finds the buffers of a result that can go to the other thread without a copy: those that one array has for itself. Views of the
 * engine's memory are copied.
 */
export function buffersOf(result: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const seen = new Set<unknown>();
  const visit = (value: unknown) => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (ArrayBuffer.isView(value)) {
      const { buffer, byteLength } = value;
      if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) found.add(buffer);
    } else if (value instanceof Map) value.forEach(visit);
    else Object.values(value).forEach(visit);
  };
  visit(result);
  return [...found];
}
