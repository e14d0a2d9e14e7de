/** @file The state of a preparation while it goes on: results, problems, progress. Browser-safe. */

import { AuricleError } from "../../../errors.ts";
import type { AudioClip } from "../collection.ts";
import type { FileProblem } from "../../collection/collection.ts";
import type { PreparationTimings } from "./feature-store.ts";
import type { ClipFeatures, ProcessorMessage } from "./workers/messages.ts";

export interface PreparationProgress {
  /** Clips that are done with, those with a problem included. */
  readonly done: number;
  readonly clips: number;
  /** Clips whose features were in the cache. */
  readonly cached: number;
  /** Seconds of audio decoded so far. */
  readonly audioSeconds: number;
  /** Seconds of audio decoded per second by the clock, over the whole preparation so far. */
  readonly rate: number;
}

/** As many problems as a message names. */
const NAMED_PROBLEMS = 10;

type Outcome = { readonly features: ClipFeatures } | { readonly problem: string };

export class Preparation {
  private readonly clips: readonly AudioClip[];
  private readonly stepBytes: number;
  private readonly memoryLimit: number;
  private readonly onProgress: ((progress: PreparationProgress) => void) | undefined;
  private readonly outcomes: (Outcome | undefined)[];
  private readonly start = performance.now();
  private readonly seconds = { hash: 0, decode: 0, features: 0, cache: 0 };
  private cacheProblem: string | undefined;
  private bytesInMemory = 0;
  private done = 0;
  private cached = 0;
  private audioSeconds = 0;

  /** @param stepBytes the size of one step of features */
  constructor(
    clips: readonly AudioClip[],
    stepBytes: number,
    memoryLimit: number,
    onProgress: ((progress: PreparationProgress) => void) | undefined,
  ) {
    this.clips = clips;
    this.stepBytes = stepBytes;
    this.memoryLimit = memoryLimit;
    this.onProgress = onProgress;
    this.outcomes = clips.map(() => undefined);
  }

  /** @throws AuricleError "file" when features can be kept neither in the cache nor in memory. */
  receive(message: ProcessorMessage): void {
    switch (message.kind) {
      case "content":
        return;
      case "decoded":
        this.audioSeconds += message.seconds;
        break;
      case "cacheProblem":
        this.cacheProblem ??= message.problem;
        return;
      case "problem":
        this.settle(message.clip, { problem: message.problem });
        break;
      case "clip":
        if (message.cached) this.cached++;
        if (message.features.features) this.countMemory(message.features.steps);
        this.settle(message.clip, { features: message.features });
        break;
      case "end":
        for (const stage of ["hash", "decode", "features", "cache"] as const) {
          this.seconds[stage] += message.seconds[stage];
        }
        return;
    }
    this.report();
  }

  /** Paths of the features in the cache. */
  paths(): Set<string> {
    return new Set(this.outcomes.flatMap((one) => (one && "features" in one ? [one.features.path] : [])));
  }

  /** @throws AuricleError "data" when no clip is left, or, where all are wanted, when one has a problem. */
  checkProblems(strict: boolean): void {
    const unusable = this.outcomes.filter((outcome) => outcome && "problem" in outcome).length;
    if (unusable === 0 || (!strict && unusable < this.clips.length)) return;
    const problems = this.problems();
    const named = problems.slice(0, NAMED_PROBLEMS).map(({ path, problem }) => `  ${path}: ${problem}`);
    const others = problems.length - named.length;
    if (others > 0) named.push(`  and ${others} more`);
    throw new AuricleError(
      "data",
      [`${unusable} of ${this.clips.length} clips cannot be used:`, ...named].join("\n"),
    );
  }

  results() {
    return {
      clips: this.clips.map((clip, i) => {
        const outcome = this.outcomes[i];
        return { clip, features: outcome && "features" in outcome ? outcome.features : undefined };
      }),
      problems: this.problems(),
      warnings: this.warnings(),
      cacheProblem: this.cacheProblem,
      timings: { ...this.seconds, total: this.elapsed() } satisfies PreparationTimings,
    };
  }

  private problems(): FileProblem[] {
    return this.saidOnce((outcome) => ("problem" in outcome ? [outcome.problem] : []));
  }

  private warnings(): FileProblem[] {
    return this.saidOnce((outcome) => ("features" in outcome ? outcome.features.warnings : []));
  }

  /** Collects problems from the outcomes of all clips, listing each problem of a file once however many clips have it. */
  private saidOnce(problemsOf: (outcome: Outcome) => readonly string[]): FileProblem[] {
    const found = new Map<string, FileProblem>();
    this.outcomes.forEach((outcome, i) => {
      const { path } = this.clips[i];
      for (const problem of outcome ? problemsOf(outcome) : []) {
        found.set(`${path}\n${problem}`, { path, problem });
      }
    });
    return [...found.values()];
  }

  private settle(clip: number, outcome: Outcome): void {
    // A file that is changed while it is read is begun again.
    if (this.outcomes[clip] === undefined) this.done++;
    this.outcomes[clip] = outcome;
  }

  private countMemory(steps: number): void {
    this.bytesInMemory += steps * this.stepBytes;
    if (this.bytesInMemory <= this.memoryLimit) return;
    throw new AuricleError(
      "file",
      `features: ${this.cacheProblem}; without the cache they would take more than ` +
        `${Math.round(this.memoryLimit / 1e6)} MB of memory: free some space or choose another cache folder`,
    );
  }

  private elapsed(): number {
    return (performance.now() - this.start) / 1000;
  }

  private report(): void {
    this.onProgress?.({
      done: this.done,
      clips: this.clips.length,
      cached: this.cached,
      audioSeconds: this.audioSeconds,
      rate: this.audioSeconds / Math.max(this.elapsed(), 1e-3),
    });
  }
}
