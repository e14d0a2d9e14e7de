/** @file Damage to files for the tests of their readers: what a broken download, another program or a hostile author may do. */
import type { Generator } from "../random/generator.ts";

type Mutation = (bytes: Uint8Array, generator: Generator) => Uint8Array;

/** Whole numbers at which lengths overflow or become negative, little-endian, of 1 to 8 bytes. */
const NUMBERS: readonly (readonly number[])[] = [
  [0],
  [0xff],
  [0x7f, 0xff],
  [0xff, 0xff],
  [0, 0, 0, 0],
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0x80],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0, 0, 0, 0, 0x80],
];

/** The bytes with a piece in place of a stretch. */
export function splice(bytes: Uint8Array, begin: number, end: number, piece: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length - (end - begin) + piece.length);
  result.set(bytes.subarray(0, begin));
  result.set(piece, begin);
  result.set(bytes.subarray(end), begin + piece.length);
  return result;
}

/** A stretch of up to 32 bytes. */
function stretch(bytes: Uint8Array, generator: Generator): [begin: number, end: number] {
  const begin = generator.integer(bytes.length + 1);
  return [begin, Math.min(bytes.length, begin + generator.integer(32))];
}

const MUTATIONS: readonly Mutation[] = [
  function flipBit(bytes, generator) {
    const changed = bytes.slice();
    if (changed.length > 0) changed[generator.integer(changed.length)] ^= 1 << generator.integer(8);
    return changed;
  },
  function setByte(bytes, generator) {
    const changed = bytes.slice();
    if (changed.length > 0) changed[generator.integer(changed.length)] = generator.integer(256);
    return changed;
  },
  function setNumber(bytes, generator) {
    const number = Uint8Array.from(NUMBERS[generator.integer(NUMBERS.length)]);
    const begin = generator.integer(bytes.length + 1);
    return splice(bytes, begin, Math.min(bytes.length, begin + number.length), number);
  },
  function cutOff(bytes, generator) {
    return bytes.slice(0, generator.integer(bytes.length + 1));
  },
  function append(bytes, generator) {
    return splice(bytes, bytes.length, bytes.length, new Uint8Array(1 + generator.integer(9)));
  },
  function takeOut(bytes, generator) {
    const [begin, end] = stretch(bytes, generator);
    return splice(bytes, begin, end, new Uint8Array());
  },
  function repeat(bytes, generator) {
    const [begin, end] = stretch(bytes, generator);
    return splice(bytes, end, end, bytes.slice(begin, end));
  },
  function copyElsewhere(bytes, generator) {
    const [begin, end] = stretch(bytes, generator);
    const at = generator.integer(bytes.length + 1);
    return splice(bytes, at, Math.min(bytes.length, at + end - begin), bytes.slice(begin, end));
  },
];

/** Damages a file in one to three places. */
export function mutateBytes(bytes: Uint8Array, generator: Generator): Uint8Array {
  let changed = bytes;
  for (let count = 1 + generator.integer(3); count > 0; count--) {
    changed = MUTATIONS[generator.integer(MUTATIONS.length)](changed, generator);
  }
  return changed;
}
