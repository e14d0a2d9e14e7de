/**
 * @file Live sound over a WebSocket: samples come in, answers go out, each about the last window. An answer is what the model says of these samples by
 * themselves. Node only.
 */

import { once } from "node:events";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import type { AnswerThreads } from "./answer-threads.ts";
import type { ApiKeys } from "./api-keys.ts";
import { requireKnownPage, type PageRules } from "./known-page.ts";
import type { ModelShelf } from "./model-shelf.ts";
import { problemDetails, problemOf, PROBLEM_TYPE, RequestProblem } from "./problem.ts";
import { liveStartSchema, type LiveMessage, type LiveStart, type Prediction } from "./schemas.ts";

export const LIVE_PATH = "/v1/live";

/** Connections at once. */
const MOST_LIVE = 32;

/** Bytes of one message: five seconds at the highest rate. */
const MOST_MESSAGE_BYTES = 2 ** 22;

/** Seconds without a message, after which a connection is closed. */
const IDLE_SECONDS = 60;

/** Seconds in which a client may answer that it is told to go. */
const GOODBYE_SECONDS = 1;

/** Close codes of RFC 6455. */
const CLOSE = { goingAway: 1001, policy: 1008, fault: 1011, tryAgain: 1013 } as const;

export interface LiveOptions extends PageRules {
  readonly shelf: ModelShelf;
  readonly threads: AnswerThreads;
  readonly keys: ApiKeys;
  readonly isStopping: () => boolean;
  readonly onFault: (error: unknown) => void;
}

export interface LiveServer {
  /** Tells all connections that the server stops, after the answers that are under way, and ends them. */
  stop(): Promise<void>;
}

/** Takes connections of a server that ask for a WebSocket. */
export function serveLive(server: Server, options: LiveOptions): LiveServer {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  const sessions = new Set<LiveSession>();
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    try {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://host");
      if (pathname !== LIVE_PATH)
        throw new RequestProblem("not-found", `WebSockets are at ${LIVE_PATH} only`);
      requireKnownPage(request, options);
      if (options.isStopping()) throw new RequestProblem("unavailable", "the server stops");
      if (sessions.size >= MOST_LIVE)
        throw new RequestProblem("busy", `${MOST_LIVE} live connections are open already`);
      sockets.handleUpgrade(request, socket, head, (opened) => {
        const { authorization, "x-api-key": apiKey } = request.headers;
        const isAllowed = options.keys.allows({
          authorization,
          apiKey: typeof apiKey === "string" ? apiKey : undefined,
        });
        const session = new LiveSession(opened, searchParams.get("model") ?? undefined, isAllowed, options);
        sessions.add(session);
        opened.on("close", () => sessions.delete(session));
      });
    } catch (error) {
      refuseUpgrade(socket, problemOf(error) ?? new RequestProblem("bad-request", "not an address"));
    }
  });
  return {
    async stop() {
      await Promise.all([...sessions].map((session) => session.stop()));
      sockets.close();
    },
  };
}

