/** @file The part of a content that a request wants (RFC 9110, section 14). */

import type { IncomingMessage } from "node:http";

/** The first and the last byte. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A content as requests for its parts know it. */
export interface RangedContent {
  /** In bytes. */
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  /** As a header has it. */
  readonly lastModified: string | undefined;
}

/**
 * Returns the wanted part: "all" without the header Range, with one that is not understood or names several parts, or where the
 * content is another than the client's (`If-Range`); "outside" for a part that the content has not.
 */
export function rangeOf(
  { method, headers }: Pick<IncomingMessage, "method" | "headers">,
  { size, etag, lastModified }: RangedContent,
): ByteRange | "all" | "outside" {
  const parts = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(headers.range ?? "");
  const condition = headers["if-range"];
  if (method !== "GET" || !parts) return "all";
  if (condition !== undefined && condition !== etag && condition !== lastModified) return "all";
  const [, first, last] = parts;
  if (first === "" && last === "") return "all";
  if (first === "") return Number(last) > 0 && size > 0 ? lastBytes(size, Number(last)) : "outside";
  if (last !== "" && Number(last) < Number(first)) return "all";
  if (Number(first) >= size) return "outside";
  return { start: Number(first), end: last === "" ? size - 1 : Math.min(Number(last), size - 1) };
}

function lastBytes(size: number, count: number): ByteRange {
  return { start: Math.max(0, size - count), end: size - 1 };
}
