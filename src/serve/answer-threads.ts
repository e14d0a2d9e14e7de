/** @file The threads that decode: a queue before them, and an end for those that take too long. Node only. */

import { Worker } from "node:worker_threads";
import type {
  AnswerLimits,
  AnswerTask,
  FromAnswerer,
  SentModel,
  TaskAnswer,
  ToAnswerer,
} from "./messages.ts";
import { RequestProblem } from "./problem.ts";

const SCRIPT = new URL("answer-worker.js", import.meta.url);

/** A request for an answer, before it has a number. */
export interface AnswerRequest extends Omit<AnswerTask, "id" | "key"> {
  readonly version: AnsweringVersion;
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal;
}

/** A version of a model as answering threads need it. */
export interface AnsweringVersion {
  readonly key: number;
  readonly model: SentModel;
  /** Computes windows. @throws RequestProblem where it cannot */
  compute(data: Float32Array, count: number): Promise<Float32Array>;
}

export interface AnswerThreadsOptions {
  readonly threads: number;
  /** Requests that wait; more are refused. */
  readonly queue: number;
  /** Seconds in which a request is answered, from when a thread takes it. */
  readonly seconds: number;
  readonly limits: AnswerLimits;
  /** Told of a thread that ended by itself. */
  readonly onCrash: (reason: string) => void;
}

interface Job {
  readonly request: AnswerRequest;
  /** Takes it out of the queue when nobody waits any longer. */
  readonly leave: () => void;
  readonly resolve: (answer: TaskAnswer) => void;
  readonly reject: (error: unknown) => void;
}

export class AnswerThreads {
  private readonly options: AnswerThreadsOptions;
  private waiting: Job[] = [];
  private readonly threads: AnswerThread[];
  private id = 0;

  constructor(options: AnswerThreadsOptions) {
    this.options = options;
    this.threads = Array.from(
      { length: options.threads },
      () => new AnswerThread(options, () => this.next()),
    );
  }

  /** Requests that wait for a thread. */
  get queued(): number {
    return this.waiting.length;
  }

  /** Requests that threads have. */
  get busy(): number {
    return this.threads.filter(({ isFree }) => !isFree).length;
  }

  /** Whether one more request would be refused. */
  get isFull(): boolean {
    return this.waiting.length >= this.options.queue && this.threads.every(({ isFree }) => !isFree);
  }

  /** @throws RequestProblem where there is no answer; the signal's reason where nobody waits any longer */
  answer(request: AnswerRequest): Promise<TaskAnswer> {
    if (this.isFull) return Promise.reject(busy());
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.waiting = this.waiting.filter((other) => other !== job);
        reject(request.signal.reason);
      };
      const job = { request, leave, resolve, reject };
      this.waiting.push(job);
      request.signal.addEventListener("abort", leave);
      this.next();
    });
  }

  /** Lets all threads forget a version. */
  forget(key: number): void {
    for (const thread of this.threads) thread.forget(key);
  }

  async end(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.end()));
  }

  private next(): void {
    for (const thread of this.threads) {
      if (!thread.isFree) continue;
      const job = this.waiting.shift();
      if (!job) return;
      const { request, leave, resolve, reject } = job;
      // A live connection's signal outlives its requests, and would hold the sound of them all.
      request.signal.removeEventListener("abort", leave);
      thread.answer(request, this.id++).then(resolve, reject);
    }
  }
}

/** The refusal of a request for which there is no room. */
export function busy(): RequestProblem {
  return new RequestProblem("busy", "as many requests wait as the server holds: try again later");
}

/** One thread, started anew after its end. */
class AnswerThread {
  private readonly options: AnswerThreadsOptions;
  private readonly onFree: () => void;
  private worker: Worker | undefined;
  /** The versions that the thread has. */
  private readonly known = new Set<number>();
  private current:
    | { version: AnsweringVersion; done: (message: FromAnswerer) => void; died: (why: string) => void }
    | undefined;

  constructor(options: AnswerThreadsOptions, onFree: () => void) {
    this.options = options;
    this.onFree = onFree;
    this.worker = this.start();
  }

  get isFree(): boolean {
    return this.current === undefined;
  }

  async answer(request: AnswerRequest, id: number): Promise<TaskAnswer> {
    const { version, bytes, content, hop, windows, answerer } = request;
    const worker = (this.worker ??= this.start());
    let timer: NodeJS.Timeout | undefined;
    try {
      const message = await new Promise<FromAnswerer>((resolve, reject) => {
        this.current = {
          version,
          done: resolve,
          died: (why) => {
            this.options.onCrash(why);
            reject(
              new RequestProblem("internal", "the thread that decoded it ended: the content may be damaged"),
            );
          },
        };
        timer = setTimeout(() => {
          this.drop(worker);
          reject(
            new RequestProblem(
              "answer-timeout",
              `it took longer than ${this.options.seconds} s: send less at a time`,
            ),
          );
        }, this.options.seconds * 1000);
        if (!this.known.has(version.key))
          post(worker, { kind: "model", key: version.key, model: version.model });
        this.known.add(version.key);
        const task = { id, key: version.key, bytes, content, hop, windows, answerer };
        post(worker, { kind: "task", task }, [bytes.buffer]);
      });
      if (message.kind === "answer") return message.answer;
      if (message.kind === "problem") {
        if (message.problem === "internal") throw new Error(message.detail);
        throw new RequestProblem(message.problem, message.detail);
      }
      throw new Error(`unexpected message ${message.kind}`);
    } finally {
      clearTimeout(timer);
      this.current = undefined;
      this.onFree();
    }
  }

  forget(key: number): void {
    if (this.known.delete(key) && this.worker) post(this.worker, { kind: "forget", key });
  }

  async end(): Promise<void> {
    const { worker } = this;
    if (!worker) return;
    this.drop(worker);
    await worker.terminate();
  }

  private start(): Worker {
    const worker = new Worker(SCRIPT, { workerData: this.options.limits });
    this.known.clear();
    worker.on("message", (message: FromAnswerer) => this.receive(worker, message));
    worker.on("error", (error: unknown) => this.crashed(worker, String(error)));
    worker.on("exit", (code) => this.crashed(worker, `it ended with code ${code}`));
    return worker;
  }

  /** Gives a thread up: what still comes of it is not heard. */
  private drop(worker: Worker): void {
    if (this.worker === worker) this.worker = undefined;
    void worker.terminate();
  }

  private crashed(worker: Worker, why: string): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    this.current?.died(why);
  }

  private receive(worker: Worker, message: FromAnswerer): void {
    const { current } = this;
    if (this.worker !== worker || !current) return;
    if (message.kind !== "windows") return current.done(message);
    const { call, data, count } = message;
    current.version.compute(data, count).then(
      (outputs) => this.tell(worker, { kind: "outputs", call, outputs }),
      (error: unknown) => {
        const problem =
          error instanceof RequestProblem
            ? error
            : new RequestProblem("internal", `the network failed: ${String(error)}`);
        this.tell(worker, { kind: "refused", call, problem: problem.kind, detail: problem.message });
      },
    );
  }

  private tell(worker: Worker, message: ToAnswerer): void {
    if (this.worker === worker) post(worker, message);
  }
}

function post(worker: Worker, message: ToAnswerer, transfer: ArrayBuffer[] = []): void {
  worker.postMessage(message, transfer);
}
