/** @file The kernel from bytes to numbers, on both sides of its groups. */
import { expect, it } from "vitest";
import { KernelBuilder } from "../machine/builder.ts";
import { emitWasmModule, WASM_TRAITS } from "../machine/wasm.ts";
import { wasmRunner } from "../runtime/thread.js";
import { UNIT_BYTES, writeUnitBytes, writeUnitRows } from "./unit-bytes.ts";

/** Runs groups of the bytes at one address into numbers at another. */
function run(memory: WebAssembly.Memory, bytes: number, floats: number, [start, end]: [number, number]) {
  const k = new KernelBuilder(WASM_TRAITS, 4);
  writeUnitBytes(k);
  const limits = { initialPages: 1, maximumPages: 1, shared: false };
  const module = emitWasmModule([k.finish()], limits);
  wasmRunner({ kind: "wasm", module }, memory)(0, [0, 0, bytes, floats])(start, end);
}

it("gives b / 255, rounded to float32, for every byte", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  new Uint8Array(memory.buffer, 1001, 256).set(Array.from({ length: 256 }, (_, i) => i));
  run(memory, 1001, 4096, [0, 256 / UNIT_BYTES]);
  const numbers = Array.from(new Float32Array(memory.buffer, 4096, 256));
  expect(numbers).toEqual(Array.from({ length: 256 }, (_, i) => Math.fround(i / 255)));
});

it("reads the bytes of the last quarter before numbers are written there, and writes nothing else", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const floats = new Float32Array(memory.buffer).fill(-1);
  new Uint8Array(memory.buffer, 64 + 3 * 48, 48).set(Array.from({ length: 48 }, (_, i) => 5 * i));
  run(memory, 64 + 3 * 48, 64, [0, 3]);
  const expected = Array.from({ length: 48 }, (_, i) => Math.fround((5 * i) / 255));
  expect(Array.from(floats.subarray(15, 15 + 50))).toEqual([-1, ...expected, -1]);
});

it.each([16, 17, 31, 48, 50])(
  "makes numbers of rows of %i bytes, wherever they are, and writes nothing else",
  (size) => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    const floats = new Float32Array(memory.buffer).fill(-1);
    const [table, rows, place] = [8, 1024, 4096];
    const bytes = new Uint8Array(memory.buffer, rows, 4 * size).map((_, i) => 29 * i);
    new Uint8Array(memory.buffer, rows).set(bytes);
    const order = [2, 0, 3];
    new Int32Array(memory.buffer, table).set(order.map((row) => rows + row * size));
    const k = new KernelBuilder(WASM_TRAITS, 6);
    writeUnitRows(k);
    const limits = { initialPages: 1, maximumPages: 1, shared: false };
    const module = emitWasmModule([k.finish()], limits);
    wasmRunner({ kind: "wasm", module }, memory)(0, [0, 0, table, place, size, 0])(0, 3);
    const expected = order.flatMap((row) =>
      Array.from(bytes.subarray(row * size, (row + 1) * size), (byte) => Math.fround(byte / 255)),
    );
    const found = floats.subarray(place / 4 - 1, place / 4 + 3 * size + 1);
    expect(Array.from(found)).toEqual([-1, ...expected, -1]);
  },
);
