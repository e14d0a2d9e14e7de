/** @file A version of a model: its network computes in a thread of its own. Node only. */

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { AuricleError } from "../errors.ts";
import type { BatchNetwork, Part } from "./batches.ts";
import type { FromNetwork, OpenNetwork, SentModel, ToNetwork } from "./messages.ts";
import { RequestProblem } from "./problem.ts";

const SCRIPT = new URL("network-worker.js", import.meta.url);

export class NetworkThread implements BatchNetwork {
  readonly model: SentModel;
  readonly bitClasses: readonly number[];
  readonly warnings: readonly string[];
  /** Resolves with the reason when the thread has ended without being told to. */
  readonly died: Promise<string>;
  private readonly worker: Worker;
  private pending:
    | {
        readonly resolve: (outputs: readonly Float32Array[]) => void;
        readonly reject: (error: unknown) => void;
      }
    | undefined;
  private isEnding = false;
  private hasEnded = false;

  /** @throws AuricleError "file" and others as `openTrainedModel`, when the model cannot be served */
  static async open(options: OpenNetwork): Promise<NetworkThread> {
    const worker = new Worker(SCRIPT, { workerData: options });
    const ready = await new Promise<Extract<FromNetwork, { kind: "ready" }>>((resolve, reject) => {
      worker.once("message", (message: FromNetwork) => {
        if (message.kind === "ready") resolve(message);
        else reject(new AuricleError("file", message.kind === "failed" ? message.message : "no model"));
      });
      worker.once("error", reject);
      worker.once("exit", (code) =>
        reject(
          new AuricleError(
            "unsupported",
            `${options.place}: the thread that loads it ended with code ${code}`,
          ),
        ),
      );
    });
    return new NetworkThread(worker, ready);
  }

  private constructor(
    worker: Worker,
    { model, bitClasses, warnings }: Extract<FromNetwork, { kind: "ready" }>,
  ) {
    this.worker = worker;
    this.model = model;
    this.bitClasses = bitClasses;
    this.warnings = warnings;
    worker.on("message", (message: FromNetwork) => this.receive(message));
    this.died = new Promise((resolve) => {
      worker.on("error", (error: unknown) => resolve(String(error)));
      worker.on("exit", (code) => {
        this.hasEnded = true;
        this.pending?.reject(gone());
        if (!this.isEnding) resolve(`it ended with code ${code}`);
      });
    });
  }

  /** One at a time. */
  run(parts: readonly Part[]): Promise<readonly Float32Array[]> {
    // Whoever still has this version would wait for ever, and all others with it.
    if (this.hasEnded) return Promise.reject(gone());
    return new Promise((resolve, reject) => {
      this.pending = { resolve, reject };
      const data = parts.map((part) => part.data);
      this.post({ kind: "run", parts: data, counts: parts.map(({ count }) => count) }, [
        ...new Set(data.map(({ buffer }) => buffer as ArrayBuffer)),
      ]);
    });
  }

  /** Ends the thread when it has computed what it was given. */
  async end(): Promise<void> {
    if (this.hasEnded) return;
    this.isEnding = true;
    const ended = once(this.worker, "exit");
    this.post({ kind: "end" });
    await ended;
  }

  private receive(message: FromNetwork): void {
    const { pending } = this;
    this.pending = undefined;
    if (message.kind === "ran") pending?.resolve(message.outputs);
    else if (message.kind === "failed") pending?.reject(new Error(message.message));
  }

  private post(message: ToNetwork, transfer: ArrayBuffer[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}

function gone(): RequestProblem {
  return new RequestProblem("unavailable", "the model's thread has ended and is started again: try again");
}
