/** @file The worker threads of this process, shared by all programs that use the same number of them. */
import { platform } from "#platform";
import { AuricleError } from "../errors.ts";
import { canShareMemory } from "./arena.ts";
import type { WorkerHandle, WorkerMessage } from "./platform.ts";
import { EventLog, eventMemory, type KernelEvent } from "./event-log.js";
import { activeRecording, type ProgramDescription, type RecordedPool } from "./recording.ts";
import { CONTROL, counterWords, ThreadProgram, waitUntil, wake, type ProgramImage } from "./thread.js";
import { shownValue } from "../shown-value.ts";

/** Threads that can be used here: all processors, or one where memory cannot be shared or this thread may not wait. */
export function usableThreads(): number {
  return canUseThreads() ? Math.max(1, platform.hardwareThreads()) : 1;
}

function canUseThreads(): boolean {
  return canShareMemory() && platform.canBlock();
}

const pools = new Map<number, ThreadPool>();

/**
 * The pool of `threads` threads, the calling one included; made at first use.
 * @throws AuricleError "argument" unless `threads` is a whole number from 1; "unsupported" if there can be one only.
 */
export function threadPool(threads: number): ThreadPool {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new AuricleError("argument", `threads: must be a whole number from 1; got ${shownValue(threads)}`);
  }
  if (threads > 1 && !canUseThreads()) {
    throw new AuricleError(
      "unsupported",
      `threads: memory cannot be shared or this thread may not wait, so there can be 1 only; got ${shownValue(threads)}`,
    );
  }
  let pool = pools.get(threads);
  if (!pool) {
    if (pools.size === 0) platform.beforeEnd(endPools);
    pool = new ThreadPool(threads);
    pools.set(threads, pool);
  }
  return pool;
}

function endPools(): void {
  for (const pool of pools.values()) pool.end();
}

export interface LoadedProgram {
  /** Runs all steps; returns when every thread is done. */
  run(): void;
}

/** No program has this number: it is a command to do nothing, for workers that have messages to read. */
const NO_PROGRAM = 0;

/** The longest that an ending process waits for its workers. Loading takes some milliseconds, more on a busy machine. */
const MOST_END_MILLISECONDS = 30_000;

/** The run of a program that workers are told to do. */
interface Command {
  readonly program: number;
  /** The number of times that the program has run before. */
  readonly run: number;
  readonly recorded: boolean;
}

export class ThreadPool implements RecordedPool {
  readonly threads: number;
  /** The events of each thread while a profile was recorded. */
  private readonly logs: readonly EventLog[];
  private readonly workers: readonly WorkerHandle[];
  private readonly control: Int32Array | undefined;
  private nextProgram = 1;
  /**
   * Frees the workers' part of programs that nothing here refers to any longer, and their machine code. A worker that
   * comes late to a program's last run finds nothing left to do, so it calls none of that code.
   */
  private readonly unused = new FinalizationRegistry<{ id: number; unload: () => void }>(({ id, unload }) => {
    this.post({ kind: "unload", id });
    unload();
  });

  constructor(threads: number) {
    this.threads = threads;
    const { timeOrigin } = performance;
    this.logs = Array.from({ length: threads }, () => new EventLog(eventMemory(), timeOrigin));
    if (threads === 1) {
      this.workers = [];
      return;
    }
    const control = new Int32Array(new SharedArrayBuffer(CONTROL.words * Int32Array.BYTES_PER_ELEMENT));
    Atomics.store(control, CONTROL.messages, 1);
    this.control = control;
    this.workers = Array.from({ length: threads - 1 }, (_, i) => {
      const worker = platform.startWorker((reason) => this.workerFailed(reason));
      const events = this.logs[i + 1].memory;
      worker.post({ kind: "start", control, thread: i + 1, threads, events, timeOrigin });
      return worker;
    });
  }

