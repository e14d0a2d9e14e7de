import type { ProgramImage } from "./thread.js";

export type WorkerMessage =
  | { kind: "start"; control: Int32Array; thread: number; threads: number }
  | { kind: "load"; id: number; image: ProgramImage; memory: WebAssembly.Memory }
  | { kind: "unload"; id: number };

export interface WorkerHandle {
  post(message: WorkerMessage): void;
}

/** What differs between Node.js and browsers. */
export interface Platform {
  hardwareThreads(): number;
  /** Whether this thread may wait for others. */
  canBlock(): boolean;
  startWorker(): WorkerHandle;
}
