import { describe, expect, it } from "vitest";
import { KernelBuilder } from "./builder.ts";
import { ByteWriter, OPCODE, SIMD } from "./wasm-encoding.ts";
import { emitWasmModule, WASM_RELAXED_TRAITS, WASM_TRAITS } from "./wasm.ts";

const bytesOf = (writer: ByteWriter) => [...writer.finish()];

describe("ByteWriter", () => {
  it.each([
    [0, [0x00]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [16383, [0xff, 0x7f]],
    [16384, [0x80, 0x80, 0x01]],
    [624485, [0xe5, 0x8e, 0x26]], // the example of the DWARF specification
    [2 ** 31, [0x80, 0x80, 0x80, 0x80, 0x08]],
    [2 ** 32 - 1, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])("writes unsigned %i as LEB128", (value, bytes) => {
    expect(bytesOf(new ByteWriter().unsigned(value))).toEqual(bytes);
  });

  it.each([
    [0, [0x00]],
    [63, [0x3f]],
    [64, [0xc0, 0x00]],
    [-1, [0x7f]],
    [-64, [0x40]],
    [-65, [0xbf, 0x7f]],
    [127, [0xff, 0x00]],
    [-128, [0x80, 0x7f]],
    [-123456, [0xc0, 0xbb, 0x78]], // the example of the DWARF specification
    [2 ** 31 - 1, [0xff, 0xff, 0xff, 0xff, 0x07]],
    [-(2 ** 31), [0x80, 0x80, 0x80, 0x80, 0x78]],
    [2 ** 32 - 1, [0x7f]], // an unsigned constant is the int32 of the same bits
  ])("writes signed %i as LEB128", (value, bytes) => {
    expect(bytesOf(new ByteWriter().signed(value))).toEqual(bytes);
  });

  it("writes numbers little-endian and names with their length", () => {
    expect(bytesOf(new ByteWriter().float32(1))).toEqual([0, 0, 0x80, 0x3f]);
    expect(bytesOf(new ByteWriter().float32(-0))).toEqual([0, 0, 0, 0x80]);
    expect(bytesOf(new ByteWriter().float32(-Infinity))).toEqual([0, 0, 0x80, 0xff]);
    expect(bytesOf(new ByteWriter().float32(1e-45))).toEqual([1, 0, 0, 0]);
    expect(bytesOf(new ByteWriter().int32(-2))).toEqual([0xfe, 0xff, 0xff, 0xff]);
    expect(bytesOf(new ByteWriter().name("k0"))).toEqual([2, 0x6b, 0x30]);
  });

  it("keeps all bytes while it grows", () => {
    const part = new ByteWriter();
    for (let i = 0; i < 3000; i++) part.byte(i & 0xff);
    const whole = new ByteWriter().byte(7).append(part).append(part);
    expect(whole.length).toBe(6001);
    expect(whole.finish()[1 + 2999]).toBe(2999 & 0xff);
    expect(whole.finish()[6000]).toBe(2999 & 0xff);
  });
});

describe("opcodes", () => {
  it("are those of the specification's table", () => {
    expect(OPCODE).toMatchObject({
      br_if: 0x0d,
      select: 0x1b,
      local_tee: 0x22,
      i32_load: 0x28,
      i32_ge_u: 0x4f,
      i32_rem_u: 0x70,
    });
    expect(SIMD).toMatchObject({
      v128_load: 0x00,
      v128_load32_splat: 0x09,
      v128_store: 0x0b,
      v128_const: 0x0c,
      i8x16_shuffle: 0x0d,
      v128_bitselect: 0x52,
      v128_load32_lane: 0x56,
      v128_store32_lane: 0x5a,
      v128_load64_zero: 0x5d,
      f32x4_nearest: 0x6a,
      i32x4_mul: 0xb5,
      f32x4_add: 0xe4,
      f32x4_pmax: 0xeb,
      f32x4_relaxed_madd: 0x105,
    });
  });
});

describe("emitWasmModule", () => {
  it("writes a small module byte for byte", () => {
    const k = new KernelBuilder(WASM_TRAITS, 1);
    const [pointer] = k.parameters;
    k.store(pointer, 16, k.binary("add", k.load(pointer), k.constant(1)));
    const limits = { initialPages: 1, maximumPages: 2, shared: true };
    const module = emitWasmModule([k.finish()], limits);
    expect([...module]).toEqual(
      [
        [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // "\0asm", version 1
        [0x01, 0x05, 0x01, 0x60, 0x01, 0x7f, 0x00], // (type (func (param i32)))
        [0x02, 0x10, 0x01, 0x03, 0x65, 0x6e, 0x76, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79], // (import "env" "memory"
        [0x02, 0x03, 0x01, 0x02], //   (memory 1 2 shared))
        [0x03, 0x02, 0x01, 0x00], // (func (type 0))
        [0x07, 0x06, 0x01, 0x02, 0x6b, 0x30, 0x00, 0x00], // (export "k0" (func 0))
        [0x0a, 0x2b, 0x01, 0x29], // code: 43 bytes, one body of 41
        [0x03, 0x00, 0x7f, 0x04, 0x7b, 0x00, 0x7f], // locals: no i32, four v128 of the target's own, no i32
        [0x20, 0x00], // local.get 0
        [0x20, 0x00], // local.get 0
        [0xfd, 0x00, 0x02, 0x00], // v128.load align=4
        [0xfd, 0x0c, 0, 0, 0x80, 0x3f, 0, 0, 0x80, 0x3f, 0, 0, 0x80, 0x3f, 0, 0, 0x80, 0x3f], // v128.const f32x4 1 1 1 1
        [0xfd, 0xe4, 0x01], // f32x4.add
        [0xfd, 0x0b, 0x02, 0x10], // v128.store offset=16 align=4
        [0x0b], // end
      ].flat(),
    );
    expect(WebAssembly.validate(module)).toBe(true);
  });

  it("writes modules without kernels, and with kernels of several signatures", () => {
    const limits = { initialPages: 1, maximumPages: 1, shared: false };
    expect(WebAssembly.validate(emitWasmModule([], limits))).toBe(true);
    const kernels = [3, 1, 3, 0].map((parameters) => new KernelBuilder(WASM_TRAITS, parameters).finish());
    const module = new WebAssembly.Module(emitWasmModule(kernels, limits));
    expect(WebAssembly.Module.exports(module).map(({ name }) => name)).toEqual(["k0", "k1", "k2", "k3"]);
  });

  it("writes a relaxed multiply-add as one instruction and a plain one as two", () => {
    const code = [WASM_TRAITS, WASM_RELAXED_TRAITS].map((traits) => {
      const k = new KernelBuilder(traits, 0);
      k.store(0, 0, k.multiplyAdd(k.constant(2), k.constant(3), k.constant(4)));
      return [...emitWasmModule([k.finish()], { initialPages: 1, maximumPages: 1, shared: false })].join();
    });
    const madd = [0xfd, 0x85, 0x02].join(); // f32x4.relaxed_madd
    const multiplyThenAdd = [0xfd, 0xe6, 0x01, 0xfd, 0xe4, 0x01].join(); // f32x4.mul, f32x4.add
    expect([code[0].includes(madd), code[0].includes(multiplyThenAdd)]).toEqual([false, true]);
    expect([code[1].includes(madd), code[1].includes(multiplyThenAdd)]).toEqual([true, false]);
  });
});
