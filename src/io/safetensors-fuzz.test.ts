import { describe, expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import { Generator } from "../random/generator.ts";
import { floatArray, intArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";
import { splice } from "../testing/mutate-bytes.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

const ORIGINAL = writeSafetensors(
  [
    ["conv/kernel", floatArray([1, 2, 3, 4, 5, 6], [2, 3])],
    ["conv/bias", floatArray([7], [])],
    ["empty", floatArray([], [0, 4])],
    ["classes", intArray([1, 2], [2])],
  ],
  { format: "auricle", seed: "1" },
);
const HEADER_END = 8 + ORIGINAL[0] + 256 * ORIGINAL[1];

/** Pieces that a damaged or hostile header may hold in place of a piece of a good one. */
const PIECES = [
  ...[
    "0",
    "1",
    "8",
    "-1",
    "4294967296",
    "9007199254740993",
    "1e400",
    "0.5",
    "null",
    "true",
    '""',
    '"a"',
    "[]",
    "{}",
  ],
  ...[
    '"F16"',
    '"BF16"',
    '"F64"',
    '"I64"',
    '"U8"',
    '"dtype"',
    '"__metadata__"',
    '"\\ud800"',
    "[[",
    "}}",
    ",",
    ":",
  ],
];

type Mutation = (bytes: Uint8Array, generator: Generator) => Uint8Array;

/** Changes the header's text and sets its length to fit, so that reading gets beyond the first check. */
function inHeader(change: (header: string, generator: Generator) => string): Mutation {
  return (bytes, generator) => {
    if (bytes.length < 8) return bytes;
    const length = Math.min(bytes[0] + 256 * bytes[1], bytes.length - 8);
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
    const changed = new TextEncoder().encode(change(header, generator));
    const result = splice(bytes, 8, 8 + length, changed);
    new DataView(result.buffer).setBigUint64(0, BigInt(changed.length), true);
    return result;
  };
}

/** Replaces a piece of JSON (a number, a string, a mark) that a pattern finds. */
function replaceToken(header: string, generator: Generator, replacement: (token: string) => string): string {
  const tokens = [...header.matchAll(/"(?:[^"\\]|\\.)*"|\d+|[{}[\],:]/g)];
  if (tokens.length === 0) return header;
  const token = tokens[generator.integer(tokens.length)];
  return header.slice(0, token.index) + replacement(token[0]) + header.slice(token.index + token[0].length);
}

const MUTATIONS: Mutation[] = [
  (bytes, generator) => {
    const changed = bytes.slice();
    if (changed.length > 0) changed[generator.integer(changed.length)] ^= 1 << generator.integer(8);
    return changed;
  },
  (bytes, generator) => {
    const changed = bytes.slice();
    changed[generator.integer(8)] = generator.integer(256);
    return changed;
  },
  (bytes, generator) => bytes.slice(0, generator.integer(bytes.length + 1)),
  (bytes, generator) => splice(bytes, bytes.length, bytes.length, new Uint8Array(1 + generator.integer(9))),
  (bytes, generator) => {
    const begin = generator.integer(bytes.length + 1);
    return splice(bytes, begin, Math.min(bytes.length, begin + generator.integer(20)), new Uint8Array());
  },
  inHeader((header, generator) =>
    replaceToken(header, generator, () => PIECES[generator.integer(PIECES.length)]),
  ),
  inHeader((header, generator) => replaceToken(header, generator, (token) => token + token)),
  inHeader((header, generator) => replaceToken(header, generator, () => "")),
  inHeader((header, generator) =>
    replaceToken(header, generator, (token) =>
      /^\d+$/.test(token) ? String(Math.max(0, Number(token) + generator.integer(9) - 4)) : token,
    ),
  ),
];

describe("readSafetensors on damaged files", () => {
  it("reads consistently or throws an AuricleError that names the file, for 30,000 seeded mutations", () => {
    const generator = new Generator(77);
    let read = 0;
    let refused = 0;
    for (let round = 0; round < 30_000; round++) {
      let bytes: Uint8Array = ORIGINAL;
      for (let count = 1 + generator.integer(3); count > 0; count--) {
        bytes = MUTATIONS[generator.integer(MUTATIONS.length)](bytes, generator);
      }
      if (readsConsistently(bytes)) read++;
      else refused++;
    }
    // Both happen: changed values and names are no damage that a reader can see.
    expect(read).toBeGreaterThan(1000);
    expect(refused).toBeGreaterThan(10_000);
  });

  it("refuses every truncation", () => {
    for (let length = 0; length < ORIGINAL.length; length++) {
      expect(() => readSafetensors(ORIGINAL.subarray(0, length), "cut")).toThrow(AuricleError);
    }
  });

  it("refuses every length of the header but the right one", () => {
    for (let length = 0; length < 2 * ORIGINAL.length; length++) {
      const bytes = ORIGINAL.slice();
      new DataView(bytes.buffer).setUint32(0, length, true);
      if (length === HEADER_END - 8) expect(readSafetensors(bytes, "length").tensors.size).toBe(4);
      else expect(() => readSafetensors(bytes, "length")).toThrow(AuricleError);
    }
  });
});

/**
 * True when the file was read, with shapes that fit and the same again after writing; false when it was
 * refused.
 */
function readsConsistently(bytes: Uint8Array): boolean {
  let file: ReturnType<typeof readSafetensors>;
  try {
    file = readSafetensors(bytes, "fuzzed.safetensors");
  } catch (error) {
    if (!(error instanceof AuricleError)) throw error;
    expect(error.code).toBe("file");
    expect(error.message.startsWith("fuzzed.safetensors: ")).toBe(true);
    return false;
  }
  let allocated = 0;
  for (const { shape, data } of file.tensors.values()) {
    expect(data).toHaveLength(sizeOf(shape));
    allocated += data.buffer.byteLength;
  }
  expect(allocated).toBeLessThanOrEqual(4 * bytes.length);
  const again = readSafetensors(writeSafetensors(file.tensors, file.metadata), "again");
  expect(new Map([...again.tensors].sort())).toEqual(new Map([...file.tensors].sort()));
  expect(again.metadata).toEqual(file.metadata);
  return true;
}
