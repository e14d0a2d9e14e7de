import { AuricleError } from "../errors.ts";

/** The owner of a slab's numbers once a program uses it: an arena's memory. */
export interface SlabHome {
  view(slab: Slab): Float32Array;
}

let nextSlab = 0;

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

  constructor(name: string, initial: Float32Array) {
    this.name = name;
    this.length = initial.length;
    this.initial = initial;
  }

  /** The numbers where they are now. Valid until the next program is compiled: the memory may move then. */
  view(): Float32Array {
    return this.home?.view(this) ?? this.initial ?? new Float32Array(0);
  }

  /** The same words read as int32: counters and keys of random numbers. */
  intView(): Int32Array {
    const view = this.view();
    return new Int32Array(view.buffer, view.byteOffset, view.length);
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
    const numbers = this.view();
    this.home = home;
    home.view(this).set(numbers);
    this.initial = undefined;
  }
}