  /**
   * @param arena has the memory; where that was replaced since, the program goes over to the new one as it runs
   * @param description for profiles
   * @param unload frees the program's code when nothing refers to the program any longer
   */
  load(
    program: Omit<ProgramImage, "counters">,
    arena: { readonly memory: WebAssembly.Memory },
    description: ProgramDescription,
    unload: () => void,
  ): LoadedProgram {
    const id = this.nextProgram++;
    const bytes = counterWords(program.steps.length, this.threads) * Int32Array.BYTES_PER_ELEMENT;
    const counters = new Int32Array(this.control ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
    const image = { ...program, counters };
    const place = () => {
      const { memory } = arena;
      const own = new ThreadProgram(image, platform.runnerOf(program.code, memory), 0, this.threads);
      if (this.control) {
        this.post({ kind: "load", id, image, memory: platform.handleOf(program.code, memory) });
      }
      return { memory, own };
    };
    let placed = place();
    let runs = 0;
    const run = () => {
      if (placed.memory !== arena.memory) placed = place();
      this.run(id, placed.own, runs++, description);
    };
    const loaded: LoadedProgram = { run };
    this.unused.register(loaded, { id, unload });
    return loaded;
  }

  /**
   * Waits until no worker is inside a native add-on, and keeps them from it from now on: this process ends, and stops its
   * threads wherever they are. Programs still run, though no further thread joins in.
   */
  end(): void {
    const { control } = this;
    if (!control) return;
    Atomics.store(control, CONTROL.ending, 1);
    const deadline = performance.now() + MOST_END_MILLISECONDS;
    for (;;) {
      const loading = Atomics.load(control, CONTROL.loading);
      const left = deadline - performance.now();
      if (loading === 0 || left <= 0) return;
      Atomics.wait(control, CONTROL.loading, loading, left);
    }
  }

  clearEvents(): void {
    for (const log of this.logs) log.clear();
  }

  takeEvents(): { events: KernelEvent[][]; lost: number } {
    const { control, logs } = this;
    // The first thread goes on as soon as the last unit is done; the thread that did it has yet to note it down.
    if (control) waitUntil(control, control, CONTROL.recording, (count) => count === 0);
    return {
      events: logs.map((log) => log.events()),
      lost: logs.reduce((sum, log) => sum + log.lost, 0),
    };
  }

  private run(id: number, own: ThreadProgram, runs: number, description: ProgramDescription): void {
    const { control } = this;
    const recording = activeRecording();
    const log = recording?.kernels ? this.logs[0] : undefined;
    if (log) {
      recording?.beginRun(this, id, description);
      log.beginRun(id, runs);
    }
    if (!control) {
      if (log) own.recordAlone(log);
      else own.runAlone();
      return;
    }
    if (Atomics.load(control, CONTROL.failed) !== 0) {
      throw new AuricleError("unsupported", "threads: a worker thread has failed; start the process again");
    }
    this.command({ program: id, run: runs, recorded: log !== undefined });
    try {
      if (log) own.recordShared(control, runs, log);
      else own.runShared(control, runs);
    } catch (error) {
      // The others wait for units that this thread has taken and will never finish.
      Atomics.store(control, CONTROL.failed, 1);
      throw error;
    }
  }
  /** Sends every worker a message, which it receives before it obeys any later command. */
  private post(message: WorkerMessage): void {
    if (!this.control) return;
    // Counted first: a worker that misses one waits for it.
    Atomics.add(this.control, CONTROL.messages, 1);
    for (const worker of this.workers) worker.post(message);
    // A worker sleeps until there is a command, whatever messages it has.
    this.command({ program: NO_PROGRAM, run: 0, recorded: false });
  }

  private command({ program, run, recorded }: Command): void {
    const { control } = this;
    if (!control) return;
    Atomics.add(control, CONTROL.command, 1);
    Atomics.store(control, CONTROL.program, program);
    Atomics.store(control, CONTROL.run, run);
    Atomics.store(control, CONTROL.recorded, recorded ? 1 : 0);
    Atomics.add(control, CONTROL.command, 1);
    wake(control, control, CONTROL.command);
  }

  /** The threads that are left do all the work; a worker that fails within a run has said so in the control words. */
  private workerFailed(reason: string): void {
    platform.warn(
      `threads: one of ${this.threads} is missing, and the others do its work (${reason}); use fewer threads`,
    );
  }
}
