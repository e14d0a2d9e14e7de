import { afterEach, describe, expect, it, vi } from "vitest";
import { platform } from "#platform";
import { AuricleError } from "../errors.ts";
import { KernelBuilder } from "../machine/builder.ts";
import type { KernelCode } from "../machine/ir.ts";
import { WASM_TRAITS } from "../machine/wasm.ts";
import { loadCode } from "./code.ts";
import { Arena } from "./arena.ts";
import { collectGarbage } from "./collect-garbage.js";

/** A kernel that stores 1 at its pointer. */
function storeOne(): KernelCode {
  const k = new KernelBuilder(WASM_TRAITS, 4);
  k.store(k.parameters[3], 0, k.constant(1));
  return k.finish();
}

describe("Arena", () => {
  afterEach(() => vi.restoreAllMocks());

  it("keeps contents while it grows", () => {
    const arena = new Arena();
    const first = arena.allocate(400, arena);
    arena.floats(first, 100).fill(7);
    const second = arena.allocate(3e6, arena);
    arena.floats(second, 750000).fill(8);
    expect(second).toBeGreaterThanOrEqual(first + 400);
    expect(arena.floats(first, 100).every((value) => value === 7)).toBe(true);
    expect(arena.floats(second, 750000).every((value) => value === 8)).toBe(true);
  });

  it("aligns to cache lines and never gives out address 0", () => {
    const arena = new Arena();
    const addresses = [1, 65, 0, 4].map((bytes) => arena.allocate(bytes, arena));
    expect(addresses.map((address) => address % 64)).toEqual([0, 0, 0, 0]);
    expect(addresses[0]).toBeGreaterThan(0);
    expect(addresses[1] - addresses[0]).toBe(64);
    expect(addresses[2] - addresses[1]).toBe(128);
  });

  it("gives all programs one stretch of scratch memory, as large as the largest asks for", () => {
    const arena = new Arena();
    const small = arena.scratchOf(1000, arena);
    const bytes = arena.bytes;
    expect(arena.scratchOf(500, arena)).toBe(small);
    expect(arena.bytes).toBe(bytes);
    // Nothing lies behind it: it grows where it is.
    expect(arena.scratchOf(5000, arena)).toBe(small);
    const kept = arena.allocate(64, arena);
    arena.floats(kept, 16).fill(3);
    // Something does: another stretch, which leaves that alone.
    const large = arena.scratchOf(9000, arena);
    expect(large).toBeGreaterThan(kept);
    arena.floats(large, 2250).fill(0);
    expect(arena.floats(kept, 16)[15]).toBe(3);
  });

  it("says how much is missing when the engine has no more, and stays usable", () => {
    const arena = new Arena();
    const before = arena.bytes;
    let thrown: unknown;
    try {
      arena.allocate(5e9, arena);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(AuricleError);
    expect(thrown).toMatchObject({
      code: "unsupported",
      message: expect.stringMatching(/needs 5001 MB.*smaller batch/),
    });
    expect(arena.bytes).toBe(before);
    const address = arena.allocate(64, arena);
    arena.floats(address, 16).fill(1);
    expect(address).toBe(before);
  });

  it("gives again what was its owners', all zero, with neighbours joined", async () => {
    const arena = new Arena();
    const fill = (address: number) => arena.floats(address, 16).fill(7);
    const kept = arena.allocate(64, arena);
    fill(kept);
    for (let i = 0; i < 3; i++) fill(arena.allocate(64, { owner: i }));
    arena.scratchOf(640, { program: 0 });
    const last = arena.allocate(64, arena);
    await expect.poll(() => (collectGarbage(), arena.bytes)).toBe(last + 64 - 3 * 64 - 640);
    expect(arena.allocate(832, arena)).toBe(kept + 64);
    expect(arena.floats(kept + 64, 208).every((value) => value === 0)).toBe(true);
    expect(arena.floats(kept, 16)[15]).toBe(7);
  });

  it("keeps scratch memory of programs that may still run when it takes a larger stretch", async () => {
    const arena = new Arena();
    const program = { name: "kept" };
    const first = arena.scratchOf(640, program);
    arena.allocate(64, arena);
    const second = arena.scratchOf(1280, { name: "dropped" });
    expect(second).not.toBe(first);
    await expect.poll(() => (collectGarbage(), arena.bytes)).toBe(64 + 640 + 64);
    expect(arena.allocate(640, arena)).toBeGreaterThan(first);
    expect(program.name).toBe("kept");
  });

  it("takes what the system reserves where that is less than kernels could use", () => {
    const { Memory } = WebAssembly;
    const most = 4096;
    vi.spyOn(WebAssembly, "Memory").mockImplementation(function (descriptor) {
      if ((descriptor.maximum ?? 0) > most) throw new RangeError("could not allocate memory");
      return new Memory(descriptor);
    });
    const arena = new Arena();
    expect(arena.limits.maximumPages).toBe(most);
    const before = arena.bytes;
    expect(() => arena.allocate(3e8, arena)).toThrow(/needs 301 MB at once and the system has no more/);
    expect(arena.bytes).toBe(before);
    arena.floats(arena.allocate(2e8, arena), 16).fill(1);
  });

  it("takes a larger memory with the same contents when it outgrows the first one", () => {
    vi.spyOn(platform, "firstSharedPages").mockReturnValue(2);
    const arena = new Arena(true);
    const { memory: first } = arena;
    const [kept, scratch] = [arena.allocate(40_000, arena), arena.scratchOf(60_000, arena)];
    arena.floats(kept, 10_000).fill(3);
    arena.floats(scratch, 15_000).fill(4);
    expect(arena.memory).toBe(first);
    const large = arena.allocate(1e6, arena);
    expect(arena.memory).not.toBe(first);
    // 64 bytes, three stretches of whole lines and the slack of 1,024 take 17 pages.
    expect(arena.limits.maximumPages).toBe(17);
    expect(arena.floats(kept, 10_000).every((value) => value === 3)).toBe(true);
    expect(arena.floats(scratch, 15_000).every((value) => value === 4)).toBe(true);
    expect(arena.floats(large, 250_000).every((value) => value === 0)).toBe(true);
    arena.allocate(1e5, arena);
    expect(arena.limits.maximumPages).toBe(34);
  });

  it("asks a phone for few addresses, and none at all for memory of one thread", () => {
    const asked: (number | undefined)[] = [];
    const { Memory } = WebAssembly;
    vi.spyOn(platform, "firstSharedPages").mockReturnValue(8192);
    vi.spyOn(WebAssembly, "Memory").mockImplementation(function (descriptor) {
      asked.push(descriptor.maximum);
      // Such a system sets aside a maximum, and refuses large ones.
      if ((descriptor.maximum ?? 0) > 2048) throw new RangeError("could not allocate memory");
      return new Memory(descriptor);
    });
    expect(new Arena(true).limits.maximumPages).toBe(2048);
    expect(asked).toEqual([8192, 4096, 2048]);
    const alone = new Arena(false);
    expect(alone.limits.maximumPages).toBeUndefined();
    alone.floats(alone.allocate(2e8, alone), 16).fill(1);
    const code = loadCode("wasm", [storeOne()], alone.limits).code;
    platform.runnerOf(code, alone.memory)(0, [0, 1, 0, 128])(0, 1);
    expect(alone.floats(128, 1)[0]).toBe(1);
  });

  it("reserves no more addresses than what it will hold takes", () => {
    const arena = new Arena(true, 300_000);
    // With the first 64 bytes and the slack of 1,024.
    expect(arena.limits.maximumPages).toBe(5);
    arena.floats(arena.allocate(300_000, arena), 75_000).fill(1);
    expect(new Arena(true, 0).limits.maximumPages).toBe(1);
    vi.spyOn(platform, "firstSharedPages").mockReturnValue(4);
    expect(new Arena(true, 300_000).limits.maximumPages).toBe(4);
  });

  it("says what to do when the system reserves nothing", () => {
    vi.spyOn(WebAssembly, "Memory").mockImplementation(function () {
      throw new RangeError("could not allocate memory");
    });
    expect(() => new Arena()).toThrow(/^memory: the system reserves no address space.*ulimit -v unlimited/);
  });

  it("works without shared memory", () => {
    const arena = new Arena(false);
    const address = arena.allocate(64, arena);
    arena.floats(address, 16).fill(5);
    arena.allocate(1e6, arena);
    expect(arena.floats(address, 16)[0]).toBe(5);
    expect(arena.limits.shared).toBe(false);
  });
});
