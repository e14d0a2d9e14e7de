/** @file The flat memory that programs run in: slabs that stay, and one scratch stretch that programs share. */
import { platform } from "#platform";
import { AuricleError } from "../errors.ts";
import type { MemoryLimits } from "../machine/wasm.ts";
import { FreeStretches } from "./free-stretches.ts";

const PAGE_BYTES = 65536;
/** All that 32-bit addresses reach. */
const MAXIMUM_PAGES = 65536;
/** A system that reserves no address space even for these 16 MiB has none for a model. */
const LEAST_MAXIMUM_PAGES = 256;
/** Kernels may read (never write) this far past a buffer's end. */
const SLACK_BYTES = 1024;
const ALIGNMENT = 64;

/**
 * The number of arena bytes after which a garbage collection is requested. An engine does not count shared memory when it
 * decides whether to collect, so arenas count their own.
 */
const COLLECTION_BYTES = 256e6;
/** The bytes that a new arena counts for, on account of the address space that it reserves. */
const ARENA_BYTES = 16e6;
let bytesSinceCollection = 0;

function countBytes(bytes: number): void {
  bytesSinceCollection += bytes;
  if (bytesSinceCollection < COLLECTION_BYTES) return;
  bytesSinceCollection = 0;
  platform.collectGarbage();
}

/** Whether this engine can share memory between threads: Node always, browsers on cross-origin isolated pages. */
export function canShareMemory(): boolean {
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated ?? true;
  return typeof SharedArrayBuffer !== "undefined" && isolated;
}

/** The limits that a module declares which runs on the memory of any arena: a memory's own maximum may be smaller. */
export function memoryLimits(shared: boolean): MemoryLimits {
  return { initialPages: 1, maximumPages: shared ? MAXIMUM_PAGES : undefined, shared };
}

/** The arena of each buffer: an array alone does not tell which memory machine code would reach it by. */
const ARENAS = new WeakMap<ArrayBufferLike, Arena>();

/** The arena whose memory a buffer is; undefined for other buffers, and for one that its memory has outgrown. */
export function arenaOf(buffer: ArrayBufferLike): Arena | undefined {
  const arena = ARENAS.get(buffer);
  return arena?.memory.buffer === buffer ? arena : undefined;
}

/** A stretch of scratch memory that programs share. */
interface Scratch {
  readonly address: number;
  bytes: number;
  /** The number of programs that were compiled for it and may still run. */
  users: number;
}

export class Arena {
  readonly shared: boolean;
  private current: WebAssembly.Memory;
  private maximumPages: number | undefined;
  private end = ALIGNMENT;
  /** The end of the memory ever used, in bytes; everything beyond it is still zero. */
  private usedEnd = ALIGNMENT;
  private readonly free = new FreeStretches();
  private scratch: Scratch | undefined;
  /** A field and not a variable of this file, or memory would stay until the callback of whatever used it has run. */
  private readonly dropped = new FinalizationRegistry<() => void>((release) => release());

  /**
   * @param mostBytes the most that it will ever hold, where that is known: it then reserves addresses for no more
   * @throws AuricleError "unsupported" when the system reserves no address space for it.
   */
  constructor(shared = canShareMemory(), mostBytes = Infinity) {
    countBytes(ARENA_BYTES);
    this.shared = shared;
    [this.current, this.maximumPages] = shared
      ? reserveMemory(firstPages(mostBytes), LEAST_MAXIMUM_PAGES)
      : [ownMemory(), undefined];
    ARENAS.set(this.memory.buffer, this);
  }

  /** The memory as it is now: an arena that outgrows its memory's maximum gets another one, with the same contents. */
  get memory(): WebAssembly.Memory {
    return this.current;
  }

  get limits(): MemoryLimits {
    return { initialPages: 1, maximumPages: this.maximumPages, shared: this.shared };
  }

  /** Bytes in use, slabs and scratch together. */
  get bytes(): number {
    return this.end - this.free.bytes;
  }

  /**
   * Reserves memory, all zero, until nothing refers to `owner` any longer.
   * @throws AuricleError "unsupported" when the engine has no more.
   */
  allocate(bytes: number, owner: object): number {
    const size = align(bytes);
    const address = this.take(size);
    const usedBytes = Math.min(size, this.usedEnd - address);
    if (usedBytes > 0) new Uint8Array(this.memory.buffer, address, usedBytes).fill(0);
    this.usedEnd = Math.max(this.usedEnd, this.end);
    this.dropped.register(owner, () => this.release(address, size));
    return address;
  }

  /** Whether so many bytes more leave arrays that are in use valid, as neither memory of one thread nor a maximum is outgrown. */
  hasRoom(bytes: number): boolean {
    const { maximumPages, end } = this;
    return maximumPages !== undefined && pagesOf(end + align(bytes)) <= maximumPages;
  }

