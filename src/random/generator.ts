/**
 * @file A counter-based generator: number i of a stream is a pure function of (key, i). So a stream can be
 * resumed, split over threads or recomputed without keeping any state but the key and a counter.
 */

/**
 * Mixes 32 bits so that each input bit flips each output bit with probability close to one half.
 * Chris Wellons' `triple32` (https://nullprogram.com/blog/2018/07/31/), a bijection on uint32.
 */
export function mix32(x: number): number {
  x = x ^ (x >>> 17);
  x = Math.imul(x, 0xed5ad4bb);
  x = x ^ (x >>> 11);
  x = Math.imul(x, 0xac4c1b51);
  x = x ^ (x >>> 15);
  x = Math.imul(x, 0x31848bab);
  x = x ^ (x >>> 14);
  return x >>> 0;
}

/** Number i of the stream of a key, given as int32. */
function numberOf(bits: number, i: number): number {
  return mix32(mix32((i + bits) | 0) ^ mix32((bits ^ Math.floor(i / 4294967296)) + 0x85ebca6b));
}

/** Folds several integers and names into one 32-bit key: `deriveKey(seed, "shuffle", epoch)`. */
export function deriveKey(...parts: readonly (number | string)[]): number {
  let key = 0x9e3779b9;
  const fold = (value: number) => {
    key = mix32((key ^ value) + 0x9e3779b9);
  };
  for (const part of parts) {
    if (typeof part === "number") {
      fold(part | 0);
      fold(Math.floor(part / 4294967296) | 0);
    } else {
      fold(part.length);
      for (let i = 0; i < part.length; i++) fold(part.charCodeAt(i));
    }
  }
  return key >>> 0;
}

/** A seeded stream of random numbers; its whole state is (`key`, `counter`), which may be saved and restored. */
export class Generator {
  counter: number;
  /** The key as int32: engines keep larger integers in another form, and compile what reads both forms twice. */
  private readonly bits: number;

  constructor(key: number, counter = 0) {
    this.bits = key | 0;
    this.counter = counter;
  }

  get key(): number {
    return this.bits >>> 0;
  }

  /** Uniform on 0 … 2³²-1. */
  uint32(): number {
    return numberOf(this.bits, this.counter++);
  }

  /** Uniform on [0, 1), with 24 bits, so exact in float32. */
  uniform(): number {
    return (this.uint32() >>> 8) / 16777216;
  }

  /**
   * Fills an array with numbers uniform on [from, to), the next of {@link uniform}. One loop, as a network's weights are
   * drawn by code that the engine has not optimised yet.
   */
  fillUniform(values: Float32Array, from: number, to: number): void {
    const { bits, counter } = this;
    for (let i = 0; i < values.length; i++) {
      values[i] = from + (to - from) * ((numberOf(bits, counter + i) >>> 8) / 16777216);
    }
    this.counter = counter + values.length;
  }

  /** Standard normal, by Box and Muller; uses two counters each time. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Uniform integer on 0 … bound-1. */
  integer(bound: number): number {
    return Math.floor((this.uint32() / 4294967296) * bound);
  }

  /** Fisher and Yates' shuffle, in place. */
  shuffle<T extends { length: number; [i: number]: unknown }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const item = items[i];
      items[i] = items[j];
      items[j] = item;
    }
    return items;
  }
}
