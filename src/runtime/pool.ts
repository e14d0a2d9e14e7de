/** @file The worker threads of this process, shared by all programs that use the same number of them. */
import { platform } from "#platform";
import { AuricleError } from "../errors.ts";
import { canShareMemory } from "./arena.ts";
import type { WorkerHandle } from "./platform.ts";
import { EventLog, eventMemory, type KernelEvent } from "./event-log.js";
import { activeRecording, type ProgramDescription, type RecordedPool } from "./recording.ts";
import { CONTROL, counterWords, ThreadProgram, waitUntil, wake, type ProgramImage } from "./thread.js";

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
    throw new AuricleError("argument", `threads: must be a whole number from 1; got ${threads}`);
  }
  if (threads > 1 && !canUseThreads()) {
    throw new AuricleError(
      "unsupported",
      `threads: memory cannot be shared or this thread may not wait, so there can be 1 only; got ${threads}`,
    );
  }
  let pool = pools.get(threads);
  if (!pool) {
    pool = new ThreadPool(threads);
    pools.set(threads, pool);
  }
  return pool;
}

export interface LoadedProgram {
  /** Runs all steps; returns when every thread is done. */
  run(): void;
}

export class ThreadPool implements RecordedPool {
  readonly threads: number;
  /** What each thread did while a profile was recorded. */
  private readonly logs: readonly EventLog[];
  private readonly workers: readonly WorkerHandle[];
  private readonly control: Int32Array | undefined;
  private nextProgram = 1;
  /**
   * Frees the workers' part of programs that nothing here refers to any longer, and their machine code. A worker that
   * comes late to a program's last run finds nothing left to do, so it calls none of that code.
   */
  private readonly unused = new FinalizationRegistry<{ id: number; unload: () => void }>(({ id, unload }) => {
    for (const worker of this.workers) worker.post({ kind: "unload", id });
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
    this.control = control;
    this.workers = Array.from({ length: threads - 1 }, (_, i) => {
      const worker = platform.startWorker();
      const events = this.logs[i + 1].memory;
      worker.post({ kind: "start", control, thread: i + 1, threads, events, timeOrigin });
      return worker;
    });
  }

  /**
   * @param description for profiles
   * @param unload frees the program's code when nothing refers to the program any longer
   */
  load(
    program: Omit<ProgramImage, "counters">,
    memory: WebAssembly.Memory,
    description: ProgramDescription,
    unload: () => void,
  ): LoadedProgram {
    const id = this.nextProgram++;
    const bytes = counterWords(program.steps.length, this.threads) * Int32Array.BYTES_PER_ELEMENT;
    const counters = new Int32Array(this.control ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
    const image = { ...program, counters };
    const own = new ThreadProgram(image, memory, 0, this.threads, platform.runnerOf);
    for (const worker of this.workers) worker.post({ kind: "load", id, image, memory });
    let runs = 0;
    const loaded: LoadedProgram = { run: () => this.run(id, own, runs++, description) };
    this.unused.register(loaded, { id, unload });
    return loaded;
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
    Atomics.add(control, CONTROL.command, 1);
    Atomics.store(control, CONTROL.program, id);
    Atomics.store(control, CONTROL.run, runs);
    Atomics.store(control, CONTROL.recorded, log ? 1 : 0);
    Atomics.add(control, CONTROL.command, 1);
    wake(control, control, CONTROL.command);
    try {
      if (log) own.recordShared(control, runs, log);
      else own.runShared(control, runs);
    } catch (error) {
      // The others wait for units that this thread has taken and will never finish.
      Atomics.store(control, CONTROL.failed, 1);
      throw error;
    }
  }
}
