import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AuricleError } from "../../errors.ts";
import { content, readForeignFiles } from "../testing/foreign-files.ts";
import { writeZip } from "../zip/write-zip.ts";
import { numbersOf, openNpz, readNpy, writeNpy, writeNpz, type NpyArray } from "./index.ts";

const FILES = readForeignFiles("numpy", {
  arrays: z.array(
    z.object({
      name: z.string(),
      dtype: z.string(),
      shape: z.array(z.number()),
      values: z.array(z.union([z.number(), z.string()])),
      base64: content,
    }),
  ),
  refused: z.array(z.object({ name: z.string(), base64: content })),
  archives: z.array(z.object({ name: z.string(), base64: content })),
});

/** A file of version 1 with a header as it is given. */
function fileOf(header: string, elements: readonly number[] = []): Uint8Array {
  const text = new TextEncoder().encode(header);
  return Uint8Array.from([
    0x93,
    ...Buffer.from("NUMPY"),
    1,
    0,
    text.length & 255,
    text.length >> 8,
    ...text,
    ...elements,
  ]);
}

function valuesOf({ data }: NpyArray): (number | string)[] {
  const values: (number | bigint | string)[] = [...data];
  return values.map((value) => (typeof value === "bigint" ? String(value) : value));
}

describe("readNpy", () => {
  it.each(FILES.arrays)("reads $name as NumPy wrote it", ({ dtype, shape, values, base64 }) => {
    const array = readNpy(base64, "a.npy");
    expect({ dtype: array.dtype, shape: array.shape }).toEqual({ dtype, shape });
    expect(valuesOf(array)).toEqual(values);
  });

  it.each([
    ["objects", "Python objects, which are pickles"],
    ["structures", "structures"],
    ["dates", "dates"],
    ["times", "times"],
    ["raw bytes", "raw bytes"],
    ["long doubles", "save float64"],
  ])("refuses %s and says what to do", (name, message) => {
    const file = FILES.refused.find((one) => one.name === name);
    expect(() => readNpy(file?.base64 ?? new Uint8Array(), "a.npy")).toThrow(message);
  });

  it("reads headers as other programs write them", () => {
    const header = `{"shape": (2L,), "descr": "u1", "fortran_order": False}`;
    expect(readNpy(fileOf(header, [3, 4]), "a.npy")).toEqual({
      shape: [2],
      dtype: "uint8",
      data: Uint8Array.of(3, 4),
    });
  });

  it.each([
    ["nothing", new Uint8Array(), 'must begin with "\\x93NUMPY"'],
    ["no dictionary", fileOf("[1, 2]"), "must be a dictionary"],
    ["code", fileOf("__import__('os').system('true')"), "cannot be understood"],
    [
      "a key too many",
      fileOf("{'descr': '<f4', 'fortran_order': False, 'shape': (), 'a': 1}"),
      "must have descr",
    ],
    [
      "a key twice",
      fileOf("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}"),
      "dictionary",
    ],
    [
      "a negative length",
      fileOf("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}"),
      "cannot be understood",
    ],
    [
      "a nested shape",
      fileOf("{'descr': '<f4', 'fortran_order': False, 'shape': ((1,),)}"),
      "tuple of whole numbers",
    ],
    [
      "sizes whose product overflows",
      fileOf("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}"),
      "possible lengths",
    ],
    [
      "sizes whose product is infinite, times 0",
      fileOf(`{'descr': '<f4', 'fortran_order': False, 'shape': (${"9007199254740991,".repeat(40)}0)}`),
      "takes NaN bytes",
    ],
    [
      "too many axes",
      fileOf(`{'descr': '<f4', 'fortran_order': False, 'shape': (${"1,".repeat(65)})}`),
      "64 axes",
    ],
    ["an unknown type", fileOf("{'descr': '<q4', 'fortran_order': False, 'shape': ()}"), "unknown"],
    [
      "texts without letters",
      fileOf("{'descr': '<U0', 'fortran_order': False, 'shape': (1000000000,)}"),
      "0 letters",
    ],
    [
      "elements too few",
      fileOf("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", [0, 0, 0, 0]),
      "cut short",
    ],
    [
      "elements too many",
      fileOf("{'descr': '<f4', 'fortran_order': False, 'shape': ()}", [0, 0, 0, 0, 0]),
      "more than one",
    ],
    ["a version to come", fileOf("{}").fill(4, 6, 7), "version 1, 2 or 3"],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readNpy(bytes, "a.npy")).toThrow(AuricleError);
    expect(() => readNpy(bytes, "a.npy")).toThrow(/^a\.npy: /);
    expect(() => readNpy(bytes, "a.npy")).toThrow(message);
  });
});

