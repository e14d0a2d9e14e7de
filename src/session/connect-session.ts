/** @file The end of a session's channel in the thread that uses it. Browser-safe. */

import { AuricleError } from "../errors.ts";
import { beginActivity, type Activity, type ActivityEnd, type AnyEvent } from "./activity.ts";
import { errorAgain, type Answer, type Method, type Request, type SessionPort } from "./messages.ts";
import type { Session } from "./session.ts";

/**
 * Uses the session of another thread, which has called `serveSession`: nothing that it computes keeps this thread waiting.
 *
 * @example
 * const session = connectSession(new Worker(new URL("./worker.js", import.meta.url), { type: "module" }));
 * @param port a worker, or a port that leads to one. Ports of Node.js come from its MessageChannel.
 */
export function connectSession(port: SessionPort): Session {
  const calls = new Calls(port);
  const activity =
    <Event extends AnyEvent, Result>(method: Method) =>
    (...given: unknown[]): Activity<Event, Result> =>
      calls.activity<Event, Result>(method, given);
  const promise =
    <Result>(method: Method) =>
    (...given: unknown[]): Promise<Result> =>
      calls.activity<AnyEvent, Result>(method, given).result();
  return {
    openFiles: promise("openFiles"),
    kindOf: promise("kindOf"),
    describe: promise("describe"),
    inspectData: activity("inspectData"),
    prepare: activity("prepare"),
    plan: activity("plan"),
    dryRun: activity("dryRun"),
    overfitOneBatch: activity("overfitOneBatch"),
    learningRate: activity("learningRate"),
    train: activity("train"),
    trainSeeds: activity("trainSeeds"),
    resume: activity("resume"),
    hasRun: promise("hasRun"),
    findRun: promise("findRun"),
    evaluate: activity("evaluate"),
    predict: activity("predict"),
    explain: activity("explain"),
    activations: activity("activations"),
    maximizeActivation: activity("maximizeActivation"),
    inspect: promise("inspect"),
    weights: promise("weights"),
    embeddingMap: activity("embeddingMap"),
    embedFiles: activity("embedFiles"),
    features: activity("features"),
    strongestPlaces: activity("strongestPlaces"),
    layerTimes: promise("layerTimes"),
    runs: promise("runs"),
  };
}

class Calls {
  private readonly port: SessionPort;
  /** By id: those that wait for answers. */
  private readonly waiting = new Map<number, ActivityEnd<never, never>>();
  private nextId = 0;
  private failure: AuricleError | undefined;

  constructor(port: SessionPort) {
    this.port = port;
    port.addEventListener("message", ({ data }) => this.receive(data as Answer));
    port.addEventListener("error", ({ message }) => this.fail(message));
    port.start?.();
  }

  activity<Event extends AnyEvent, Result>(
    method: Method,
    given: readonly unknown[],
  ): Activity<Event, Result> {
    const id = this.nextId++;
    return beginActivity<Event, Result>(
      (end) => {
        if (this.failure) return end.failed(this.failure);
        this.waiting.set(id, end as ActivityEnd<never, never>);
        try {
          this.post({ kind: "call", id, method, given });
        } catch (error) {
          this.waiting.delete(id);
          end.failed(notSendable(method, error));
        }
      },
      () => this.post({ kind: "stop", id }),
    );
  }

  private post(request: Request): void {
    this.port.postMessage(request, []);
  }

  private receive(answer: Answer): void {
    const end = this.waiting.get(answer.id);
    if (!end) return;
    if (answer.kind === "event") return end.event(answer.event as never);
    this.waiting.delete(answer.id);
    if (answer.kind === "result") end.done(answer.result as never);
    else end.failed(errorAgain(answer.error));
  }

  private fail(message = "its script could not be loaded"): void {
    this.failure = new AuricleError("unsupported", `the session's worker failed: ${message}`);
    for (const end of this.waiting.values()) end.failed(this.failure);
    this.waiting.clear();
  }
}

function notSendable(method: Method, cause: unknown): AuricleError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AuricleError(
    "argument",
    `${method}: what it is given cannot be sent to another thread: ${reason}`,
    {
      cause,
    },
  );
}
