/** @file Answers that say why there is no content. */

import type { ServerResponse } from "node:http";
import { DATA_HEADERS } from "./headers.ts";
import type { Refusal } from "./request-rules.ts";

/** Sends a reason as JSON: `{"error": "…"}`. */
export function refuse(response: ServerResponse, { status, reason }: Refusal): void {
  const body = new TextEncoder().encode(JSON.stringify({ error: reason }));
  response
    .writeHead(status, {
      ...DATA_HEADERS,
      "Content-Type": "application/json",
      "Content-Length": body.length,
      "Cache-Control": "no-store",
      ...(status === 405 && { Allow: "GET, HEAD" }),
    })
    .end(body);
}