describe("writeNpy", () => {
  it("writes the bytes that NumPy writes", () => {
    // Little-endian, C's order, version 1, and none of NumPy's own types for truth values, halves and bytes.
    const same = FILES.arrays.filter(
      ({ name, dtype }) =>
        !/^>[a-z]|big-endian|Fortran|version|bool/.test(name) && !/^(float16|complex|bytes)/.test(dtype),
    );
    expect(same.length).toBeGreaterThan(10);
    for (const { base64 } of same) expect(writeNpy(readNpy(base64, "a.npy"))).toEqual(base64);
  });

  it("refuses elements that are not as many as the shape holds", () => {
    expect(() => writeNpy({ shape: [2, 2], data: new Float32Array(3) })).toThrow(
      "[2,2] holds 4 elements; got 3",
    );
  });
});

describe("npz", () => {
  it.each(FILES.archives)("opens what is $name by NumPy", ({ base64 }) => {
    const file = openNpz(base64, "a.npz");
    expect(file.names).toEqual(["x", "y"]);
    expect(file.read("x")).toEqual({
      shape: [2, 3],
      dtype: "float32",
      data: Float32Array.of(0, 1, 2, 3, 4, 5),
    });
    expect(file.read("y").data).toEqual(["a", "b"]);
  });

  it.each([false, true])("gives back what it wrote, with compress: %s", (compress) => {
    const arrays: [string, NpyArray][] = [
      ["x", { shape: [300, 2], dtype: "float64", data: new Float64Array(600).fill(0.5) }],
      ["labels/é", { shape: [2], dtype: "str", data: ["🎵", ""] }],
    ];
    const bytes = writeNpz(arrays, { compress });
    const file = openNpz(bytes, "a.npz");
    expect(file.names.map((name) => [name, file.read(name)])).toEqual(arrays);
    expect(writeNpz(arrays, { compress })).toEqual(bytes);
    expect(bytes.length < 4800).toBe(compress);
  });

  it("refuses what is no archive of arrays, naming file and array", () => {
    expect(() => openNpz(writeZip([["a.txt", new Uint8Array(3)]]), "a.npz")).toThrow(
      'a.npz: an .npz file holds .npy files only; got "a.txt"',
    );
    const damaged = openNpz(writeZip([["x.npy", new Uint8Array(3)]]), "a.npz");
    expect(() => damaged.read("x")).toThrow('a.npz: array "x": not an array');
    expect(() => damaged.read("y")).toThrow('a.npz: the zip archive has no "y.npy"');
  });
});

describe("numbersOf", () => {
  it("makes int32 of whole numbers and truth values, float32 of others", () => {
    const whole = numbersOf({ shape: [2], dtype: "int64", data: BigInt64Array.of(-1n, 2n) }, "x");
    expect(whole).toEqual({ shape: [2], data: Int32Array.of(-1, 2) });
    const float = numbersOf({ shape: [], dtype: "float64", data: Float64Array.of(0.1) }, "x");
    expect(float.data).toEqual(Float32Array.of(0.1));
  });

  it.each<[NpyArray, string]>([
    [{ shape: [1], dtype: "str", data: ["a"] }, "x must hold numbers; it has str of shape [1]"],
    [{ shape: [1], dtype: "complex64", data: Float32Array.of(1, 2) }, "it has complex64"],
    [
      { shape: [1], dtype: "int64", data: BigInt64Array.of(2n ** 31n) },
      "must fit an int32; got 2147483648 at index 0",
    ],
    [{ shape: [1], dtype: "uint64", data: BigUint64Array.of(2n ** 64n - 1n) }, "got 18446744073709551615"],
    [
      { shape: [1], dtype: "float64", data: Float64Array.of(1e39) },
      "must fit a float32; got 1e+39 at index 0",
    ],
  ])("refuses what they cannot hold", (array, message) => {
    expect(() => numbersOf(array, "x")).toThrow(message);
  });
});
