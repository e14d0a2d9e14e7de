/** @file The calls of an answering thread to the network's thread. */

import { MOST_WINDOWS } from "./limits.ts";
import { RequestProblem } from "./problem.ts";

interface Waiting {
  readonly resolve: (outputs: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

export class NetworkCalls {
  /** Windows that the request at hand has sent. */
  windows = 0;
  private readonly waiting = new Map<number, Waiting>();
  private readonly send: (call: number, data: Float32Array, count: number) => void;
  private next = 0;

  /** @param send hands over windows with the number of the call */
  constructor(send: (call: number, data: Float32Array, count: number) => void) {
    this.send = send;
  }

  /** Begins with a new request. */
  begin(): void {
    this.windows = 0;
  }

  /** @throws RequestProblem where a request has too many windows, or the network does not answer */
  compute(data: Float32Array, count: number): Promise<Float32Array> {
    this.windows += count;
    if (this.windows > MOST_WINDOWS) {
      throw new RequestProblem(
        "too-long",
        `more than ${MOST_WINDOWS} windows: send less sound at a time, or choose a longer hop`,
      );
    }
    return new Promise((resolve, reject) => {
      const call = this.next++;
      this.waiting.set(call, { resolve, reject });
      this.send(call, data, count);
    });
  }

  answered(call: number, outputs: Float32Array): void {
    this.take(call)?.resolve(outputs);
  }

  refused(call: number, problem: RequestProblem): void {
    this.take(call)?.reject(problem);
  }

  private take(call: number): Waiting | undefined {
    const waiting = this.waiting.get(call);
    this.waiting.delete(call);
    return waiting;
  }
}
