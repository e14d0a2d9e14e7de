/** @file The newest seconds of sound that comes piece by piece. Imports nothing of Node.js but its buffers. */

import { RequestProblem } from "./problem.ts";
import type { LiveStart } from "./schemas.ts";

/** The newest samples, and where they are. */
export interface NewestSound {
  /** In seconds from the first sample that came. */
  readonly start: number;
  readonly end: number;
  readonly samples: Float32Array<ArrayBuffer>;
}

/** The last window of one channel. */
export class LiveSound {
  /** In Hz. */
  readonly sampleRate: number;
  /** In seconds. */
  readonly hop: number;
  private readonly format: LiveStart["format"];
  /** A ring: a message of one sample costs no more than its sample, whatever the window. */
  private readonly ring: Float32Array;
  /** Samples that have come. */
  private received = 0;
  private dueAt: number;

  /** @param windowSeconds the seconds that an answer is about */
  constructor({ sampleRate, format, hop = 1 }: Omit<LiveStart, "apiKey">, windowSeconds: number) {
    this.sampleRate = sampleRate;
    this.format = format;
    this.hop = hop;
    this.ring = new Float32Array(Math.max(1, Math.ceil(windowSeconds * sampleRate)));
    this.dueAt = hop * sampleRate;
  }

  /** Whether a hop has passed since the last `take`. */
  get isDue(): boolean {
    return this.received >= this.dueAt;
  }

  /** @throws RequestProblem for half a sample, and for samples that are no numbers */
  add(bytes: Buffer): void {
    const size = this.format === "f32le" ? 4 : 2;
    if (bytes.length % size !== 0) {
      throw new RequestProblem(
        "bad-request",
        `${bytes.length} bytes are no whole number of samples in ${this.format}`,
      );
    }
    const { ring } = this;
    const count = bytes.length / size;
    // Of more than a window the first ones would be written over.
    for (let i = Math.max(0, count - ring.length); i < count; i++) {
      const at = size * i;
      const sample = size === 4 ? bytes.readFloatLE(at) : bytes.readInt16LE(at) / 32_768;
      if (!Number.isFinite(sample)) throw new RequestProblem("unreadable", "a sample is not a number");
      ring[(this.received + i) % ring.length] = sample;
    }
    this.received += count;
  }

  /** The newest samples, at most a window of them; the next are due a hop later. */
  take(): NewestSound {
    const { ring, received, sampleRate, hop } = this;
    this.dueAt = received + hop * sampleRate;
    const count = Math.min(received, ring.length);
    const samples = new Float32Array(count);
    const oldest = (received - count) % ring.length;
    const untilEnd = ring.subarray(oldest, oldest + count);
    samples.set(untilEnd);
    samples.set(ring.subarray(0, count - untilEnd.length), untilEnd.length);
    return { start: (received - count) / sampleRate, end: received / sampleRate, samples };
  }
}
