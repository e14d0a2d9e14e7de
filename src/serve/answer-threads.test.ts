import { EventEmitter, getEventListeners } from "node:events";
import { expect, it, vi } from "vitest";
import { AnswerThreads, type AnswerRequest, type AnsweringVersion } from "./answer-threads.ts";
import type { AnswerLimits, ToAnswerer } from "./messages.ts";

/** A thread that answers in the next turn. */
vi.mock("node:worker_threads", () => ({
  Worker: class extends EventEmitter {
    postMessage({ kind }: ToAnswerer) {
      if (kind !== "task") return;
      setImmediate(() =>
        this.emit("message", { kind: "answer", answer: { body: "{}", windows: 1, problems: [] } }),
      );
    }

    terminate() {
      return Promise.resolve(0);
    }
  },
}));

it("a live connection's signal keeps nothing of the requests that it outlives, answered or left", async () => {
  const threads = new AnswerThreads({
    threads: 1,
    queue: 100,
    seconds: 10,
    limits: {} as AnswerLimits,
    onCrash: (reason) => expect.unreachable(reason),
  });
  const version: AnsweringVersion = {
    key: 1,
    model: {} as AnsweringVersion["model"],
    compute: (data) => Promise.resolve(data),
  };
  const live = new AbortController();
  const request = ({ signal }: AbortController): AnswerRequest => ({
    version,
    signal,
    bytes: new Uint8Array(4),
    content: { kind: "samples", sampleRate: 1000 },
    windows: false,
    answerer: { model: "a", version: 1 },
  });
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 5 }, () => threads.answer(request(live))));
  }
  expect(getEventListeners(live.signal, "abort")).toEqual([]);
  const gone = new AbortController();
  const [answered, left] = [live, gone].map((one) => threads.answer(request(one)));
  gone.abort(new Error("the client went away"));
  await expect(left).rejects.toThrow("the client went away");
  await answered;
  expect([threads.queued, threads.busy]).toEqual([0, 0]);
  await threads.end();
});
