/** @file Turns of a worker's event loop while it trains: without them no message from the page comes in, such as "stop"; and what a stop ends. */

/** Long enough to cost nothing, short enough for a stop that is felt at once and for curves that move. */
const MILLISECONDS = 40;

/**
 * Makes a function to call after each step: when a turn is due, it calls `before`, which sends what is new to the page, and
 * returns a promise that is kept once messages have come in; else it returns nothing.
 */
export function turnTaker(before: () => void): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < MILLISECONDS) return undefined;
    before();
    return new Promise((resolve) =>
      setTimeout(() => {
        last = performance.now();
        resolve();
      }, 0),
    );
  };
}

/** A training, or another long computation, of a worker. */
export interface Run {
  /** Aborted by a stop, and by a newer run. */
  readonly signal: AbortSignal;
  /** Whether no other has begun since: a run that was stopped still tells how far it came, one that was replaced does not. */
  readonly isNewest: boolean;
}

/** Runs of which only the newest goes on. */
export class Runs {
  private newest: AbortController | undefined;

  begin(): Run {
    this.stop();
    const mine = new AbortController();
    this.newest = mine;
    const isNewest = () => this.newest === mine;
    return {
      signal: mine.signal,
      get isNewest() {
        return isNewest();
      },
    };
  }

  stop(): void {
    this.newest?.abort();
  }
}
