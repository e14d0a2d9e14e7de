/** @file How long reading all examples will take, from the reading of some. Browser-safe. */

import type { TrainingObserver } from "../observer.ts";
import type { PrepareControls } from "../run-kind.ts";

interface Mark {
  /** Examples that were read. */
  readonly done: number;
  /** Milliseconds since the beginning. */
  readonly at: number;
}

/**
 * Times the reading of examples as it goes on. Threads take a while to start, and an archive is opened once: what passes until the
 * first examples are there is counted once, and not for each example.
 */
export class ReadingPace {
  /** Passes everything on to the observer that was given. */
  readonly observer: PrepareControls["observer"];
  private readonly began = performance.now();
  private first: Mark | undefined;
  private last: Mark | undefined;

  constructor(observer: Pick<TrainingObserver, "preparing" | "note" | "warning">) {
    this.observer = {
      note: (text) => observer.note(text),
      warning: (text) => observer.warning(text),
      preparing: (progress) => {
        if (progress.done > 0) {
          this.last = { done: progress.done, at: performance.now() - this.began };
          this.first ??= this.last;
        }
        observer.preparing(progress);
      },
    };
  }

  /** Estimates the seconds for `all` examples, where the reading of some has just ended. */
  secondsFor(all: number): number {
    const { first, last } = this;
    // Nothing is told of examples that need no reading, such as those of an archive.
    if (!first || !last) return (performance.now() - this.began) / 1000;
    const each =
      last.done > first.done ? (last.at - first.at) / (last.done - first.done) : last.at / last.done;
    return (first.at + each * Math.max(0, all - first.done)) / 1000;
  }
}
