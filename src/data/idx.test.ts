import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import { Generator } from "../random/generator.ts";
import { parseIdx } from "./idx.ts";

/** The bytes of an IDX file: type byte, dimensions, content. */
function idx(type: number, dimensions: readonly number[], content: readonly number[]): Uint8Array {
  const sizes = dimensions.flatMap((size) => [
    size >>> 24,
    (size >>> 16) & 255,
    (size >>> 8) & 255,
    size & 255,
  ]);
  return Uint8Array.of(0, 0, type, dimensions.length, ...sizes, ...content);
}

const gzip = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));

/** Each element type with two elements written out by hand. */
const EXAMPLES = [
  { name: "uint8", type: 0x08, content: [0, 255], expected: Uint8Array.of(0, 255) },
  { name: "int8", type: 0x09, content: [0x7f, 0xff], expected: Int8Array.of(127, -1) },
  { name: "int16", type: 0x0b, content: [0x01, 0x02, 0xff, 0xfe], expected: Int16Array.of(258, -2) },
  {
    name: "int32",
    type: 0x0c,
    content: [0, 1, 0, 0, 0xff, 0xff, 0xff, 0xfd],
    expected: Int32Array.of(65536, -3),
  },
  // IEEE 754: 1.5 is 3FC00000, -2 is C0000000; in 64 bits 3FF8… and C000….
  {
    name: "float32",
    type: 0x0d,
    content: [0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0],
    expected: Float32Array.of(1.5, -2),
  },
  {
    name: "float64",
    type: 0x0e,
    content: [0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0],
    expected: Float64Array.of(1.5, -2),
  },
];

