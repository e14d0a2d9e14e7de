import { describe, expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import { floatArray, intArray, type NumericArray } from "../tensor/array.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

/** A file of the given header, however wrong, and data. */
function fileOf(header: string | Uint8Array, data: Uint8Array | number = 0): Uint8Array {
  const json = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const values = typeof data === "number" ? new Uint8Array(data) : data;
  const bytes = new Uint8Array(8 + json.length + values.length);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 8);
  bytes.set(values, 8 + json.length);
  return bytes;
}

function headerOf(bytes: Uint8Array): string {
  const length = new DataView(bytes.buffer).getUint32(0, true);
  return new TextDecoder().decode(bytes.subarray(8, 8 + length));
}

/** One tensor "a" whose entry is given. */
function entry(dtype: string, shape: string, offsets: string): string {
  return `"a":{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;
}

/*
 * Made by Python's safetensors 0.8.0, numpy 2.4.6 and ml_dtypes 0.6.0:
 *
 *   from safetensors.numpy import save
 *   t = {"kernel": np.array([[1.5, -2], [0.1, 3e38]], np.float32),
 *        "label": np.array([1, -2, 2**31 - 1], np.int32),
 *        "half": np.array([1.5, -0.0, 2**-24, 65504, -np.inf, np.nan], np.float16),
 *        "brain": np.array([1.5, -3e38, np.inf], ml_dtypes.bfloat16), "double": np.array([0.1, -1e30]),
 *        "long": np.array([-3, 2**31 - 1], np.int64), "byte": np.array([0, 7, 255], np.uint8)}
 *   print(base64.b64encode(save(t)).decode())
 */
const ALL_DTYPES = Buffer.from(
  "oAEAAAAAAAB7ImxvbmciOnsiZHR5cGUiOiJJNjQiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlswLDE2XX0sImRvdWJsZSI6" +
    "eyJkdHlwZSI6IkY2NCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzE2LDMyXX0sImtlcm5lbCI6eyJkdHlwZSI6IkYzMiIs" +
    "InNoYXBlIjpbMiwyXSwiZGF0YV9vZmZzZXRzIjpbMzIsNDhdfSwibGFiZWwiOnsiZHR5cGUiOiJJMzIiLCJzaGFwZSI6WzNdLCJk" +
    "YXRhX29mZnNldHMiOls0OCw2MF19LCJicmFpbiI6eyJkdHlwZSI6IkJGMTYiLCJzaGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOls2" +
    "MCw2Nl19LCJoYWxmIjp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOls2XSwiZGF0YV9vZmZzZXRzIjpbNjYsNzhdfSwiYnl0ZSI6eyJk" +
    "dHlwZSI6IlU4Iiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpbNzgsODFdfX0gIP3/////////////fwAAAACamZmZmZm5P+qM" +
    "oDlZPinGAADAPwAAAMDNzMw95rFhfwEAAAD+////////f8A/Yv+AfwA+AIABAP97APwAfgAH/w==",
  "base64",
);

/*
 * Made by Python's safetensors 0.8.0 and numpy 2.4.6, whose order of tensors and bytes writeSafetensors
 * must match:
 *
 *   t = {"größe 音": np.array([4], np.float32), "scalar": np.array(2.5, np.float32),
 *        "10": np.zeros((0, 3), np.float32), "9": np.array([[1, 2, 3]], np.float32),
 *        "label": np.array([-7], np.int32), 'a"\n\\/': np.array([1], np.int32)}
 *   print(base64.b64encode(save(t, metadata={"format": "np"})).decode())
 */
const OWN_DTYPES = Buffer.from(
  "iAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJucCJ9LCIxMCI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMCwzXSwi" +
    "ZGF0YV9vZmZzZXRzIjpbMCwwXX0sIjkiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzEsM10sImRhdGFfb2Zmc2V0cyI6WzAsMTJd" +
    "fSwiZ3LDtsOfZSDpn7MiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNldHMiOlsxMiwxNl19LCJzY2FsYXIi" +
    "OnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6W10sImRhdGFfb2Zmc2V0cyI6WzE2LDIwXX0sImFcIlxuXFwvIjp7ImR0eXBlIjoiSTMy" +
    "Iiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbMjAsMjRdfSwibGFiZWwiOnsiZHR5cGUiOiJJMzIiLCJzaGFwZSI6WzFdLCJk" +
    "YXRhX29mZnNldHMiOlsyNCwyOF19fSAgIAAAgD8AAABAAABAQAAAgEAAACBAAQAAAPn///8=",
  "base64",
);

describe("files by Python's safetensors", () => {
  const { tensors, metadata } = readSafetensors(ALL_DTYPES, "golden");

  it("are read in the order of their data, without metadata", () => {
    expect([...tensors.keys()]).toEqual(["long", "double", "kernel", "label", "brain", "half", "byte"]);
    expect(metadata).toEqual({});
  });

  it.each([
    { name: "kernel", array: floatArray([1.5, -2, 0.1, 3e38], [2, 2]) },
    { name: "label", array: intArray([1, -2, 2 ** 31 - 1], [3]) },
    // 65504 = (1 + 1023/1024)·2¹⁵, the greatest half.
    { name: "half", array: floatArray([1.5, -0, 2 ** -24, 65504, -Infinity, NaN], [6]) },
    // -3e38 rounded to 7 fraction bits: -(1 + 98/128)·2¹²⁷ = -3.0042e38.
    { name: "brain", array: floatArray([1.5, -(226 / 128) * 2 ** 127, Infinity], [3]) },
    { name: "double", array: floatArray([0.1, -1e30], [2]) },
    { name: "long", array: intArray([-3, 2 ** 31 - 1], [2]) },
    { name: "byte", array: intArray([0, 7, 255], [3]) },
  ])("$name has its shape and values", ({ name, array }) => {
    expect(tensors.get(name)).toEqual(array);
  });

  it("are written back byte for byte", () => {
    const read = readSafetensors(OWN_DTYPES, "golden");
    expect(read.metadata).toEqual({ format: "np" });
    expect(read.tensors.get("scalar")).toEqual(floatArray([2.5], []));
    expect(read.tensors.get("10")).toEqual(floatArray([], [0, 3]));
    expect(read.tensors.get("größe 音")).toEqual(floatArray([4], [1]));
    expect(read.tensors.get('a"\n\\/')).toEqual(intArray([1], [1]));
    expect(Buffer.from(writeSafetensors(read.tensors, read.metadata))).toEqual(OWN_DTYPES);
  });
});

describe("writeSafetensors", () => {
  const tensors: [string, NumericArray][] = [
    ["b", floatArray([1, 2], [2])],
    ["labels", intArray([3], [1])],
    ["a", floatArray([4], [1])],
  ];

  it("gives the same bytes in whatever order tensors and metadata come", () => {
    const bytes = writeSafetensors(tensors, { y: "1", x: "2" });
    expect(writeSafetensors(tensors.toReversed(), { x: "2", y: "1" })).toEqual(bytes);
    expect(headerOf(bytes).trimEnd()).toBe(
      '{"__metadata__":{"x":"2","y":"1"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},' +
        '"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},' +
        '"labels":{"dtype":"I32","shape":[1],"data_offsets":[12,16]}}',
    );
  });

  it("pads the header with spaces so that the data begins at a multiple of 8", () => {
    for (let extra = 0; extra < 8; extra++) {
      const bytes = writeSafetensors(tensors, { note: "n".repeat(extra) });
      const header = headerOf(bytes);
      expect(header.length % 8).toBe(0);
      expect(header).toMatch(/\} {0,7}$/);
      expect(bytes).toHaveLength(8 + header.length + 16);
    }
  });

  it("writes no tensors as an empty object", () => {
    // The reference's own test: serialize of nothing is 8 as a u64, then "{}" and six spaces.
    expect([...writeSafetensors([])]).toEqual([8, 0, 0, 0, 0, 0, 0, 0, 123, 125, 32, 32, 32, 32, 32, 32]);
  });

  it("keeps every bit, of NaN too", () => {
    const bits = Int32Array.from([0x7fc00000, 0x7f800001, 0xffc12345 | 0, 0x80000000 | 0, 1]);
    const written = writeSafetensors([["nan", floatArray(new Float32Array(bits.buffer), [5])]]);
    const read = readSafetensors(written, "nan").tensors.get("nan");
    expect(read).toBeDefined();
    expect(new Int32Array(read!.data.buffer)).toEqual(bits);
  });

  it("writes and reads views at odd places", () => {
    const part = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    const written = writeSafetensors([["part", { shape: [2], data: part }]]);
    const moved = new Uint8Array(written.length + 3);
    moved.set(written, 3);
    expect(readSafetensors(moved.subarray(3), "moved").tensors.get("part")).toEqual(floatArray([1, 2], [2]));
  });

  it("keeps names that objects treat specially", () => {
    const odd: [string, NumericArray][] = ["__proto__", "constructor", "0", ""].map((name, i) => [
      name,
      floatArray([i], [1]),
    ]);
    const read = readSafetensors(writeSafetensors(odd, { constructor: "c" }), "odd");
    expect(read.tensors).toEqual(new Map(odd.toSorted(([a], [b]) => (a < b ? -1 : 1))));
    expect(Object.entries(read.metadata)).toEqual([["constructor", "c"]]);
  });

  it.each([
    { tensors: [tensors[0], tensors[0]], message: /own name; "b" occurs twice/ },
    { tensors: [["__metadata__", tensors[0][1]]], message: /"__metadata__" is kept for the metadata/ },
    { tensors: [["\ud800", tensors[0][1]]], message: /valid Unicode; got "\\ud800"/ },
    {
      tensors: [["a", { shape: [3], data: new Float32Array(2) }]],
      message: /tensor "a" of shape \[3\] must hold 3 numbers; got 2/,
    },
  ] satisfies { tensors: [string, NumericArray][]; message: RegExp }[])("refuses: $message", (wrong) => {
    expect(() => writeSafetensors(wrong.tensors)).toThrow(AuricleError);
    expect(() => writeSafetensors(wrong.tensors)).toThrow(wrong.message);
  });
});

describe("readSafetensors accepts what the format allows", () => {
  it("spaces around the header, tensors in any order, unknown fields", () => {
    const header =
      ' {"z":{"dtype":"I32","shape":[1],"data_offsets":[4,8],"note":null},' +
      `${entry("U8", "[4]", "[0,4]")}} `;
    const read = readSafetensors(fileOf(header, new Uint8Array([1, 2, 3, 4, 5, 0, 0, 0])), "file");
    expect([...read.tensors]).toEqual([
      ["a", intArray([1, 2, 3, 4], [4])],
      ["z", intArray([5], [1])],
    ]);
  });

  it("the same key in different objects, and braces, quotes and colons inside names", () => {
    const header = `{"__metadata__":{"a":"{\\"a\\":1}"},${entry("F32", "[]", "[0,4]")}}`;
    expect(readSafetensors(fileOf(header, 4), "file").metadata).toEqual({ a: '{"a":1}' });
  });
});

describe("readSafetensors refuses, naming the file", () => {
  const deep = "[".repeat(200_000) + "]".repeat(200_000);

  it.each([
    { bytes: new Uint8Array(0), message: /at least 8 bytes; got 0/ },
    { bytes: new Uint8Array(7), message: /at least 8 bytes; got 7/ },
    {
      bytes: new Uint8Array([9, 0, 0, 0, 0, 0, 0, 0, 123, 125]),
      message: /should have 9 bytes; got 2; .*truncated/,
    },
    { bytes: new Uint8Array(8).fill(255), message: /at most 100000000 bytes; got 18446744073709551615/ },
    // 100,000,001 = 0x05f5e101.
    { bytes: new Uint8Array([1, 0xe1, 0xf5, 5, 0, 0, 0, 0]), message: /at most .*; got 100000001/ },
    { bytes: new Uint8Array([0, 0xe1, 0xf5, 5, 0, 0, 0, 0]), message: /should have 100000000 bytes; got 0/ },
    { bytes: fileOf(""), message: /must be JSON/ },
    { bytes: fileOf('{"a"'), message: /must be JSON/ },
    // JSON but for its encoding: ÿ as the single byte 0xff.
    { bytes: fileOf(Buffer.from('{"__metadata__":{"k":"ÿ"}}', "latin1")), message: /JSON in UTF-8/ },
    { bytes: fileOf("\ufeff{}"), message: /must be JSON/ },
    { bytes: fileOf("[]"), message: /must be a JSON object; got \[\]/ },
    { bytes: fileOf("null"), message: /must be a JSON object; got null/ },
    { bytes: fileOf("{}", 3), message: /take 0 bytes; got 3 .*belong to no tensor/ },
    { bytes: fileOf('{"__metadata__":null}'), message: /__metadata__ must be a JSON object; got null/ },
    { bytes: fileOf('{"__metadata__":{"k":1}}'), message: /text only; got 1 for "k"/ },
    { bytes: fileOf('{"__metadata__":{"k":"\\ud800"}}'), message: /valid Unicode/ },
    { bytes: fileOf('{"__metadata__":{"k":"1","k":"2"}}'), message: /occur once .*"k" twice/ },
    { bytes: fileOf(`{"b":${deep}}`), message: /tensor "b": its entry must be .*; got \[/ },
  ])("$message", ({ bytes, message }) => {
    expect(() => readSafetensors(bytes, "m.safetensors")).toThrow(AuricleError);
    expect(() => readSafetensors(bytes, "m.safetensors")).toThrow(/^m\.safetensors: /);
    expect(() => readSafetensors(bytes, "m.safetensors")).toThrow(message);
  });

  const f32 = entry("F32", "[1]", "[0,4]");
  it.each([
    { header: `{${f32},${f32}}`, data: 4, message: /each name must occur once in the header; got "a" twice/ },
    { header: `{${f32},${f32.replace("a", "\\u0061")}}`, data: 4, message: /"a" twice/ },
    { header: `{${f32.replace('"shape"', '"dtype":"F32","shape"')}}`, data: 4, message: /"dtype" twice/ },
    { header: `{${f32}}`, data: 3, message: /take 4 bytes; got 3 .*truncated/ },
    { header: `{${f32}}`, data: 5, message: /take 4 bytes; got 5 .*belong to no tensor/ },
    { header: `{${entry("F32", "[1]", "[4,8]")}}`, data: 8, message: /leaves a gap .*begin at 0; got 4/ },
    {
      header: `{${f32},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}`,
      data: 6,
      message: /tensor "b": its data overlaps .*begin at 4; got 2/,
    },
    {
      header: `{${f32},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`,
      data: 4,
      message: /tensor "b": its data overlaps/,
    },
    {
      header: `{${entry("F32", "[2]", "[0,4]")}}`,
      data: 4,
      message: /F32 of shape \[2\] takes 8 bytes; .* hold 4/,
    },
    { header: `{${entry("F64", "[1]", "[0,4]")}}`, data: 4, message: /takes 8 bytes/ },
    { header: `{${entry("F32", "[0]", "[0,4]")}}`, data: 4, message: /takes 0 bytes/ },
    { header: `{${entry("F32", "[1]", "[4,0]")}}`, data: 4, message: /begin <= end; got \[4,0\]/ },
    { header: `{${entry("F32", "[1]", "[0,4,8]")}}`, data: 4, message: /data_offsets must be/ },
    { header: `{${entry("F32", "[1]", "4")}}`, data: 4, message: /data_offsets .*; got 4/ },
    { header: `{${entry("F32", "[-1]", "[0,4]")}}`, data: 4, message: /whole numbers; got \[-1\]/ },
    { header: `{${entry("F32", "[-0]", "[0,0]")}}`, data: 0, message: /whole numbers/ },
    { header: `{${entry("F32", "[0.5]", "[0,2]")}}`, data: 2, message: /whole numbers; got \[0.5\]/ },
    { header: `{${entry("F32", '["1"]', "[0,4]")}}`, data: 4, message: /whole numbers; got \[/ },
    { header: `{${entry("F32", "{}", "[0,4]")}}`, data: 4, message: /whole numbers; got \{/ },
    { header: `{${entry("F32", deep, "[0,4]")}}`, data: 4, message: /whole numbers; got \[/ },
    { header: `{${entry("F32", "[1e300,1e300]", "[0,4]")}}`, data: 4, message: /whole numbers/ },
    // Would be 2⁵⁴ bytes: refused before anything is allocated.
    {
      header: `{${entry("F32", "[4503599627370496]", "[0,4]")}}`,
      data: 4,
      message: /takes 18014398509481984 bytes/,
    },
    {
      header: `{${entry("U8", "[9007199254740991]", "[0,9007199254740991]")}}`,
      data: 1,
      message: /take 9007199254740991 bytes; got 1 /,
    },
    {
      header: `{${entry("F8_E4M3", "[4]", "[0,4]")}}`,
      data: 4,
      message: /dtype must be one of F32, .*"F8_E4M3"/,
    },
    { header: `{${entry("toString", "[4]", "[0,4]")}}`, data: 4, message: /dtype must be one of/ },
    { header: '{"a":{"shape":[1],"data_offsets":[0,4]}}', data: 4, message: /dtype .*; got nothing/ },
    { header: '{"a":3}', data: 0, message: /tensor "a": its entry must be a JSON object; got 3/ },
    {
      header: `{"\\udc00${f32.slice(2)}}`,
      data: 4,
      message: /tensor "\\udc00": a name must be valid Unicode/,
    },
    { header: `{"${"x".repeat(500)}":3}`, data: 0, message: /tensor "x{100}…": / },
  ])("$message", ({ header, data, message }) => {
    const read = () => readSafetensors(fileOf(header, data), "m.safetensors");
    expect(read).toThrow(AuricleError);
    expect(read).toThrow(/^m\.safetensors: /);
    expect(read).toThrow(message);
  });

  it("a whole number beyond int32 and a number beyond float32, with their places", () => {
    const long = new Uint8Array(BigInt64Array.from([5n, 2n ** 31n]).buffer);
    expect(() => readSafetensors(fileOf(`{${entry("I64", "[2]", "[0,16]")}}`, long), "m")).toThrow(
      'm: tensor "a": every value must fit an int32; got 2147483648 at index 1',
    );
    const double = new Uint8Array(Float64Array.from([Infinity, NaN, -1e39]).buffer);
    expect(() => readSafetensors(fileOf(`{${entry("F64", "[3]", "[0,24]")}}`, double), "m")).toThrow(
      'm: tensor "a": every value must fit a float32; got -1e+39 at index 2',
    );
  });
});
