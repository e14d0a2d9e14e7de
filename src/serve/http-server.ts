/** @file The server below its addresses: connections, their time, and what is no request. Node only. */

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { AuricleError } from "../errors.ts";
import { errorCode } from "../io/atomic-file.ts";
import { endWithProblem } from "./end-with-problem.ts";
import { MOST_CONNECTIONS, type ServeLimits } from "./limits.ts";
import { RequestProblem, type ProblemKind } from "./problem.ts";

/** Seconds until a request's headers must be there: longer only for those who want to keep the connection busy. */
const HEADER_SECONDS = 10;

/** Seconds that a connection without a request is kept: longer than proxies keep theirs, so that none sends a request on one that closes. */
const KEEP_SECONDS = 75;

/** Bytes of a request's headers. */
const MOST_HEADER_BYTES = 16_384;

/** Requests of one connection that may wait for their answers: clients send one, and some send the next before they have read. */
const MOST_PIPELINED = 16;

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A server that does not listen yet. */
export function httpServer(
  listener: Listener,
  { receiveSeconds }: Pick<ServeLimits, "receiveSeconds">,
): Server {
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: HEADER_SECONDS * 1000,
      // The body's time is kept by readBody, whose answer tells why.
      requestTimeout: (receiveSeconds + HEADER_SECONDS) * 1000,
      connectionsCheckingInterval: 2000,
      keepAliveTimeout: KEEP_SECONDS * 1000,
    },
    fewPerConnection(listener),
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.on("clientError", refuseConnection);
  return server;
}

/** Cuts off a connection that sends requests without reading answers: those would fill the memory. */
function fewPerConnection(listener: Listener): Listener {
  const open = new WeakMap<Duplex, number>();
  return (request, response) => {
    const { socket } = request;
    // Others that came in the same piece are still told of.
    if (socket.destroyed) return;
    const count = (open.get(socket) ?? 0) + 1;
    if (count > MOST_PIPELINED) return void socket.destroy();
    open.set(socket, count);
    response.once("close", () => open.set(socket, (open.get(socket) ?? 1) - 1));
    return listener(request, response);
  };
}

/** @throws AuricleError "argument" for an address that is taken, or none of this machine */
export async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen({ host, port });
    await once(server, "listening");
  } catch (error) {
    const code = errorCode(error) ?? "";
    const reasons: Readonly<Record<string, string>> = {
      EADDRINUSE: "another program listens there",
      EACCES: "this user may not listen there",
      EADDRNOTAVAIL: "this machine does not have that address",
      ENOTFOUND: "no such host",
    };
    if (!(code in reasons)) throw error;
    throw new AuricleError(
      "argument",
      `serve: cannot listen on ${host}, port ${port}: ${reasons[code]}; name another one with --host and --port`,
      { cause: error },
    );
  }
}

/** Waits for the requests under way. @returns whether they ended in time */
export async function closeServer(server: Server, graceSeconds: number): Promise<boolean> {
  const closed = once(server, "close");
  server.close();
  // Connections without a request would keep the server open; they come to be without one as answers are given.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), graceSeconds * 1000);
  });
  const first = await Promise.race([closed, late]);
  clearTimeout(timer);
  clearInterval(idle);
  if (first !== "late") return true;
  server.closeAllConnections();
  await closed;
  return false;
}

/** Answers what is no request of HTTP, or did not arrive in time. */
function refuseConnection(error: Error, socket: Duplex): void {
  if (!socket.writable || errorCode(error) === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const problems: Readonly<Record<string, [ProblemKind, string]>> = {
    ERR_HTTP_REQUEST_TIMEOUT: ["receive-timeout", "the headers did not arrive in time"],
    HPE_HEADER_OVERFLOW: ["headers-too-large", `the headers are larger than ${MOST_HEADER_BYTES} bytes`],
  };
  const [kind, detail] = problems[errorCode(error) ?? ""] ?? ["bad-request", "not a request of HTTP/1.1"];
  endWithProblem(socket, new RequestProblem(kind, detail));
}