describe("parseIdx", () => {
  it.each(EXAMPLES)("reads big-endian $name, plain and compressed", async ({ type, content, expected }) => {
    const file = idx(type, [1, 2], content);
    expect(await parseIdx(file, "f")).toEqual({ shape: [1, 2], data: expected });
    expect(await parseIdx(gzip(file), "f.gz")).toEqual({ shape: [1, 2], data: expected });
  });

  it("reads any rank, from a scalar to many axes, and empty arrays", async () => {
    expect(await parseIdx(idx(8, [], [7]), "f")).toEqual({ shape: [], data: Uint8Array.of(7) });
    const ones = new Array<number>(255).fill(1);
    expect(await parseIdx(idx(8, ones, [9]), "f")).toEqual({ shape: ones, data: Uint8Array.of(9) });
    expect(await parseIdx(gzip(idx(8, ones, [9])), "f")).toEqual({ shape: ones, data: Uint8Array.of(9) });
    expect(await parseIdx(idx(8, [0, 3], []), "f")).toEqual({ shape: [0, 3], data: new Uint8Array() });
  });

  it("reads from the middle of a buffer", async () => {
    const file = idx(0x0c, [1], [0, 0, 0, 5]);
    const whole = new Uint8Array(file.length + 7);
    whole.set(file, 3);
    expect((await parseIdx(whole.subarray(3, 3 + file.length), "f")).data).toEqual(Int32Array.of(5));
  });

  it("reads what takes several pieces of the decompressor", async () => {
    const content = new Uint8Array(300_000).map((_, i) => i * 7);
    const file = new Uint8Array(8 + content.length);
    file.set(idx(8, [content.length], []));
    file.set(content, 8);
    const { shape, data } = await parseIdx(gzip(file), "f");
    expect(shape).toEqual([300_000]);
    expect(Buffer.compare(data as Uint8Array, content)).toBe(0);
  });

  const valid = idx(8, [2, 2], [1, 2, 3, 4]);
  const compressed = gzip(valid);
  it.each<[string, Uint8Array, RegExp]>([
    ["an empty file", new Uint8Array(), /at least 4 bytes; got 0/],
    ["a web page", new TextEncoder().encode("<html>"), /two zero bytes; got 60 and 104/],
    ["an unknown type", idx(0x0a, [1], [1]), /one of 8, 9, 11, 12, 13, 14; got 10/],
    ["a header cut short", valid.subarray(0, 9), /header of 2 dimensions has 12 bytes; got 9/],
    ["content cut short", valid.subarray(0, 15), /claims 16 bytes for the shape \[2,2\]; got only 15/],
    ["bytes after the end", Uint8Array.of(...valid, 0), /claims 16 bytes.*got 17/],
    [
      "4 billion items",
      idx(8, [0xffffffff], [1]),
      /4294967303 bytes for the shape \[4294967295\], more than 2 GiB/,
    ],
    ["a size beyond all numbers", idx(8, new Array<number>(255).fill(0xffffffff), []), /more than 2 GiB/],
    [
      "a senseless size times 0",
      idx(8, [...new Array<number>(254).fill(0xffffffff), 0], []),
      /more than 2 GiB/,
    ],
    ["gzip cut short", compressed.subarray(0, compressed.length - 9), /cut short/],
    ["gzip cut in its trailer", compressed.subarray(0, compressed.length - 1), /cut short/],
    ["gzip followed by zeros", Uint8Array.of(...compressed, 0, 0, 0, 0), /followed by other bytes|damaged/],
    [
      "gzip followed by text",
      Uint8Array.of(...compressed, 104, 105, 104, 105),
      /followed by other bytes|damaged/,
    ],
    [
      "two gzip files in one",
      Uint8Array.of(...compressed, ...gzip(valid.subarray(0, 3))),
      /followed by other|damaged/,
    ],
    ["gzip of another format", gzip(new TextEncoder().encode("hello")), /two zero bytes; got 104 and 101/],
    ["gzip of too few bytes", gzip(valid.subarray(0, 15)), /claims 16 bytes.*the length 15/],
    ["gzip of a header alone", gzip(valid.subarray(0, 6)), /header of 2 dimensions has 12 bytes; got 6/],
    ["gzip of nothing", gzip(new Uint8Array()), /at least 4 bytes; got 0/],
    ["two bytes of gzip", Uint8Array.of(0x1f, 0x8b), /cut short/],
  ])("refuses %s, naming the file", async (_, bytes, message) => {
    const error = await parseIdx(bytes, "folder/images.idx").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AuricleError);
    expect(error).toMatchObject({ code: "file", message: expect.stringMatching(message) as string });
    expect(error).toMatchObject({ message: expect.stringContaining("folder/images.idx") as string });
  });

  it("refuses gzip data that is longer or claims more than it can hold, without unpacking it", async () => {
    // 50 MB of zeros after a header for 4 bytes.
    const bomb = new Uint8Array(50_000_000);
    bomb.set(idx(8, [4], []));
    await expect(parseIdx(gzip(bomb), "bomb")).rejects.toThrow(/claims 12 bytes.*the length 50000000/);

    // A trailer that agrees with the header does not help: the few bytes to which gzip packs 100 kB of zeros cannot
    // hold 1 GB.
    const zeros = new Uint8Array(100_000);
    zeros.set(idx(8, [1_000_000_000 - 8], []));
    const claim = gzip(zeros);
    new DataView(claim.buffer).setUint32(claim.length - 4, 1_000_000_000, true);
    await expect(parseIdx(claim, "claim")).rejects.toThrow(/claims 1000000000 bytes/);
  });

  it("parses or throws AuricleError on 4,000 damaged files", async () => {
    const random = new Generator(20260101);
    const originals = EXAMPLES.flatMap(({ type, content }) => {
      const file = idx(type, [2, 3], [...content, ...content, ...content]);
      return [file, gzip(file)];
    });
    let refused = 0;
    for (let round = 0; round < 4000; round++) {
      const bytes = damage([...originals[random.integer(originals.length)]], random);
      try {
        const { data, shape } = await parseIdx(bytes, "fuzz");
        expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
        expect(data.byteLength).toBeLessThanOrEqual(1032 * bytes.length);
      } catch (error) {
        refused++;
        expect(error).toBeInstanceOf(AuricleError);
        expect(error).toMatchObject({ code: "file", message: expect.stringContaining("fuzz") as string });
      }
    }
    // Most damage must be noticed, and some (a changed element) cannot be.
    expect(refused).toBeGreaterThan(2000);
    expect(refused).toBeLessThan(4000);
  });
});

/** One to four random changes: a byte set, a bit flipped, bytes removed, inserted or repeated, the end cut off. */
function damage(bytes: number[], random: Generator): Uint8Array {
  for (let changes = 1 + random.integer(4); changes > 0; changes--) {
    const at = random.integer(bytes.length + 1);
    switch (random.integer(6)) {
      case 0:
        bytes[at % bytes.length || 0] = random.integer(256);
        break;
      case 1:
        bytes[at % bytes.length || 0] ^= 1 << random.integer(8);
        break;
      case 2:
        bytes.splice(at, 1 + random.integer(5));
        break;
      case 3:
        bytes.splice(at, 0, ...Array.from({ length: 1 + random.integer(5) }, () => random.integer(256)));
        break;
      case 4:
        bytes.splice(at, 0, ...bytes.slice(at, at + 8));
        break;
      default:
        bytes.length = at;
    }
  }
  return Uint8Array.from(bytes);
}
