/**
 * @file Live sound over a WebSocket: samples come in, answers go out, each about the last window. An answer is what the model says of these samples by
 * themselves. Node only.
 */

import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { AnsweredRequest } from "./app.ts";
import { endWithProblem } from "./end-with-problem.ts";
import { ignoreUpgrade } from "./ignore-upgrade.ts";
import { requireKnownPage, type PageRules } from "./known-page.ts";
import { LiveSession, type LiveSessionOptions } from "./live-session.ts";
import { problemOf, RequestProblem } from "./problem.ts";
import { requestIdOf } from "./request-id.ts";

export const LIVE_PATH = "/v1/live";

/** Bytes of one message: five seconds at the highest rate. */
const MOST_MESSAGE_BYTES = 2 ** 22;

/** The status of a connection that was taken. */
const SWITCHED = 101;

export interface LiveOptions extends PageRules, LiveSessionOptions {
  /** Connections at once; more are refused. */
  readonly most: number;
  /** Told of each connection when it has ended, or was refused. */
  readonly onAnswered: (request: AnsweredRequest) => void;
}

export interface LiveServer {
  /** Connections that are open. */
  readonly connections: number;
  /** Tells all connections that the server stops, after the answers that are under way, and ends them. */
  stop(): Promise<void>;
}

/** Takes connections of a server that ask for a WebSocket. */
export function serveLive(server: Server, options: LiveOptions): LiveServer {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_MESSAGE_BYTES,
    perMessageDeflate: false,
    // A session answers them, as long as its client reads.
    autoPong: false,
  });
  const sessions = new Set<LiveSession>();
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() !== "websocket")
      return ignoreUpgrade(server, request, socket, head);
    socket.on("error", () => socket.destroy());
    const begin = performance.now();
    const id = requestIdOf(request.headers["x-request-id"]);
    const { pathname, model } = addressOf(request);
    const tell = (status: number, facts: Partial<AnsweredRequest> = {}) => {
      const seconds = (performance.now() - begin) / 1000;
      options.onAnswered({ id, method: "GET", path: pathname, status, seconds, bytes: 0, ...facts });
    };
    try {
      if (pathname !== LIVE_PATH)
        throw new RequestProblem("not-found", `WebSockets are at ${LIVE_PATH} only`);
      requireKnownPage(request, options);
      if (options.isStopping()) throw new RequestProblem("unavailable", "the server stops");
      if (sessions.size >= options.most)
        throw new RequestProblem("busy", `${options.most} live connections are open already`);
      sockets.handleUpgrade(request, socket, head, (opened) => {
        const { authorization, "x-api-key": apiKey } = request.headers;
        const isAllowed = options.keys.allows({
          authorization,
          apiKey: typeof apiKey === "string" ? apiKey : undefined,
        });
        const session = new LiveSession(opened, { id, model, isAllowed }, options);
        sessions.add(session);
        opened.on("close", () => {
          sessions.delete(session);
          tell(SWITCHED, session.facts);
        });
      });
    } catch (error) {
      const problem = problemOf(error);
      if (!problem) throw error;
      tell(problem.status, { problem: problem.kind });
      endWithProblem(socket, problem, id);
    }
  });
  return {
    get connections() {
      return sessions.size;
    },
    async stop() {
      await Promise.all([...sessions].map((session) => session.stop()));
      sockets.close();
    },
  };
}

/** The path and the model that a request asks for; one whose address is none asks for nothing that there is. */
function addressOf({ url = "" }: IncomingMessage): {
  readonly pathname: string;
  readonly model: string | undefined;
} {
  const base = "http://host";
  if (!URL.canParse(url, base)) return { pathname: "", model: undefined };
  const { pathname, searchParams } = new URL(url, base);
  return { pathname, model: searchParams.get("model") ?? undefined };
}