function refuseUpgrade(socket: Duplex, problem: RequestProblem): void {
  const details = problemDetails(problem);
  const body = JSON.stringify(details);
  socket.end(
    `HTTP/1.1 ${details.status} ${details.title}\r\nConnection: close\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

class LiveSession {
  private readonly socket: WebSocket;
  private readonly model: string | undefined;
  private readonly options: LiveOptions;
  private isAllowed: boolean;
  private sound: LiveSound | undefined;
  private answering: Promise<void> | undefined;
  private idle: NodeJS.Timeout | undefined;
  private readonly gone = new AbortController();

  constructor(socket: WebSocket, model: string | undefined, isAllowed: boolean, options: LiveOptions) {
    this.socket = socket;
    this.model = model;
    this.isAllowed = isAllowed;
    this.options = options;
    socket.on("message", (data, isBinary) => this.receive(data, isBinary));
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      clearTimeout(this.idle);
      this.gone.abort(new RequestProblem("bad-request", "the client went away"));
    });
    this.waitForMessage();
  }

  async stop(): Promise<void> {
    await this.answering;
    this.socket.close(CLOSE.goingAway, "the server stops");
    if (this.socket.readyState === this.socket.CLOSED) return;
    const timer = setTimeout(() => this.socket.terminate(), GOODBYE_SECONDS * 1000);
    await once(this.socket, "close");
    clearTimeout(timer);
  }

  private receive(data: RawData, isBinary: boolean): void {
    this.waitForMessage();
    try {
      if (isBinary) this.hear(bytesOf(data));
      else this.begin(bytesOf(data).toString());
    } catch (error) {
      this.fail(error);
    }
  }

  private begin(text: string): void {
    if (this.sound) throw new RequestProblem("bad-request", "the connection has begun: only samples follow");
    const { apiKey, ...start } = startOf(text);
    this.isAllowed ||= this.options.keys.allows({ apiKey });
    if (!this.isAllowed)
      throw new RequestProblem("unauthorized", "send a key in the first message, as apiKey");
    const { kind, windowSeconds = 0, version, name } = this.options.shelf.info(this.model);
    if (kind !== "sound") throw new RequestProblem("bad-request", `model "${name}" takes pictures`);
    this.sound = new LiveSound(start, windowSeconds);
    this.send({ event: "ready", model: name, version, windowSeconds, hop: this.sound.hop });
  }

  private hear(bytes: Buffer): void {
    const { sound } = this;
    if (!sound)
      throw new RequestProblem("bad-request", "the first message says what follows: {sampleRate, format}");
    sound.add(bytes);
    // While an answer is computed, others are left out: the next is about the newest sound.
    if (this.answering || !sound.isDue || this.options.isStopping()) return;
    this.answering = this.answer(sound).then(
      () => void (this.answering = undefined),
      (error: unknown) => this.fail(error),
    );
  }

  private async answer(sound: LiveSound): Promise<void> {
    const { shelf, threads } = this.options;
    const lent = shelf.lend(this.model);
    const { start, end, samples } = sound.take();
    try {
      const { body } = await threads.answer({
        version: lent,
        signal: this.gone.signal,
        bytes: new Uint8Array(samples.buffer),
        content: { kind: "samples", sampleRate: sound.sampleRate },
        windows: false,
        answerer: { model: lent.name, version: lent.version },
      });
      this.send({ event: "answer", start, end, ...(JSON.parse(body) as Prediction) });
    } finally {
      lent.release();
    }
  }

  private fail(error: unknown): void {
    const problem = problemOf(error);
    if (!problem) this.options.onFault(error);
    const told = problem ?? new RequestProblem("internal", "the server's log has the reason");
    this.send({ event: "problem", ...problemDetails(told) });
    const code =
      told.kind === "busy" || told.kind === "unavailable"
        ? CLOSE.tryAgain
        : problem
          ? CLOSE.policy
          : CLOSE.fault;
    this.socket.close(code, told.kind);
  }

  private send(message: LiveMessage): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private waitForMessage(): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      this.fail(new RequestProblem("receive-timeout", `nothing came for ${IDLE_SECONDS} s`));
      this.socket.terminate();
    }, IDLE_SECONDS * 1000);
  }
}

function startOf(text: string): LiveStart {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RequestProblem("bad-request", "the first message is no JSON");
  }
  const parsed = liveStartSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new RequestProblem(
    "bad-request",
    `first message${path.length > 0 ? `, ${path.join(".")}` : ""}: ${message.slice(0, 200)}`,
  );
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

/** The last seconds of sound that comes piece by piece. */
export class LiveSound {
  readonly sampleRate: number;
  /** In seconds. */
  readonly hop: number;
  private readonly format: LiveStart["format"];
  private readonly last: Float32Array;
  /** Samples that have come. */
  private received = 0;
  private dueAt: number;

  /** @param windowSeconds the seconds that an answer is about */
  constructor({ sampleRate, format, hop = 1 }: Omit<LiveStart, "apiKey">, windowSeconds: number) {
    this.sampleRate = sampleRate;
    this.format = format;
    this.hop = hop;
    this.last = new Float32Array(Math.max(1, Math.ceil(windowSeconds * sampleRate)));
    this.dueAt = hop * sampleRate;
  }

  get isDue(): boolean {
    return this.received >= this.dueAt;
  }

  /** @throws RequestProblem for half a sample, and for samples that are no numbers */
  add(bytes: Buffer): void {
    const size = this.format === "f32le" ? 4 : 2;
    if (bytes.length % size !== 0) {
      throw new RequestProblem(
        "bad-request",
        `${bytes.length} bytes are no whole number of samples in ${this.format}`,
      );
    }
    const { last } = this;
    const count = bytes.length / size;
    const kept = Math.min(count, last.length);
    last.copyWithin(0, kept);
    for (let i = 0; i < kept; i++) {
      const at = size * (count - kept + i);
      const sample = size === 4 ? bytes.readFloatLE(at) : bytes.readInt16LE(at) / 32_768;
      if (!Number.isFinite(sample)) throw new RequestProblem("unreadable", "a sample is not a number");
      last[last.length - kept + i] = sample;
    }
    this.received += count;
  }

  /** The newest samples, and their time in seconds from the beginning; the next are due a hop later. */
  take(): { readonly start: number; readonly end: number; readonly samples: Float32Array<ArrayBuffer> } {
    const { last, received, sampleRate, hop } = this;
    this.dueAt = received + hop * sampleRate;
    const count = Math.min(received, last.length);
    return {
      start: (received - count) / sampleRate,
      end: received / sampleRate,
      samples: new Float32Array(last.subarray(last.length - count)),
    };
  }
}
