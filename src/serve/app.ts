/** @file The addresses that a server answers. Node only. */

import type { HttpBindings } from "@hono/node-server";
import { Hono, type Context } from "hono";
import { cors } from "hono/cors";
import { busy, type AnswerThreads } from "./answer-threads.ts";
import { requireKnownPage, type PageRules } from "./known-page.ts";
import type { ServeLimits } from "./limits.ts";
import type { AnswerTask, TaskAnswer } from "./messages.ts";
import type { ServeMetrics } from "./metrics.ts";
import type { ModelShelf } from "./model-shelf.ts";
import { openApiDocument } from "./openapi.ts";
import {
  NOT_READ,
  PROBLEM_TYPE,
  problemDetails,
  problemOf,
  RequestProblem,
  type ProblemKind,
} from "./problem.ts";
import { discardBody, readBody, type HeldBytes } from "./read-body.ts";
import { requestIdOf } from "./request-id.ts";
import { querySchema, type Query } from "./schemas.ts";

/** A request that was answered, or a live connection that has ended, for the log. */
export interface AnsweredRequest {
  readonly id: string;
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** 499 where the client went away before; 101 for a live connection. */
  readonly status: number;
  readonly seconds: number;
  /** The size of the body, or of all sound of a live connection. */
  readonly bytes: number;
  readonly model?: string;
  readonly version?: number;
  /** Windows and pictures that the network saw. */
  readonly windows?: number;
  /** The kind of problem, if any. */
  readonly problem?: string;
}

export interface AppOptions extends PageRules {
  readonly shelf: ModelShelf;
  readonly threads: AnswerThreads;
  readonly held: HeldBytes;
  readonly limits: ServeLimits;
  readonly metrics: ServeMetrics;
  readonly isStopping: () => boolean;
  readonly onAnswered: (request: AnsweredRequest) => void;
  /** Told of faults of the server itself. */
  readonly onFault: (error: unknown, requestId: string) => void;
}

type RequestFacts = {
  -readonly [Fact in "bytes" | "model" | "version" | "windows" | "problem"]?: AnsweredRequest[Fact];
};

interface Variables {
  readonly requestId: string;
  /** Filled in as the request goes on. */
  readonly facts: RequestFacts;
}

type App = { Bindings: HttpBindings; Variables: Variables };

/** Addresses that tell nothing about anyone, for those who watch over the process. */
const OPEN_PATHS = ["/healthz", "/readyz", "/openapi.json"];

/** Types of bodies that are no files. A form of a page and what curl says by default are taken for bytes. */
const NO_FILES = /^(application\/(json|xml|.*\+json|.*\+xml)|text\/)/i;

/** Problems that pass. */
const AGAIN: readonly ProblemKind[] = ["busy", "unavailable"];

/** The time after which they may have passed. */
const RETRY_SECONDS = "1";

const CLIENT_GONE = 499;

