/** @file The end of a session's channel in the thread that computes. Browser-safe. */

import type { Activity, AnyEvent } from "./activity.ts";
import {
  buffersOf,
  plainError,
  type Answer,
  type Request,
  type SessionPort,
  type WorkerScope,
} from "./messages.ts";
import { openSession } from "./open-session.ts";
import type { Session } from "./session.ts";

/**
 * Lets another thread use a session of this one. In a worker of a browser:
 *
 * @example
 * serveSession(self);
 * @param port leads to the thread that calls `connectSession`
 * @param session default: a new one
 */
export function serveSession(port: SessionPort | WorkerScope, session: Session = openSession()): void {
  const going = new Map<number, Activity<AnyEvent, unknown>>();
  const post = (answer: Answer) =>
    send(port, answer, answer.kind === "result" ? buffersOf(answer.result) : []);
  port.addEventListener("message", ({ data }) => {
    const request = data as Request;
    if (request.kind === "stop") going.get(request.id)?.stop();
    else void answer(request);
  });
  if (!isOwnScope(port)) port.start?.();

  async function answer({ id, method, given }: Extract<Request, { kind: "call" }>): Promise<void> {
    try {
      const called = Reflect.apply(session[method], session, given) as
        Promise<unknown> | Activity<AnyEvent, unknown>;
      if (called instanceof Promise) return post({ kind: "result", id, result: await called });
      going.set(id, called);
      const result = await called.listen((event) => post({ kind: "event", id, event }));
      post({ kind: "result", id, result });
    } catch (error) {
      post({ kind: "error", id, error: plainError(error) });
    } finally {
      going.delete(id);
    }
  }
}

/** Ports take a list of what is handed over, in Node.js nothing else; of a worker's own scope, pages' types know the object alone. */
function send(port: SessionPort | WorkerScope, answer: Answer, transfer: Transferable[]): void {
  if (isOwnScope(port)) port.postMessage(answer, { transfer });
  else port.postMessage(answer, transfer);
}

function isOwnScope(port: SessionPort | WorkerScope): port is WorkerScope {
  return Object.is(port, globalThis);
}
