/**
 * @file A training in a worker as the page sees it. It belongs to the settings that it began with: where they change it ends, and what
 * came of it is forgotten.
 */
import { untrack } from "svelte";

export interface LiveTrainingOptions<Request, Results> {
  /** The settings; read again whenever one of them changes. */
  readonly request: () => Request;
  /** The results before any training. */
  readonly none: Results;
  /** Trains, and tells what has changed; ends when the training does. */
  readonly train: (
    request: Request,
    tell: (change: (before: Results) => Results) => void,
  ) => Promise<unknown>;
  /** Asks the worker to end the training at hand. */
  readonly stop: () => unknown;
}

/** Anything that a button starts and stops. */
export interface Startable {
  readonly isRunning: boolean;
  /** Why the last one could not go on, in words. */
  readonly failure: string | undefined;
  start(): unknown;
  stop(): unknown;
}

/** A training of a component, which makes it while it is made itself. */
export class LiveTraining<Request, Results> implements Startable {
  isRunning = $state(false);
  failure = $state<string>();
  /** The results as far as the training has told them. */
  results: Results;

  private readonly options: LiveTrainingOptions<Request, Results>;

  constructor(options: LiveTrainingOptions<Request, Results>) {
    this.options = options;
    this.results = $state.raw(options.none);
    $effect(() => {
      options.request();
      untrack(() => this.forget());
    });
    $effect(() => () => {
      if (this.isRunning) this.stop();
    });
  }

  /** Trains with the settings as they are; a training that runs goes on. */
  async start(): Promise<void> {
    if (this.isRunning) return;
    const { none, request, train } = this.options;
    [this.isRunning, this.failure, this.results] = [true, undefined, none];
    const began = request();
    try {
      await train(began, (change) => {
        if (request() === began) this.results = change(this.results);
      });
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    } finally {
      this.isRunning = false;
    }
  }

  stop(): unknown {
    return this.options.stop();
  }

  private forget(): void {
    const { none } = this.options;
    if (this.results === none && !this.isRunning) return;
    this.results = none;
    if (this.isRunning) void this.stop();
  }
}
