/** @file Bytes to numbers on 0 … 1 by machine code, where the numbers go into WebAssembly's memory. Browser-safe. */
import { AuricleError } from "../errors.ts";
import { UNIT_BYTES, writeUnitBytes, writeUnitRows } from "../kernels/unit-bytes.ts";
import { FLOAT_BYTES } from "../kernels/kernel.ts";
import { KernelBuilder } from "../machine/builder.ts";
import { emitWasmModule, WASM_TRAITS } from "../machine/wasm.ts";
import { arenaOf, memoryLimits, type Arena } from "./arena.ts";
import { wasmRunner } from "./thread.js";

const PAGE_BYTES = 65536;

/** Byte b as a number on 0 … 1: b / 255 rounded to float32. */
const BYTE_TO_UNIT = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/** Bytes that are made numbers at once for an array that no machine code reaches: these and their numbers stay in a cache. */
const PIECE = 16_384;

/** The kernels, by their numbers in the module. */
const [GROUPS, ROWS] = [0, 1];

/**
 * Writes bytes as numbers on 0 … 1, b / 255 rounded to float32, one list behind the other.
 * @param lists all of one length
 * @param to at least as long as all lists together; quickest where an arena's memory holds it
 */
export function writeUnits(lists: readonly Uint8Array[], to: Float32Array): void {
  if (lists.length === 0) return;
  const arena = arenaOf(to.buffer);
  if (arena) {
    expand(arena.memory, to.byteOffset, lists);
    return;
  }
  const [{ length: size }] = lists;
  const most = Math.max(1, Math.floor(PIECE / Math.max(1, size)));
  for (let first = 0; first < lists.length; first += most) {
    const some = lists.slice(first, first + most);
    const own = ownMemory(FLOAT_BYTES * size * some.length);
    expand(own, 0, some);
    to.set(new Float32Array(own.buffer, 0, size * some.length), first * size);
  }
}

/** @returns undefined where arrays that are in use would become invalid, and when the engine has no more memory */
function allocateInPlace(arena: Arena, bytes: number, owner: object): number | undefined {
  if (!arena.hasRoom(bytes)) return undefined;
  try {
    return arena.allocate(bytes, owner);
  } catch (error) {
    if (error instanceof AuricleError && error.code === "unsupported") return undefined;
    throw error;
  }
}

/** Rows that a table has room for, and its words: behind them one that is written over. */
const TABLE_ROWS = 1024;
const TABLE_BYTES = (TABLE_ROWS + 16) * FLOAT_BYTES;

/** The fewest bytes of a row. */
export const LEAST_ROW = UNIT_BYTES;

/**
 * Rows of bytes in an arena's memory, of which any become numbers in it: nothing is copied by the way, and none of them is an
 * object.
 */
export class ResidentRows {
  private readonly arena: Arena;
  /** Undefined where the arena's memory has no room. */
  private readonly address: number | undefined;
  private readonly rowBytes: number;

  /**
   * Takes the memory, which is given back when nothing refers to this any longer.
   * @param rowBytes {@link LEAST_ROW} or more
   * @param fill writes all rows, one behind the other
   */
  constructor(arena: Arena, rows: number, rowBytes: number, fill: (bytes: Uint8Array) => void) {
    this.arena = arena;
    this.rowBytes = rowBytes;
    this.address = allocateInPlace(arena, TABLE_BYTES + rows * rowBytes, this);
    if (this.address === undefined) return;
    fill(new Uint8Array(arena.memory.buffer, this.address + TABLE_BYTES, rows * rowBytes));
  }

  /**
   * Writes rows as numbers on 0 … 1, one behind the other, from an address of the arena on.
   * @returns false where the rows are not there, as the arena's memory had no room
   */
  write(rows: ArrayLike<number>, to: number): boolean {
    const { arena, address, rowBytes } = this;
    if (address === undefined) return false;
    const { memory } = arena;
    const table = new Int32Array(memory.buffer, address, TABLE_ROWS);
    const begin = address + TABLE_BYTES;
    const touched = address + TABLE_ROWS * FLOAT_BYTES;
    for (let first = 0; first < rows.length; first += TABLE_ROWS) {
      const count = Math.min(TABLE_ROWS, rows.length - first);
      for (let i = 0; i < count; i++) table[i] = begin + rows[first + i] * rowBytes;
      const place = to + FLOAT_BYTES * first * rowBytes;
      runnerOn(memory)(ROWS, [0, 0, address, place, rowBytes, touched])(0, count);
    }
    return true;
  }
}

/** Writes numbers at an address. The bytes wait in the last quarter of their place. */
function expand(memory: WebAssembly.Memory, address: number, lists: readonly Uint8Array[]): void {
  const [{ length: size }] = lists;
  const count = size * lists.length;
  const from = address + (FLOAT_BYTES - 1) * count;
  const bytes = new Uint8Array(memory.buffer, from, count);
  for (let i = 0; i < lists.length; i++) bytes.set(lists[i], i * size);
  const groups = Math.floor(count / UNIT_BYTES);
  runnerOn(memory)(GROUPS, [0, 0, from, address])(0, groups);
  const floats = new Float32Array(memory.buffer, address, count);
  for (let i = groups * UNIT_BYTES; i < count; i++) floats[i] = BYTE_TO_UNIT[bytes[i]];
}

type Runner = ReturnType<typeof wasmRunner>;

const RUNNERS = new WeakMap<WebAssembly.Memory, Runner>();
const MODULES = new Map<boolean, Uint8Array<ArrayBuffer>>();

function runnerOn(memory: WebAssembly.Memory): Runner {
  const known = RUNNERS.get(memory);
  if (known) return known;
  const isShared = !(memory.buffer instanceof ArrayBuffer);
  const module = MODULES.get(isShared) ?? moduleFor(isShared);
  MODULES.set(isShared, module);
  const runner = wasmRunner({ kind: "wasm", module }, memory);
  RUNNERS.set(memory, runner);
  return runner;
}

function moduleFor(isShared: boolean): Uint8Array<ArrayBuffer> {
  const groups = new KernelBuilder(WASM_TRAITS, 4);
  writeUnitBytes(groups);
  const rows = new KernelBuilder(WASM_TRAITS, 6);
  writeUnitRows(rows);
  return emitWasmModule([groups.finish(), rows.finish()], memoryLimits(isShared));
}

let ownBlock: WebAssembly.Memory | undefined;

/** Memory for arrays that are elsewhere, of at least so many bytes. */
function ownMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(Math.max(1, bytes) / PAGE_BYTES);
  ownBlock ??= new WebAssembly.Memory({ initial: pages });
  const missing = pages - ownBlock.buffer.byteLength / PAGE_BYTES;
  if (missing > 0) ownBlock.grow(missing);
  return ownBlock;
}
