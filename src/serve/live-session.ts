/** @file One connection of live sound, from its first message to its end. Node only. */

import { once } from "node:events";
import type { RawData, WebSocket } from "ws";
import type { AnswerThreads } from "./answer-threads.ts";
import type { ApiKeys } from "./api-keys.ts";
import { LiveSound } from "./live-sound.ts";
import type { ModelShelf } from "./model-shelf.ts";
import { NOT_READ, problemDetails, problemOf, RequestProblem } from "./problem.ts";
import { liveStartSchema, type LiveMessage, type LiveStart, type Prediction } from "./schemas.ts";

/** Seconds until the first message: a connection that has not begun takes the place of one that would. */
const BEGIN_SECONDS = 10;

/** Seconds without a message, after which a connection is closed. */
const IDLE_SECONDS = 60;

/** Seconds in which a client may answer that it is told to go. */
const GOODBYE_SECONDS = 1;

/** Bytes that a client may leave unread, answers and replies to its pings. */
const MOST_UNREAD_BYTES = 2 ** 20;

/** Close codes of RFC 6455. */
const CLOSE = { goingAway: 1001, policy: 1008, fault: 1011, tryAgain: 1013 } as const;

export interface LiveSessionOptions {
  readonly shelf: ModelShelf;
  readonly threads: AnswerThreads;
  readonly keys: ApiKeys;
  readonly isStopping: () => boolean;
  readonly onFault: (error: unknown, requestId: string) => void;
}

/** The request that opened a connection. */
export interface LiveRequest {
  readonly id: string;
  /** The model's name; default: the first one. */
  readonly model: string | undefined;
  /** Whether it had a key already, where one is needed. */
  readonly isAllowed: boolean;
}

/** The facts about a connection, for the log. */
export interface LiveFacts {
  /** Bytes of sound that came. */
  bytes: number;
  /** Answers that were sent. */
  windows: number;
  model?: string;
  version?: number;
  /** Why the server ended it. */
  problem?: string;
}

export class LiveSession {
  readonly facts: LiveFacts = { bytes: 0, windows: 0 };
  private readonly socket: WebSocket;
  private readonly request: LiveRequest;
  private readonly options: LiveSessionOptions;
  private sound: LiveSound | undefined;
  private answering: Promise<void> | undefined;
  private idle: NodeJS.Timeout | undefined;
  private readonly gone = new AbortController();

  /** @param socket one that does not answer pings by itself */
  constructor(socket: WebSocket, request: LiveRequest, options: LiveSessionOptions) {
    this.socket = socket;
    this.request = request;
    this.options = options;
    socket.on("message", (data, isBinary) => this.receive(data, isBinary));
    socket.on("ping", (data) => {
      if (this.isRead()) socket.pong(data);
    });
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      clearTimeout(this.idle);
      this.gone.abort(new RequestProblem("bad-request", "the client went away"));
    });
    this.waitForMessage(BEGIN_SECONDS);
  }

  /** Ends the connection after the answer that is under way. */
  async stop(): Promise<void> {
    await this.answering;
    this.socket.close(CLOSE.goingAway, "the server stops");
    if (this.socket.readyState === this.socket.CLOSED) return;
    const timer = setTimeout(() => this.socket.terminate(), GOODBYE_SECONDS * 1000);
    await once(this.socket, "close");
    clearTimeout(timer);
  }

  private receive(data: RawData, isBinary: boolean): void {
    // What comes after the server's goodbye is not heard.
    if (this.socket.readyState !== this.socket.OPEN) return;
    try {
      if (isBinary) this.hear(bytesOf(data));
      else this.begin(bytesOf(data).toString());
      this.waitForMessage(IDLE_SECONDS);
    } catch (error) {
      this.fail(error);
    }
  }

  private begin(text: string): void {
    if (this.sound) throw new RequestProblem("bad-request", "the connection has begun: only samples follow");
    const { apiKey, ...start } = startOf(text);
    if (!this.request.isAllowed && !this.options.keys.allows({ apiKey }))
      throw new RequestProblem("unauthorized", "send a key in the first message, as apiKey");
    const { kind, windowSeconds = 0, version, name } = this.options.shelf.info(this.request.model);
    if (kind !== "sound") throw new RequestProblem("bad-request", `model "${name}" takes pictures`);
    this.sound = new LiveSound(start, windowSeconds);
    Object.assign(this.facts, { model: name, version });
    this.send({ event: "ready", model: name, version, windowSeconds, hop: this.sound.hop });
  }

  private hear(bytes: Buffer): void {
    const { sound } = this;
    if (!sound)
      throw new RequestProblem("bad-request", "the first message says what follows: {sampleRate, format}");
    sound.add(bytes);
    this.facts.bytes += bytes.length;
    // While an answer is computed, others are left out: the next is about the newest sound.
    if (this.answering || !sound.isDue || this.options.isStopping()) return;
    this.answering = this.answer(sound).then(
      () => void (this.answering = undefined),
      (error: unknown) => this.fail(error),
    );
  }

  private async answer(sound: LiveSound): Promise<void> {
    const { shelf, threads } = this.options;
    const lent = shelf.lend(this.request.model);
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
      this.facts.windows++;
      this.facts.version = lent.version;
      this.send({ event: "answer", start, end, ...(JSON.parse(body) as Prediction) });
    } finally {
      lent.release();
    }
  }

  private fail(error: unknown): void {
    const problem = problemOf(error);
    if (!problem) this.options.onFault(error, this.request.id);
    const told = problem ?? new RequestProblem("internal", "the server's log has the reason");
    this.facts.problem ??= told.kind;
    this.send({ event: "problem", ...problemDetails(told, this.request.id) });
    const code =
      told.kind === "busy" || told.kind === "unavailable"
        ? CLOSE.tryAgain
        : problem
          ? CLOSE.policy
          : CLOSE.fault;
    this.socket.close(code, told.kind);
  }

  private send(message: LiveMessage): void {
    if (this.socket.readyState === this.socket.OPEN && this.isRead())
      this.socket.send(JSON.stringify(message));
  }

  /** Whether the client reads what it is sent; one that does not is cut off, or it would fill the memory. */
  private isRead(): boolean {
    if (this.socket.bufferedAmount <= MOST_UNREAD_BYTES) return true;
    this.facts.problem ??= NOT_READ;
    this.socket.terminate();
    return false;
  }

  private waitForMessage(seconds: number): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      this.fail(new RequestProblem("receive-timeout", `nothing came for ${seconds} s`));
      this.socket.terminate();
    }, seconds * 1000);
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
