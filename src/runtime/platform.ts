import type { KernelCode } from "../machine/ir.ts";
import type { MemoryHandle, ProgramCode, ProgramImage, Runner } from "./thread.js";

export type WorkerMessage =
  | {
      kind: "start";
      control: Int32Array;
      thread: number;
      threads: number;
      /** Where the thread writes its events while a profile is recorded. */
      events: Float64Array;
      /** The first thread's. */
      timeOrigin: number;
    }
  | { kind: "load"; id: number; image: ProgramImage; memory: MemoryHandle }
  | { kind: "unload"; id: number };

export interface WorkerHandle {
  post(message: WorkerMessage): void;
}

/** Machine code of x86-64 processors: 8 lanes with AVX2 and FMA, 16 with AVX-512. */
export type NativeTarget = "avx2" | "avx512";

/** A feature of machine code that may run: a target, or bfloat16 for the target "avx512". */
export type NativeFeature = NativeTarget | "bfloat16";

/** A program's machine code where it can be called from. */
export interface LoadedCode {
  readonly code: ProgramCode;
  readonly bytes: number;
  /** Frees its memory. Nothing may call it any longer. */
  unload(): void;
}

/** Machine code besides WebAssembly. */
export interface NativeMachine {
  /** Returns the targets that run here, the slowest first. */
  targets(): readonly NativeTarget[];
  /** Why this process may run none although the processor could, if so. */
  refusal(): string | undefined;
  /**
   * Whether a native target may be chosen without being asked for: in a process' main thread. The threads' owner may stop any
   * other one, and while a thread loads a native add-on, that aborts the process.
   */
  readonly isDefault: boolean;
  /** Whether the target "avx512" may use bfloat16. */
  hasBfloat16(): boolean;
  /** @throws AuricleError "unsupported" when the system lets no memory be executed */
  load(kernels: Iterable<KernelCode>): LoadedCode;
  /**
   * Asks for large pages under what the memory has now: with 4 KB pages, a pass over a large tensor waits for
   * addresses to be translated, and each page costs a fault at its first use.
   */
  preferLargePages(memory: WebAssembly.Memory): void;
}

/** Which algorithm was the fastest where one was measured: in Node.js of this machine, in a browser of this page. */
export interface AlgorithmChoices {
  get(key: string): string | undefined;
  set(key: string, name: string): void;
}

/** The services that differ between Node.js and browsers. */
export interface Platform {
  hardwareThreads(): number;
  /** Whether this thread may wait for others. */
  canBlock(): boolean;
  /**
   * @param onFailure hears why the worker is no longer there, or never was
   */
  startWorker(onFailure: (reason: string) => void): WorkerHandle;
  /** Returns the function with which this thread calls a program's kernels. */
  runnerOf(code: ProgramCode, memory: WebAssembly.Memory): Runner;
  /** Returns what a worker needs to reach shared memory: its address for machine code, otherwise the memory itself. */
  handleOf(code: ProgramCode, memory: WebAssembly.Memory): MemoryHandle;
  /** Calls `end` when this process or thread ends by itself. */
  beforeEnd(end: () => void): void;
  /**
   * The maximum, in pages of 64 KiB, that shared memory asks for at first: systems set addresses aside for all of it. Memory that
   * outgrows it is replaced.
   */
  firstSharedPages(): number;
  /** Requests a garbage collection of this thread, or where there is no way to do so brings one about. */
  collectGarbage(): void;
  /** The advice where the system reserves no addresses for a memory: a part of a message. */
  readonly moreAddresses: string;
  /** Tells the user, whatever else happens. */
  warn(line: string): void;
  /** undefined in browsers. */
  readonly native: NativeMachine | undefined;
  /** A variable of the process' environment. */
  environment(name: "AURICLE_TARGET" | "AURICLE_ALGORITHMS" | "AURICLE_DEBUG"): string | undefined;
  readonly algorithmChoices: AlgorithmChoices;
  /** Writes a line for those who look into the engine (AURICLE_DEBUG). */
  debug(line: string): void;
}
