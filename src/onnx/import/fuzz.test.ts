/**
 * @file Damaged and hostile ONNX files: each is imported or refused by an error of the library. AURICLE_FUZZ draws as many times more.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { conv2d, dense, flatten, maxPooling2d, sequential } from "../../nn/index.ts";
import { deriveKey, Generator } from "../../random/generator.ts";
import { FUZZ_SEED, FUZZ_TIMES } from "../../testing/fuzz.ts";
import { exportOnnx, importOnnx } from "../index.ts";
import { onnxBytes } from "./testing/onnx-bytes.ts";

const SHAPES = onnxBytes({
  inputs: { x: ["batch", 4, 3] },
  outputs: ["y"],
  constants: {
    zero: { shape: [1], ints: [0] },
    rest: { shape: [1], ints: [-1] },
    starts: { shape: [1], ints: [1] },
    ends: { shape: [1], ints: [2 ** 53] },
    pads: { shape: [4], ints: [0, 1, 0, 2] },
    scales: { shape: [3], floats: [1, 2, 1.5] },
    sizes: { shape: [2], ints: [3, 5] },
  },
  nodes: [
    { op: "Shape", inputs: ["x"], outputs: ["s"] },
    { op: "Gather", inputs: ["s", "zero"], outputs: ["n"] },
    { op: "Concat", inputs: ["n", "rest"], outputs: ["wanted"], attributes: { axis: { int: 0 } } },
    { op: "Reshape", inputs: ["x", "wanted"], outputs: ["flat"] },
    { op: "Pad", inputs: ["flat", "pads"], outputs: ["padded"] },
    { op: "Slice", inputs: ["padded", "starts", "ends", "starts"], outputs: ["cut"] },
    { op: "ConstantOfShape", inputs: ["sizes"], outputs: ["zeros"] },
    { op: "ReduceSum", inputs: ["zeros"], outputs: ["sum"] },
    { op: "Add", inputs: ["cut", "sum"], outputs: ["added"] },
    {
      op: "Resize",
      inputs: ["x", "", "scales"],
      outputs: ["larger"],
      attributes: { mode: { text: "linear" } },
    },
    {
      op: "ReduceMax",
      inputs: ["larger"],
      outputs: ["most"],
      attributes: { axes: { ints: [1] }, keepdims: { int: 0 } },
    },
    { op: "Softmax", inputs: ["most"], outputs: ["p"], attributes: { axis: { int: 1 } } },
    { op: "Concat", inputs: ["added", "p"], outputs: ["y"], attributes: { axis: { int: 1 } } },
  ],
});

const OWN = exportOnnx(
  sequential([
    conv2d({ filters: 2, kernelSize: 3, padding: "same", inputShape: [6, 5, 1] }),
    maxPooling2d({ poolSize: 2 }),
    flatten(),
    dense({ units: 3, activation: "softmax" }),
  ]),
).bytes;

// A copy: slices of what is read from a file share its memory.
const MIXED = Uint8Array.from(readFileSync(new URL("testing/torch-mixed.onnx", import.meta.url)));

type Mutation = (bytes: Uint8Array, random: Generator) => Uint8Array;

const below = (random: Generator, count: number) => Math.floor(random.uniform() * count);

function spliced(bytes: Uint8Array, begin: number, end: number, piece: ArrayLike<number>): Uint8Array {
  const result = new Uint8Array(bytes.length - (end - begin) + piece.length);
  result.set(bytes.subarray(0, begin));
  result.set(piece, begin);
  result.set(bytes.subarray(end), begin + piece.length);
  return result;
}

/** Numbers that are too large, negative, endless, or fields of other kinds. */
const PIECES: readonly (readonly number[])[] = [
  [0],
  [1],
  [0x7f],
  [0xff],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
  [0x80, 0x80, 0x80, 0x80, 0x10],
  [0x0a, 0x00],
  [0x3a, 0x02, 0x0a, 0x00],
  [0x2a, 0x04, 0x08, 0x80, 0x80, 0x40],
];

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  "a byte changed": (bytes, random) => {
    const copy = bytes.slice();
    for (let i = below(random, 3); i >= 0; i--) copy[below(random, copy.length)] = below(random, 256);
    return copy;
  },
  "a bit turned": (bytes, random) => {
    const copy = bytes.slice();
    copy[below(random, copy.length)] ^= 1 << below(random, 8);
    return copy;
  },
  "cut off": (bytes, random) => bytes.subarray(0, below(random, bytes.length)),
  "a piece put in": (bytes, random) => {
    const at = below(random, bytes.length);
    return spliced(
      bytes,
      at,
      Math.min(bytes.length, at + below(random, 3)),
      PIECES[below(random, PIECES.length)],
    );
  },
  "a part taken out": (bytes, random) => {
    const at = below(random, bytes.length);
    return spliced(bytes, at, Math.min(bytes.length, at + below(random, 40)), []);
  },
  "a part repeated": (bytes, random) => {
    const at = below(random, bytes.length);
    const part = bytes.subarray(at, at + below(random, 200));
    return spliced(bytes, at, at, part);
  },
};

