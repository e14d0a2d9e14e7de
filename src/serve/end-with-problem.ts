/** @file A problem told on a connection that has no response of Node.js. Node only. */

import type { Duplex } from "node:stream";
import { PROBLEM_TYPE, problemDetails, type RequestProblem } from "./problem.ts";

/** Writes a whole response, and ends the connection. */
export function endWithProblem(socket: Duplex, problem: RequestProblem, requestId?: string): void {
  const details = problemDetails(problem, requestId);
  const body = JSON.stringify(details);
  const lines = [
    `HTTP/1.1 ${details.status} ${details.title}`,
    "Connection: close",
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(requestId === undefined ? [] : [`X-Request-Id: ${requestId}`]),
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}
