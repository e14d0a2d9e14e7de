/** @file `auricle/client`: asks a server that `auricle serve` runs. Needs `fetch` alone: for browsers, Node.js, Deno and Bun. */

import type {
  Answer,
  LiveMessage,
  ModelInfo,
  ModelList,
  Prediction,
  Predictions,
  ProblemDetails,
} from "../serve/schemas.ts";

export type { Answer, LiveMessage, ModelInfo, ModelList, Prediction, Predictions, ProblemDetails };

/** A file's bytes: what an input or a drop gives, or what was read. */
export type Content = Blob | ArrayBuffer | Uint8Array<ArrayBuffer>;

export interface ClientOptions {
  /** The server's API key. */
  readonly apiKey?: string;
  /** How often a request is sent again where the server is busy or not ready, after the time that it asks for. Default 4. */
  readonly retries?: number;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
}

export interface AskOptions {
  /** The model's name. Default: the server's first one. */
  readonly model?: string;
  /** Seconds between the beginnings of windows. Default: the fewest windows that cover all. */
  readonly hop?: number;
  /** Whether a recording's answers over time are sent. Default true. */
  readonly windows?: boolean;
  readonly signal?: AbortSignal;
}

export interface LiveOptions {
  /** In Hz: that of the AudioContext whose samples are sent. */
  readonly sampleRate: number;
  /** Seconds from answer to answer. Default 1. */
  readonly hop?: number;
  /** The model's name. Default: the server's first one. */
  readonly model?: string;
  /** Called with each message of the server: it is ready, an answer, a problem. */
  readonly onMessage: (message: LiveMessage) => void;
  /** Default: the global one, which Node.js has from version 22 on. */
  readonly WebSocket?: new (url: URL) => LiveSocket;
}

/** The part of a WebSocket that is used. */
export interface LiveSocket {
  send(data: string | Float32Array<ArrayBuffer>): void;
  close(): void;
  addEventListener(type: "open" | "close" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
}

/** A connection that is open. */
export interface Live {
  /** @param samples the next ones of one channel, such as an AudioWorklet has */
  send(samples: Float32Array<ArrayBuffer>): void;
  close(): void;
  /** Resolves when the connection has ended, by whomever. */
  readonly closed: Promise<void>;
}

/** A request that the server refused. Its message is the server's reason. */
export class ServerProblem extends Error {
  readonly details: ProblemDetails;

  constructor(details: ProblemDetails) {
    super(details.detail);
    this.name = "ServerProblem";
    this.details = details;
  }

  get status(): number {
    return this.details.status;
  }
}

/** Statuses of servers that are busy, or not ready. */
const AGAIN = [429, 503];

/** In seconds, where the server names none. */
const USUAL_WAIT = 1;

/**
 * A server's models.
 *
 * @example
 * const client = new AuricleClient("http://127.0.0.1:8080");
 * const { class: genre, probabilities } = await client.predict(file);
 */
export class AuricleClient {
  private readonly address: string;
  private readonly options: ClientOptions;

  /** @param address the server: "https://models.example.com" */
  constructor(address: string, options: ClientOptions = {}) {
    this.address = address.replace(/\/+$/, "");
    this.options = options;
  }

  /** Predicts one recording or picture. @throws ServerProblem where it is refused */
  async predict(content: Content, options: AskOptions = {}): Promise<Prediction> {
    return (await this.ask(`/v1/predict${queryOf(options)}`, {
      body: content,
      signal: options.signal,
    })) as Prediction;
  }

  /**
   * Predicts several files in one request. Those that cannot be read have a `problem` in place of an answer.
   * @throws ServerProblem where the whole request is refused
   */
  async predictAll(files: readonly File[], options: AskOptions = {}): Promise<Predictions> {
    const body = new FormData();
    for (const file of files) body.append("file", file, file.name);
    return (await this.ask(`/v1/predict${queryOf(options)}`, {
      body,
      signal: options.signal,
    })) as Predictions;
  }

  /** Describes a model. @param name default: the server's first one */
  async model(name?: string): Promise<ModelInfo> {
    return (await this.ask(
      name === undefined ? "/v1/model" : `/v1/models/${encodeURIComponent(name)}`,
    )) as ModelInfo;
  }

  async models(): Promise<ModelList> {
    return (await this.ask("/v1/models")) as ModelList;
  }

  /**
   * Opens a connection for live sound: samples go out, answers about the newest window come back.
   * @throws Error where the server cannot be reached or takes no connection
   */
  async live({
    sampleRate,
    hop,
    model,
    onMessage,
    WebSocket = globalThis.WebSocket,
  }: LiveOptions): Promise<Live> {
    const url = new URL(`${this.address}/v1/live${queryOf({ model })}`);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error(`${url.origin} takes no live connection`)));
    });
    const closed = new Promise<void>((resolve) => socket.addEventListener("close", resolve));
    socket.addEventListener("message", ({ data }) => onMessage(JSON.parse(String(data)) as LiveMessage));
    const { apiKey } = this.options;
    socket.send(JSON.stringify({ sampleRate, format: "f32le", hop, apiKey }));
    return {
      send: (samples) => socket.send(samples),
      close: () => socket.close(),
      closed,
    };
  }

  private async ask(path: string, sent: { body?: BodyInit; signal?: AbortSignal } = {}): Promise<unknown> {
    const { apiKey, retries = 4, fetch: send = globalThis.fetch } = this.options;
    const { body, signal } = sent;
    for (let attempt = 0; ; attempt++) {
      const response = await send(`${this.address}${path}`, {
        method: body === undefined ? "GET" : "POST",
        body,
        signal,
        headers: {
          ...(apiKey !== undefined && { Authorization: `Bearer ${apiKey}` }),
          ...(body !== undefined &&
            !(body instanceof FormData) && { "Content-Type": "application/octet-stream" }),
        },
      });
      if (response.ok) return response.json();
      const problem = await problemOf(response);
      if (!AGAIN.includes(response.status) || attempt >= retries) throw problem;
      const seconds = Number(response.headers.get("Retry-After") ?? USUAL_WAIT);
      await waited(Number.isFinite(seconds) ? seconds : USUAL_WAIT, signal);
    }
  }
}

function queryOf({ model, hop, windows }: AskOptions): string {
  const query = new URLSearchParams();
  if (model !== undefined) query.set("model", model);
  if (hop !== undefined) query.set("hop", String(hop));
  if (windows !== undefined) query.set("windows", String(windows));
  return query.size > 0 ? `?${query}` : "";
}

/** The server's reason; that of a proxy before it may be none of its problems. */
async function problemOf(response: Response): Promise<ServerProblem> {
  const { status, statusText } = response;
  const isProblem = response.headers.get("Content-Type")?.startsWith("application/problem+json");
  if (isProblem) return new ServerProblem((await response.json()) as ProblemDetails);
  await response.body?.cancel();
  return new ServerProblem({
    type: "about:blank",
    title: statusText,
    status,
    detail: `the server answered ${status} ${statusText}`,
  });
}

function waited(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, 1000 * seconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
