/** @file The server from start to stop. Node only. */

import { availableParallelism } from "node:os";
import { getRequestListener } from "@hono/node-server";
import { AnswerThreads } from "./answer-threads.ts";
import { ApiKeys } from "./api-keys.ts";
import { serveApp, type AnsweredRequest } from "./app.ts";
import { Batches } from "./batches.ts";
import { closeServer, httpServer, listen } from "./http-server.ts";
import { LIVE_PATH, serveLive, type LiveServer } from "./live.ts";
import { DEFAULT_LIMITS, HELD_BODIES, type ServeLimits } from "./limits.ts";
import type { OpenNetwork } from "./messages.ts";
import { ServeMetrics } from "./metrics.ts";
import { ModelShelf, type ModelEvent, type NamedModel } from "./model-shelf.ts";
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
    liveConnections: () => live.connections,
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
  const common = {
    shelf,
    threads,
    keys,
    origins,
    ownNamesOnly: isLoopback,
    isStopping: () => isStopping,
    onFault: options.onFault,
  };
  const app = serveApp({ ...common, held, limits, metrics, onAnswered: options.onAnswered });
  const server = httpServer(
    getRequestListener((request, env) => app.fetch(request, env), { overrideGlobalObjects: false }),
    limits,
  );
  const live: LiveServer = serveLive(server, {
    ...common,
    most: limits.live,
    onAnswered(request) {
      const { path, method, status, problem } = request;
      metrics.request(path === LIVE_PATH ? path : "other", method, status);
      if (problem !== undefined) metrics.problem(problem);
      options.onAnswered(request);
    },
  });
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
