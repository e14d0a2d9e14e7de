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
  readonly key: number;
  counter: number;

  constructor(key: number, counter = 0) {
    this.key = key >>> 0;
    this.counter = counter;
  }

  /** Uniform on 0 … 2³²-1. */
  uint32(): number {
    const i = this.counter++;
    return mix32(mix32((i + this.key) | 0) ^ mix32((this.key ^ Math.floor(i / 4294967296)) + 0x85ebca6b));
  }

  /** Uniform on [0, 1), with 24 bits, so exact in float32. */
  uniform(): number {
    return (this.uint32() >>> 8) / 16777216;
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
