import { AuricleError } from "../errors.ts";

/** The owner of a slab's numbers once a program uses it: an arena's memory. */
export interface SlabHome {
  view(slab: Slab): Float32Array;
}

let nextSlab = 0;

type Writing = "set" | "fill" | "sort" | "reverse" | "copyWithin" | "buffer" | number;

/** Float32 numbers that must not be changed here. */
export type ReadonlyFloats = Omit<Float32Array, Writing | "subarray"> & {
  readonly [index: number]: number;
  subarray(begin?: number, end?: number): ReadonlyFloats;
};

/** As {@link ReadonlyFloats}, of int32. */
export type ReadonlyInts = Omit<Int32Array, Writing | "subarray"> & {
  readonly [index: number]: number;
  subarray(begin?: number, end?: number): ReadonlyInts;
};

/**
 * A stretch of float32 (or int32 bits) that outlives a run: parameters, gradients, optimizer state. One slab
 * holds many tensors one after the other, so that an optimizer or a checkpoint is one pass over memory.
 */
export class Slab {
  readonly id = nextSlab++;
  readonly name: string;
  /** In 32-bit words. */
  readonly length: number;
  private home: SlabHome | undefined;
  private initial: Float32Array | undefined;
  private changes = 0;

  /** @param initial the numbers, or how many zeros: those need no memory before an arena has them */
  constructor(name: string, initial: Float32Array | number) {
    this.name = name;
    if (typeof initial === "number") this.length = initial;
    else {
      this.length = initial.length;
      this.initial = initial;
    }
  }

  /** Counts changes of the numbers: what was computed from them before is computed again. */
  get version(): number {
    return this.changes;
  }

  /** Says that numbers have changed. Programs do it for the slabs that they write. */
  changed(): void {
    this.changes++;
  }

  /** The numbers where they are now, to read. Valid until the next program is compiled: the memory may move then. */
  view(): ReadonlyFloats {
    return this.words();
  }

  /** As {@link view}, to change before the next program runs. */
  edit(): Float32Array {
    this.changed();
    return this.words();
  }

  /** The same words as int32: counters and keys of random numbers. */
  intView(): ReadonlyInts {
    return this.intWords();
  }

  /** As {@link intView}, to change before the next program runs. */
  editInts(): Int32Array {
    this.changed();
    return this.intWords();
  }

  private words(): Float32Array {
    return this.home?.view(this) ?? (this.initial ??= new Float32Array(this.length));
  }

  private intWords(): Int32Array {
    const words = this.words();
    return new Int32Array(words.buffer, words.byteOffset, words.length);
  }

  /** A slab lives in one arena only. @throws AuricleError "argument" when it lives in another one than `home`. */
  requireHome(home: SlabHome): void {
    if (this.home && this.home !== home) {
      throw new AuricleError(
        "argument",
        `slab ${this.name}: already belongs to another arena; compile all programs that share it with the same arena`,
      );
    }
  }

  /** Hands the numbers over to an arena, once. @throws AuricleError as {@link requireHome} */
  moveTo(home: SlabHome): void {
    this.requireHome(home);
    if (this.home === home) return;
    this.home = home;
    if (this.initial) home.view(this).set(this.initial);
    else home.view(this).fill(0);
    this.initial = undefined;
  }
}
