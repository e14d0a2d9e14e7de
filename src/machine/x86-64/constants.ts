/** @file The constants of a kernel, behind its code. */
import type { ConstantOperand } from "./registers.ts";

/** Collects 32-bit words; equal ones are stored once. */
export class Constants {
  private readonly words: number[] = [];
  private readonly known = new Map<string, ConstantOperand>();
  private readonly knownWords = new Map<number, ConstantOperand>();
  private readonly knownRepeated = new Map<number, ConstantOperand>();

  /** A single int32 word. */
  word(word: number): ConstantOperand {
    let place = this.knownWords.get(word);
    if (!place) {
      place = { kind: "constant", offset: 4 * this.words.length };
      this.words.push(word);
      this.knownWords.set(word, place);
    }
    return place;
  }

  /** A vector of one int32 word `count` times, the same number in each call; as {@link vector} gives it. */
  repeated(word: number, count: number): ConstantOperand {
    let place = this.knownRepeated.get(word);
    if (!place) {
      place = this.vector(new Array<number>(count).fill(word));
      this.knownRepeated.set(word, place);
    }
    return place;
  }

  /** A vector of int32 words, aligned to its size. */
  vector(words: readonly number[]): ConstantOperand {
    const key = words.join(",");
    let place = this.known.get(key);
    if (!place) {
      while (this.words.length % words.length !== 0) this.words.push(0);
      place = { kind: "constant", offset: 4 * this.words.length };
      this.words.push(...words);
      this.known.set(key, place);
    }
    return place;
  }

  bytes(): Uint8Array {
    return new Uint8Array(Int32Array.from(this.words).buffer);
  }
}

const bits = new DataView(new ArrayBuffer(8));

/** A float64's bits as two int32, the lower half first. */
export function doubleBits(value: number): [number, number] {
  bits.setFloat64(0, value, true);
  return [bits.getInt32(0, true), bits.getInt32(4, true)];
}

/** A float32's bits as int32. */
export function floatBits(value: number): number {
  bits.setFloat32(0, value);
  return bits.getInt32(0);
}
