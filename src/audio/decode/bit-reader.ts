/** @file Reads numbers of any number of bits, the highest bit first. Browser-safe. */

import { viewOf } from "./byte-source.ts";

/** Behind the last byte it reads zeros; `overrun` tells. */
export class BitReader {
  /** In bits from the start of the bytes. */
  position: number;
  /** All the bytes. */
  readonly view: DataView;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, offset: number) {
    this.view = viewOf(bytes);
    this.bytes = bytes;
    this.position = 8 * offset;
  }

  get overrun(): boolean {
    return this.position > 8 * this.bytes.length;
  }

  /** The next 32 bits, which stay unread. */
  peek(): number {
    const at = this.position >>> 3;
    const shift = this.position & 7;
    const bytes = this.bytes;
    if (at + 5 > bytes.length) return this.peekAtEnd(at, shift);
    return ((this.view.getInt32(at, false) << shift) | (bytes[at + 4] >>> (8 - shift))) >>> 0;
  }

  private peekAtEnd(at: number, shift: number): number {
    let word = 0;
    for (let i = at; i < at + 5; i++) word = word * 256 + (i < this.bytes.length ? this.bytes[i] : 0);
    return Math.floor((word * 2 ** shift) / 256) % 2 ** 32;
  }

  /** An unsigned number of 0 to 32 bits. */
  unsigned(bits: number): number {
    if (bits === 0) return 0;
    const value = this.peek() >>> (32 - bits);
    this.position += bits;
    return value;
  }

  /** A number of 1 to 52 bits in two's complement. */
  signed(bits: number): number {
    const low = Math.min(bits, 32);
    const high = bits > 32 ? this.unsigned(bits - 32) : 0;
    const value = high * 2 ** low + this.unsigned(low);
    return value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
  }

  /** How many zeros come before the next one, which is read too; at most to the end. */
  zeros(): number {
    let count = 0;
    for (let word = this.peek(); word === 0; word = this.peek()) {
      if (this.overrun) return count;
      count += 32;
      this.position += 32;
    }
    const rest = Math.clz32(this.peek());
    this.position += rest + 1;
    return count + rest;
  }

  /** Goes on to the next whole byte, and says which. */
  byteOffset(): number {
    this.position = (this.position + 7) & ~7;
    return this.position >>> 3;
  }
}