  /**
   * Memory whose contents last for one run of `owner` only; every program gets the same stretch, as large as the largest asks.
   * @throws AuricleError "unsupported" when the engine has no more.
   */
  scratchOf(bytes: number, owner: object): number {
    const scratch = this.scratchOfAtLeast(align(bytes));
    scratch.users++;
    this.dropped.register(owner, () => {
      scratch.users--;
      this.releaseUnused(scratch);
    });
    return scratch.address;
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  private scratchOfAtLeast(bytes: number): Scratch {
    const { scratch } = this;
    if (scratch && bytes <= scratch.bytes) return scratch;
    if (scratch && scratch.bytes > 0 && scratch.address + scratch.bytes === this.end) {
      this.extendTo(scratch.address + bytes);
      scratch.bytes = bytes;
      return scratch;
    }
    this.scratch = { address: this.take(bytes), bytes, users: 0 };
    if (scratch) this.releaseUnused(scratch);
    return this.scratch;
  }

  private releaseUnused(scratch: Scratch): void {
    if (scratch.users > 0) return;
    if (this.scratch === scratch) this.scratch = undefined;
    this.release(scratch.address, scratch.bytes);
  }

  /** A released stretch, or else one behind all others. */
  private take(bytes: number): number {
    const known = this.free.take(bytes);
    if (known !== undefined) return known;
    const address = this.end;
    this.extendTo(address + bytes);
    return address;
  }

  private release(address: number, bytes: number): void {
    this.free.add(address, bytes);
    this.usedEnd = Math.max(this.usedEnd, this.end);
    this.end = this.free.cutEnd(this.end);
  }

  private extendTo(end: number): void {
    const pages = pagesOf(end);
    const present = this.memory.buffer.byteLength / PAGE_BYTES;
    if (pages > present) {
      countBytes((pages - present) * PAGE_BYTES);
      try {
        if (this.maximumPages === undefined || pages <= this.maximumPages) this.memory.grow(pages - present);
        else this.replaceMemory(pages, this.maximumPages);
      } catch (cause) {
        throw outOfMemory(end, cause);
      }
      ARENAS.set(this.memory.buffer, this);
    }
    this.end = end;
  }

  /** Takes a memory that may have that many pages, with the same contents at the same addresses. */
  private replaceMemory(pages: number, maximum: number): void {
    const wanted = Math.min(MAXIMUM_PAGES, Math.max(pages, 2 * maximum));
    const [memory, maximumPages] = reserveMemory(wanted, pages);
    memory.grow(pages - 1);
    const used = Math.max(this.usedEnd, this.end);
    new Uint8Array(memory.buffer).set(new Uint8Array(this.memory.buffer, 0, used));
    this.current = memory;
    this.maximumPages = maximumPages;
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** The pages that memory takes whose last buffer ends there. */
function pagesOf(end: number): number {
  return Math.ceil((end + SLACK_BYTES) / PAGE_BYTES);
}

/** The maximum that an arena's memory asks for first. */
function firstPages(mostBytes: number): number {
  return Math.min(platform.firstSharedPages(), pagesOf(ALIGNMENT + mostBytes));
}

/**
 * Makes shared memory. It must have a maximum, for which systems set addresses aside: as many pages as are wanted, or what the
 * system gives of them, as phones have few and `ulimit -v` limits them.
 * @throws AuricleError "unsupported" when it gives not even the least
 */
function reserveMemory(wanted: number, least: number): [memory: WebAssembly.Memory, maximumPages: number] {
  for (let maximum = wanted; ; maximum = Math.max(least, Math.ceil(maximum / 2))) {
    try {
      return [new WebAssembly.Memory({ initial: 1, shared: true, maximum }), maximum];
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      if (maximum <= least) throw noAddresses(cause);
    }
  }
}

/** Makes memory of one thread, which needs no maximum. @throws AuricleError "unsupported" when the system gives none */
function ownMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 1 });
  } catch (cause) {
    throw cause instanceof RangeError ? noAddresses(cause) : cause;
  }
}

function noAddresses(cause: unknown): AuricleError {
  return new AuricleError(
    "unsupported",
    `memory: the system reserves no address space for a model, of which an engine wants up to 10 GB; ${platform.moreAddresses}`,
    { cause },
  );
}

function outOfMemory(end: number, cause: unknown): AuricleError {
  const needed = Math.ceil(end / 1e6);
  const given =
    pagesOf(end) > MAXIMUM_PAGES
      ? `programs reach at most ${(MAXIMUM_PAGES * PAGE_BYTES) / 2 ** 20} MB`
      : "the system has no more";
  return new AuricleError(
    "unsupported",
    `memory: the model needs ${needed} MB at once and ${given}; use a smaller batch or input`,
    { cause },
  );
}
