/** @file Time by stage of the work. Browser-safe. */

import type { StageSeconds } from "./messages.ts";

type Stage = keyof StageSeconds;

/** Counts what happens within a measured stretch for its own stage alone. */
export class Stopwatch {
  private readonly milliseconds = { hash: 0, decode: 0, features: 0, cache: 0 };
  /** Milliseconds that stretches within the present one took. */
  private inner = 0;

  get seconds(): StageSeconds {
    const { hash, decode, features, cache } = this.milliseconds;
    return { hash: hash / 1000, decode: decode / 1000, features: features / 1000, cache: cache / 1000 };
  }

  time<T>(stage: Stage, work: () => T): T {
    const outer = this.inner;
    const start = performance.now();
    this.inner = 0;
    try {
      return work();
    } finally {
      const elapsed = performance.now() - start;
      this.milliseconds[stage] += elapsed - this.inner;
      this.inner = outer + elapsed;
    }
  }

  /** For work in which nothing else is measured. */
  async timeAsync<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.milliseconds[stage] += performance.now() - start;
    }
  }
}
