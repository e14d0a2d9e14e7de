/** @file Requests that are not answered, and why: problem details by RFC 9457. Imports nothing of Node.js. */

import { AuricleError } from "../errors.ts";
import type { ProblemDetails } from "./schemas.ts";

/** Each kind of problem: its status, and its title. */
export const PROBLEMS = {
  "bad-request": [400, "The request makes no sense"],
  unauthorized: [401, "An API key is needed"],
  forbidden: [403, "The server does not answer here"],
  "not-found": [404, "There is no such thing"],
  "method-not-allowed": [405, "The address has no such method"],
  "receive-timeout": [408, "The request did not arrive in time"],
  "too-large": [413, "The request is too large"],
  "unsupported-type": [415, "The type of the content is not supported"],
  unreadable: [422, "The content cannot be read"],
  "too-long": [422, "The content is too long"],
  busy: [429, "Too many requests"],
  "headers-too-large": [431, "The headers are too large"],
  internal: [500, "The server made an error"],
  unavailable: [503, "The server is not ready"],
  "answer-timeout": [504, "The answer took too long"],
} as const satisfies Readonly<Record<string, readonly [status: number, title: string]>>;

export type ProblemKind = keyof typeof PROBLEMS;

/** In the log and the metrics: a client that did not take its answer was cut off. No answer can say so. */
export const NOT_READ = "not-read";

/** Thrown where a request gets no answer. */
export class RequestProblem extends Error {
  readonly kind: ProblemKind;
  /** Headers of the response. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(kind: ProblemKind, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.name = "RequestProblem";
    this.kind = kind;
    this.headers = headers;
  }

  get status(): (typeof PROBLEMS)[ProblemKind][0] {
    return PROBLEMS[this.kind][0];
  }
}

/** The media type of problem details. */
export const PROBLEM_TYPE = "application/problem+json";

export function problemDetails({ kind, message }: RequestProblem, requestId?: string): ProblemDetails {
  const [status, title] = PROBLEMS[kind];
  return {
    type: `urn:auricle:problem:${kind}`,
    title,
    status,
    detail: message,
    ...(requestId !== undefined && { requestId }),
  };
}

/** A fault that a request's content has, by the code of the library's error; undefined for a fault of the server. */
export function problemOf(error: unknown): RequestProblem | undefined {
  if (error instanceof RequestProblem) return error;
  if (!(error instanceof AuricleError)) return undefined;
  const kinds = {
    file: "unreadable",
    data: "unreadable",
    numeric: "unreadable",
    unsupported: "unsupported-type",
    argument: "bad-request",
    shape: "bad-request",
  } as const satisfies Record<AuricleError["code"], ProblemKind>;
  return new RequestProblem(kinds[error.code], error.message);
}
