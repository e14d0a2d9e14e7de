/** @file The profile that is being recorded, if there is one: what the thread pools and the training loop tell it. */
import { AuricleError } from "../errors.ts";
import type { KernelEvent } from "./event-log.js";
import type { KernelTarget } from "./target.ts";

/** A profile's description of a program. */
export interface ProgramDescription {
  /** The target that its kernels were emitted for. */
  readonly target: KernelTarget;
  readonly calls: readonly CallDescription[];
}

/** One step of a program. */
export interface CallDescription {
  readonly label: string;
  /** The scopes that its operations belong to, layers among them, in the order of computation. */
  readonly scopes: readonly string[];
  readonly multiplyAdds: number;
  /** The size of the buffers that it reads and writes, each counted once. */
  readonly bytes: number;
}

/** A pool's events and what they belong to. */
export interface PoolEvents {
  readonly threads: number;
  /** The programs by number. */
  readonly programs: ReadonlyMap<number, ProgramDescription>;
  /** The events of each thread. */
  readonly events: readonly (readonly KernelEvent[])[];
  /** The number of events for which there was no room. */
  readonly lost: number;
}

/** The parts of a thread pool that a recording needs. */
export interface RecordedPool {
  readonly threads: number;
  /** Discards earlier recordings. */
  clearEvents(): void;
  /** Waits until no thread writes any longer. */
  takeEvents(): { readonly events: readonly (readonly KernelEvent[])[]; readonly lost: number };
}

/** A stretch of the first thread's work with a name: an epoch, a step. Milliseconds since its time origin. */
export interface Phase {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

export class Recording {
  /** Whether kernels are recorded too, and not only phases. */
  kernels = true;
  readonly phases: Phase[] = [];
  private readonly pools = new Map<RecordedPool, Map<number, ProgramDescription>>();

  /** Called before each run that is to be recorded. */
  beginRun(pool: RecordedPool, program: number, description: ProgramDescription): void {
    let programs = this.pools.get(pool);
    if (!programs) {
      pool.clearEvents();
      programs = new Map();
      this.pools.set(pool, programs);
    }
    programs.set(program, description);
  }

  poolEvents(): PoolEvents[] {
    return [...this.pools].map(([pool, programs]) => ({
      threads: pool.threads,
      programs,
      ...pool.takeEvents(),
    }));
  }
}

let active: Recording | undefined;

/** The recording that is going on. */
export function activeRecording(): Recording | undefined {
  return active;
}

/** @throws AuricleError "argument" while another recording is going on. */
export function beginRecording(): Recording {
  if (active) {
    throw new AuricleError("argument", "startProfile: a profile is being recorded; stop it first");
  }
  active = new Recording();
  return active;
}

export function endRecording(recording: Recording): void {
  if (active === recording) active = undefined;
}

/**
 * Begins a phase of the current recording, if there is one.
 * @returns a function that ends the phase
 */
export function beginPhase(name: string): () => void {
  const recording = active;
  if (!recording) return nothing;
  const begin = performance.now();
  return () => {
    recording.phases.push({ name, begin, end: performance.now() });
  };
}

function nothing(): void {
  // There is no recording.
}
