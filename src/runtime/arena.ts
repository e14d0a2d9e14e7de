/** @file The flat memory that programs run in: slabs that stay, and one scratch stretch that programs share. */
import { AuricleError } from "../errors.ts";

const PAGE_BYTES = 65536;
/** All that 32-bit addresses reach. */
const MAXIMUM_PAGES = 65536;
/** Kernels may read (never write) this far past a buffer's end. */
const SLACK_BYTES = 1024;
const ALIGNMENT = 64;

/** Whether this engine can share memory between threads: Node always, browsers on cross-origin isolated pages. */
export function canShareMemory(): boolean {
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated ?? true;
  return typeof SharedArrayBuffer !== "undefined" && isolated;
}

export class Arena {
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  private end = ALIGNMENT;
  private scratch = { address: 0, bytes: 0 };

  constructor(shared = canShareMemory()) {
    this.shared = shared;
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES, shared });
  }

  /** Pages as a module that imports this memory must declare them. */
  get limits(): { initialPages: number; maximumPages: number; shared: boolean } {
    return { initialPages: 1, maximumPages: MAXIMUM_PAGES, shared: this.shared };
  }

  /** Bytes in use, slabs and scratch together. */
  get bytes(): number {
    return this.end;
  }

  /** Reserves memory that stays reserved. @throws AuricleError "unsupported" when the engine has no more. */
  allocate(bytes: number): number {
    const address = this.end;
    this.extendTo(address + bytes);
    return address;
  }

  /** Memory whose contents last for one run only; every program gets the same stretch, as large as the largest asks. */
  scratchOf(bytes: number): number {
    if (bytes <= this.scratch.bytes) return this.scratch.address;
    const isLast = this.scratch.address + this.scratch.bytes === this.end;
    if (isLast && this.scratch.bytes > 0) this.extendTo(this.scratch.address + bytes);
    else this.scratch.address = this.allocate(bytes);
    this.scratch.bytes = this.end - this.scratch.address;
    return this.scratch.address;
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  private extendTo(end: number): void {
    const aligned = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    const missing = Math.ceil((aligned + SLACK_BYTES - this.memory.buffer.byteLength) / PAGE_BYTES);
    try {
      if (missing > 0) this.memory.grow(missing);
    } catch (cause) {
      const megabytes = Math.ceil(aligned / 1e6);
      throw new AuricleError(
        "unsupported",
        `memory: the model needs ${megabytes} MB at once and the engine gives at most 4096 MB; use a smaller batch or input`,
        { cause },
      );
    }
    this.end = aligned;
  }
}