export function serveApp(options: AppOptions): Hono<App> {
  const { shelf, keys, limits, metrics, origins, isStopping } = options;
  const app = new Hono<App>();

  app.use(async (context, next) => {
    const begin = performance.now();
    const { incoming, outgoing } = context.env;
    const id = requestIdOf(context.req.header("x-request-id"));
    const facts: RequestFacts = {};
    context.set("requestId", id);
    context.set("facts", facts);
    outgoing.once("close", () => {
      const seconds = (performance.now() - begin) / 1000;
      const status = outgoing.writableFinished ? outgoing.statusCode : CLIENT_GONE;
      metrics.request(routeOf(context.req.path, shelf), methodOf(incoming.method), status, seconds);
      if (facts.problem !== undefined) metrics.problem(facts.problem);
      options.onAnswered({
        id,
        method: incoming.method ?? "",
        path: context.req.path,
        status,
        seconds,
        bytes: 0,
        ...facts,
      });
    });
    await next();
    endUnlessRead(outgoing, limits.receiveSeconds, () => (facts.problem ??= NOT_READ));
    context.header("X-Request-Id", id);
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Cache-Control", "no-store");
    // A connection that is kept would get no further answer.
    if (isStopping()) context.header("Connection", "close");
  });
  app.use(async (context, next) => {
    requireKnownPage(context.env.incoming, options);
    await next();
  });
  if (origins.length > 0) {
    app.use(
      cors({
        origin: (origin) => (origins.includes("*") || origins.includes(origin) ? origin : null),
        allowMethods: ["GET", "POST"],
        allowHeaders: ["Authorization", "X-API-Key", "Content-Type", "X-Request-Id"],
        exposeHeaders: ["X-Request-Id", "Retry-After"],
        maxAge: 600,
      }),
    );
  }
  app.use(async (context, next) => {
    const { authorization, "x-api-key": apiKey } = context.req.header();
    if (!OPEN_PATHS.includes(context.req.path) && !keys.allows({ authorization, apiKey })) {
      throw new RequestProblem(
        "unauthorized",
        "send a key: Authorization: Bearer <key>, or X-API-Key: <key>",
        {
          "WWW-Authenticate": "Bearer",
        },
      );
    }
    await next();
  });

  app.get("/healthz", (context) => context.json({ status: "ok" }));
  app.get("/readyz", (context) => {
    if (isStopping()) return context.json({ status: "stopping" }, 503);
    return shelf.isReady ? context.json({ status: "ok" }) : context.json({ status: "loading" }, 503);
  });
  app.get("/openapi.json", (context) => context.json(openApiDocument(keys.areNeeded)));
  app.get("/metrics", async (context) => {
    const { body, type } = await metrics.text();
    return context.body(body, 200, { "Content-Type": type });
  });
  app.get("/v1/model", (context) => context.json(shelf.info()));
  app.get("/v1/models", (context) =>
    context.json({ models: shelf.names.map((name) => shelf.info(name)), default: shelf.names[0] }),
  );
  app.get("/v1/models/:name", (context) => context.json(shelf.info(context.req.param("name"))));
  app.post("/v1/predict", (context) => {
    const query = queryOf(context);
    return predict(context, query, query.model, options);
  });
  app.post("/v1/models/:name/predict", (context) =>
    predict(context, queryOf(context), context.req.param("name"), options),
  );

  app.notFound((context) => {
    const { path, method } = context.req;
    const allowed = methodsOf(path, app);
    if (allowed.length > 0 && !allowed.includes(method)) {
      const detail = `${path} takes ${allowed.join(", ")}; got ${method}`;
      return respond(
        context,
        new RequestProblem("method-not-allowed", detail, { Allow: allowed.join(", ") }),
        limits,
      );
    }
    return respond(
      context,
      new RequestProblem("not-found", "no such address; /openapi.json lists all"),
      limits,
    );
  });
  app.onError((error, context) => {
    const problem = problemOf(error);
    if (problem) return respond(context, problem, limits);
    options.onFault(error, context.get("requestId"));
    return respond(
      context,
      new RequestProblem("internal", "the server's log has the reason, by the request's id"),
      limits,
    );
  });
  return app;
}

async function predict(
  context: Context<App>,
  query: Query,
  name: string | undefined,
  { shelf, threads, held, limits, isStopping }: AppOptions,
): Promise<Response> {
  if (isStopping()) throw new RequestProblem("unavailable", "the server stops");
  const content = contentOf(context);
  const facts = context.get("facts");
  // Before the body is read: whoever is refused need not send it.
  if (threads.isFull) throw busy();
  const lent = shelf.lend(name);
  try {
    const { incoming } = context.env;
    const body = await readBody(incoming, { most: limits.bytes, seconds: limits.receiveSeconds, held });
    facts.bytes = body.bytes.length;
    try {
      if (body.bytes.length === 0)
        throw new RequestProblem("bad-request", "the body is empty: send a file's bytes");
      const answer: TaskAnswer = await threads.answer({
        version: lent,
        signal: goneSignal(context),
        bytes: body.bytes,
        content,
        hop: query.hop,
        windows: query.windows !== "false",
        answerer: { model: lent.name, version: lent.version },
      });
      facts.windows = answer.windows;
      return context.body(answer.body, 200, { "Content-Type": "application/json" });
    } finally {
      body.release();
    }
  } finally {
    facts.model = lent.name;
    facts.version = lent.version;
    lent.release();
  }
}