/** Outcome of one file: undefined where it is imported or refused as it should be. */
function faultOf(bytes: Uint8Array): string | undefined {
  try {
    importOnnx(bytes, { file: "damaged.onnx" });
    return undefined;
  } catch (error) {
    return error instanceof AuricleError && error.message.length > 10
      ? undefined
      : String(error instanceof Error ? error.stack : error);
  }
}

/** Mutations of each kind; the largest file is mostly whole, and then takes as long as any other network. */
const EACH: Readonly<Record<string, number>> = { SHAPES: 60, OWN: 60, MIXED: 8 };

describe.each(Object.entries({ SHAPES, OWN, MIXED }))("%s", (name, bytes) => {
  it.each(Object.entries(MUTATIONS))("with %s", (what, mutate) => {
    const random = new Generator(deriveKey(FUZZ_SEED, `${name} ${what}`));
    for (let i = 0; i < EACH[name] * FUZZ_TIMES; i++) {
      const fault = faultOf(mutate(bytes, random));
      if (fault !== undefined) expect.fail(`${name}, ${what}, number ${i}: ${fault}`);
    }
  });
});

describe("hostile files", () => {
  it("with a million empty messages are refused before they are made", () => {
    const empty = Uint8Array.from({ length: 2 ** 23 }, (_, i) => (i % 2 === 0 ? 0x0a : 0));
    const graph = spliced(empty, 0, 0, [0x3a, 0x80, 0x80, 0x80, 0x04]);
    expect(() => importOnnx(graph)).toThrow(/holds more than \d+ messages/);
  });

  it("with messages in each other without end are refused", () => {
    let bytes = new Uint8Array();
    // A graph in an attribute of a node of a graph, again and again.
    const inside = (tag: number, content: Uint8Array) => {
      const length = [content.length & 127 | 128, (content.length >> 7) & 127 | 128, (content.length >> 14) & 127]; // prettier-ignore
      return new Uint8Array([tag, ...length, ...content]);
    };
    for (let i = 0; i < 60; i++) bytes = inside(0x0a, inside(0x2a, inside(0x32, bytes)));
    expect(() => importOnnx(inside(0x3a, bytes))).toThrow(/in each other more than \d+ deep/);
  });

  it("whose shapes would take all memory are refused", () => {
    const huge = (constants: Parameters<typeof onnxBytes>[0]["constants"], op: string) =>
      onnxBytes({
        inputs: { x: ["batch", 2] },
        outputs: ["y"],
        constants,
        nodes: [
          { op, inputs: ["lengths"], outputs: ["many"] },
          { op: "ReduceSum", inputs: ["many"], outputs: ["sum"], attributes: { keepdims: { int: 0 } } },
          { op: "Add", inputs: ["x", "sum"], outputs: ["y"] },
        ],
      });
    const lengths = { lengths: { shape: [3], ints: [2 ** 20, 2 ** 20, 2 ** 20] } };
    expect(() => importOnnx(huge(lengths, "ConstantOfShape"))).toThrow(
      /\[1048576,1048576,1048576\] needs more than \d+ numbers/,
    );
  });
});
