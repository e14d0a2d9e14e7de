/** @file The server from start to stop. Node only. */

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { availableParallelism } from "node:os";
import { getRequestListener } from "@hono/node-server";
import { AuricleError } from "../errors.ts";
import { errorCode } from "../io/atomic-file.ts";
import { AnswerThreads } from "./answer-threads.ts";
import { ApiKeys } from "./api-keys.ts";
import { serveApp, type AnsweredRequest } from "./app.ts";
import { Batches } from "./batches.ts";
import { serveLive } from "./live.ts";
import { DEFAULT_LIMITS, HELD_BODIES, MOST_CONNECTIONS, type ServeLimits } from "./limits.ts";
import type { OpenNetwork } from "./messages.ts";
import { ServeMetrics } from "./metrics.ts";
import { ModelShelf, type ModelEvent, type NamedModel } from "./model-shelf.ts";
import { PROBLEM_TYPE, problemDetails, RequestProblem, type ProblemKind } from "./problem.ts";
import { HeldBytes } from "./read-body.ts";

export interface ServeOptions extends Omit<OpenNetwork, "place"> {
  readonly models: readonly NamedModel[];
  /** Default: this machine alone. */
  readonly host?: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly limits?: Partial<ServeLimits>;
  readonly apiKeys?: readonly string[];
  readonly origins?: readonly string[];
  /** Seconds from one look at the models' files to the next; 0: they are not watched. Default 2. */
  readonly watchSeconds?: number;
  readonly onAnswered: (request: AnsweredRequest) => void;
  readonly onModel: (event: ModelEvent) => void;
  /** Told of faults of the server itself. */
  readonly onFault: (error: unknown, requestId?: string) => void;
}

export interface Serving {
  /** "http://127.0.0.1:8080" */
  readonly address: string;
  readonly port: number;
  readonly isLoopback: boolean;
  /** Takes no more requests, gives the answers that are under way, and ends. @returns whether all had their answer in time */
  stop(): Promise<boolean>;
}

const LOOPBACK = "127.0.0.1";

/** Seconds until a request's headers must be there: longer only for those who want to keep the connection busy. */
const HEADER_SECONDS = 10;

/** Seconds that a connection without a request is kept: longer than proxies keep theirs, so that none sends a request on one that closes. */
const KEEP_SECONDS = 75;

/** Bytes of a request's headers. */
const MOST_HEADER_BYTES = 16_384;

/** More threads that decode than processors: some wait for the network. */
function usualWorkers(): number {
  return Math.min(10, availableParallelism() + 2);
}

/**
 * Loads models and answers requests.
 * @throws AuricleError "file" and others for a model that cannot be served, "argument" for an address that is taken
 */
export async function startServer(options: ServeOptions): Promise<Serving> {
  const {
    host = LOOPBACK,
    models,
    apiKeys = [],
    origins = [],
    watchSeconds = 2,
    target,
    threads: engineThreads,
  } = options;
  const limits: ServeLimits = { ...DEFAULT_LIMITS, workers: usualWorkers(), ...options.limits };
  const keys = new ApiKeys(apiKeys);
  const isLoopback = ["127.0.0.1", "::1", "localhost"].includes(host);
  const held = new HeldBytes(limits.bytes * HELD_BODIES);
  let isStopping = false;
  const metrics: ServeMetrics = new ServeMetrics({
    queued: () => threads.queued,
    busy: () => threads.busy,
    heldBytes: () => held.held,
    isReady: () => shelf.isReady && !isStopping,
  });
  const threads: AnswerThreads = new AnswerThreads({
    threads: limits.workers,
    queue: limits.queue,
    seconds: limits.answerSeconds,
    limits,
    onCrash(reason) {
      metrics.crash("answer");
      options.onFault(new Error(`a thread that decodes ended: ${reason}`));
    },
  });
  const shelf: ModelShelf = await ModelShelf.open(models, {
    target,
    threads: engineThreads,
    precision: options.precision,
    dataFolder: options.dataFolder,
    download: options.download,
    watchSeconds,
    batches: new Batches((windows, parts, seconds) => metrics.batch(windows, parts, seconds)),
    onForgotten: (key) => threads.forget(key),
    onEvent(event) {
      if (event.kind === "died") metrics.crash("network");
      else metrics.load(event.model, event.kind === "loaded");
      options.onModel(event);
    },
  }).catch(async (error: unknown) => {
    await threads.end();
    throw error;
  });
  const app = serveApp({
    ...options,
    shelf,
    threads,
    held,
    limits,
    metrics,
    keys,
    origins,
    ownNamesOnly: isLoopback,
    isStopping: () => isStopping,
  });
  // Bodies are read by readBody, which counts them.
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: HEADER_SECONDS * 1000,
      // The body's time is kept by readBody, whose answer tells why.
      requestTimeout: (limits.receiveSeconds + HEADER_SECONDS) * 1000,
      connectionsCheckingInterval: 2000,
      keepAliveTimeout: KEEP_SECONDS * 1000,
    },
    getRequestListener((request, env) => app.fetch(request, env), { overrideGlobalObjects: false }),
  );
  server.maxConnections = MOST_CONNECTIONS;
  const live = serveLive(server, {
    shelf,
    threads,
    keys,
    origins,
    ownNamesOnly: isLoopback,
    isStopping: () => isStopping,
    onFault: (error) => options.onFault(error),
  });
  server.on("clientError", refuseConnection);
  const end = async () => {
    await shelf.end();
    await threads.end();
  };
  try {
    await listen(server, host, options.port);
  } catch (error) {
    await end();
    throw error;
  }
  const { port } = server.address() as { port: number };
  return {
    address: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    isLoopback,
    async stop() {
      isStopping = true;
      const [inTime] = await Promise.all([closeServer(server, limits.graceSeconds), live.stop()]);
      await end();
      return inTime;
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
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
async function closeServer(server: Server, graceSeconds: number): Promise<boolean> {
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
  const kinds: Readonly<Record<string, ProblemKind>> = {
    ERR_HTTP_REQUEST_TIMEOUT: "receive-timeout",
    HPE_HEADER_OVERFLOW: "headers-too-large",
  };
  const kind = kinds[errorCode(error) ?? ""] ?? "bad-request";
  const details = {
    "receive-timeout": "the headers did not arrive in time",
    "headers-too-large": `the headers are larger than ${MOST_HEADER_BYTES} bytes`,
  } as const;
  const detail = kind in details ? details[kind as keyof typeof details] : "not a request of HTTP/1.1";
  const problem = new RequestProblem(kind, detail);
  const body = JSON.stringify(problemDetails(problem));
  socket.end(
    `HTTP/1.1 ${problem.status} ${problemDetails(problem).title}\r\nConnection: close\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
