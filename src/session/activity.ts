/** @file Work that takes a while: its events as they come, its end, and how it is stopped. Browser-safe. */

/** The kinds of events of which, of several that nobody has read yet, the last one alone is kept. */
const OVERTAKEN: readonly string[] = ["obtaining", "preparing", "batch", "ascent"];

/** An event of any kind. */
export interface AnyEvent {
  readonly kind: string;
}

/**
 * Work that is going on. Its events can be taken once, from the first one on: by a loop, which stops the work when it is left, or
 * by `listen`.
 *
 * @example
 * for await (const event of session.train({ data })) if (event.kind === "epoch") show(event.metrics);
 */
export interface Activity<Event extends AnyEvent, Result> extends AsyncIterable<Event> {
  /** Ends the work as soon as that leaves everything whole: a training after the step at hand. */
  stop(): void;
  /**
   * Calls a function with each event, in the thread of the session at the moment when it happens: none is overtaken by another.
   * @returns the result
   * @throws as `result`, and the function's own error, which stops the work
   */
  listen(show: (event: Event) => void): Promise<Result>;
  /** Waits for the end. @throws the error with which the work failed, or "AbortError" where it was stopped and has no result. */
  result(): Promise<Result>;
}

/** The receiver of an activity's events and its end. */
export interface ActivityEnd<Event extends AnyEvent, Result> {
  event(event: Event): void;
  done(result: Result): void;
  failed(error: unknown): void;
}

/**
 * Begins work.
 * @param begin is given the receiver of its events, and called at once
 * @param stop is called once at most
 */
export function beginActivity<Event extends AnyEvent, Result>(
  begin: (end: ActivityEnd<Event, Result>) => void,
  stop: () => void,
): Activity<Event, Result> {
  const queue = new Queue<Event, Result>(stop);
  begin(queue);
  return queue;
}

/** Begins work that a signal stops, and whose end is that of a promise. */
export function runActivity<Event extends AnyEvent, Result>(
  run: (emit: ActivityEnd<Event, Result>["event"], signal: AbortSignal) => Promise<Result>,
): Activity<Event, Result> {
  const stopping = new AbortController();
  return beginActivity<Event, Result>(
    (end) => {
      run((event) => end.event(event), stopping.signal).then(
        (result) => end.done(result),
        (error: unknown) => end.failed(error),
      );
    },
    () => stopping.abort(),
  );
}

type Ending<Result> = { readonly result: Result } | { readonly error: unknown };

class Queue<Event extends AnyEvent, Result> implements Activity<Event, Result>, ActivityEnd<Event, Result> {
  private readonly waiting: Event[] = [];
  private readonly stopWork: () => void;
  private isStopped = false;
  private listener: ((event: Event) => void) | undefined;
  private ending: Ending<Result> | undefined;
  private wake: (() => void)[] = [];

  constructor(stopWork: () => void) {
    this.stopWork = stopWork;
  }

  event(event: Event): void {
    if (this.listener) return this.listener(event);
    if (OVERTAKEN.includes(event.kind) && this.waiting.at(-1)?.kind === event.kind) this.waiting.pop();
    this.waiting.push(event);
    this.wakeAll();
  }

  done(result: Result): void {
    this.end({ result });
  }

  failed(error: unknown): void {
    this.end({ error });
  }

  stop(): void {
    if (this.isStopped || this.ending) return;
    this.isStopped = true;
    this.stopWork();
  }

  async listen(show: (event: Event) => void): Promise<Result> {
    let failure: { readonly error: unknown } | undefined;
    this.listener = (event) => {
      if (failure) return;
      try {
        show(event);
      } catch (error) {
        failure = { error };
        this.stop();
      }
    };
    for (const event of this.waiting.splice(0)) this.listener(event);
    await this.ended();
    if (failure) throw failure.error;
    return this.result();
  }

  async result(): Promise<Result> {
    const ending = await this.ended();
    if ("error" in ending) throw ending.error;
    return ending.result;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void> {
    try {
      for (;;) {
        const event = this.waiting.shift();
        if (event !== undefined) yield event;
        else if (this.ending) break;
        else await this.woken();
      }
    } finally {
      // Whoever leaves the loop finds the work at its end, and everything written.
      this.stop();
      await this.ended();
    }
    await this.result();
  }

  private async ended(): Promise<Ending<Result>> {
    for (;;) {
      if (this.ending) return this.ending;
      await this.woken();
    }
  }

  private woken(): Promise<void> {
    return new Promise((resolve) => this.wake.push(resolve));
  }

  private end(ending: Ending<Result>): void {
    this.ending = ending;
    this.wakeAll();
  }

  private wakeAll(): void {
    const waiting = this.wake;
    this.wake = [];
    for (const wake of waiting) wake();
  }
}