/** Ends the connection of a client that does not take its answer, which the server would hold. @param tell is called before */
function endUnlessRead(outgoing: HttpBindings["outgoing"], seconds: number, tell: () => void): void {
  if (outgoing.destroyed) return;
  const timer = setTimeout(() => {
    tell();
    outgoing.destroy();
  }, seconds * 1000);
  outgoing.once("close", () => clearTimeout(timer));
}

/** Aborts when the client goes away. */
function goneSignal({ env: { outgoing } }: Context<App>): AbortSignal {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort(new RequestProblem("bad-request", "the client went away")));
  return gone.signal;
}

function contentOf(context: Context<App>): AnswerTask["content"] {
  const encoding = context.req.header("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new RequestProblem(
      "unsupported-type",
      `Content-Encoding: ${JSON.stringify(encoding.slice(0, 50))}; send the file as it is`,
    );
  }
  const type = context.req.header("content-type") ?? "";
  if (/^multipart\/form-data\b/i.test(type)) return { kind: "form", type };
  if (NO_FILES.test(type) || /^multipart\//i.test(type)) {
    throw new RequestProblem(
      "unsupported-type",
      `Content-Type: ${JSON.stringify(type.slice(0, 100))}; send a recording's or picture's bytes, or a form of files (multipart/form-data)`,
    );
  }
  return { kind: "file" };
}

function queryOf(context: Context<App>): Query {
  const parsed = querySchema.safeParse({ ...context.req.query() });
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new RequestProblem(
    "bad-request",
    `query${path.length > 0 ? ` ${path.join(".").slice(0, 50)}` : ""}: ${message.slice(0, 200)}`,
  );
}

async function respond(
  context: Context<App>,
  problem: RequestProblem,
  { bytes, receiveSeconds }: ServeLimits,
): Promise<Response> {
  context.get("facts").problem = problem.kind;
  const { incoming } = context.env;
  // A client that is told to close has had its time, or sends too much.
  const isKept =
    problem.headers.Connection !== "close" &&
    (await discardBody(incoming, { most: bytes, seconds: receiveSeconds }));
  const details = problemDetails(problem, context.get("requestId"));
  return context.body(JSON.stringify(details), problem.status, {
    "Content-Type": PROBLEM_TYPE,
    ...(AGAIN.includes(problem.kind) && { "Retry-After": RETRY_SECONDS }),
    ...(!isKept && { Connection: "close" }),
    ...problem.headers,
  });
}

/** The methods that an address has. */
function methodsOf(path: string, app: Hono<App>): string[] {
  const matches = (pattern: string) =>
    new RegExp(`^${pattern.replaceAll(/:\w+/g, "[^/]+").replaceAll(".", "\\.")}$`).test(path);
  return app.routes
    .filter(({ method, path: pattern }) => method !== "ALL" && matches(pattern))
    .map(({ method }) => method);
}

/** Addresses as metrics name them: of a bounded number. */
function routeOf(path: string, { names }: ModelShelf): string {
  const [, first, second, third, fourth] = path.split("/");
  if (first === "v1" && second === "models" && third !== undefined) {
    const isKnown = names.includes(decodeURIComponentSafe(third));
    return isKnown && (fourth === undefined || fourth === "predict")
      ? ["/v1/models/:name", ...(fourth ? [fourth] : [])].join("/")
      : "other";
  }
  return [...OPEN_PATHS, "/metrics", "/v1/model", "/v1/models", "/v1/predict"].includes(path)
    ? path
    : "other";
}

function methodOf(method = ""): string {
  return ["GET", "HEAD", "POST", "OPTIONS"].includes(method) ? method : "other";
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
