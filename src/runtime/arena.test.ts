import { describe, expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import { Arena } from "./arena.ts";

describe("Arena", () => {
  it("keeps contents while it grows", () => {
    const arena = new Arena();
    const first = arena.allocate(400);
    arena.floats(first, 100).fill(7);
    const second = arena.allocate(3e6);
    arena.floats(second, 750000).fill(8);
    expect(second).toBeGreaterThanOrEqual(first + 400);
    expect(arena.floats(first, 100).every((value) => value === 7)).toBe(true);
    expect(arena.floats(second, 750000).every((value) => value === 8)).toBe(true);
  });

  it("aligns to cache lines and never gives out address 0", () => {
    const arena = new Arena();
    const addresses = [1, 65, 0, 4].map((bytes) => arena.allocate(bytes));
    expect(addresses.map((address) => address % 64)).toEqual([0, 0, 0, 0]);
    expect(addresses[0]).toBeGreaterThan(0);
    expect(addresses[1] - addresses[0]).toBe(64);
    expect(addresses[2] - addresses[1]).toBe(128);
  });

  it("gives all programs one stretch of scratch memory, as large as the largest asks for", () => {
    const arena = new Arena();
    const small = arena.scratchOf(1000);
    const bytes = arena.bytes;
    expect(arena.scratchOf(500)).toBe(small);
    expect(arena.bytes).toBe(bytes);
    // Nothing lies behind it: it grows where it is.
    expect(arena.scratchOf(5000)).toBe(small);
    const kept = arena.allocate(64);
    arena.floats(kept, 16).fill(3);
    // Something does: another stretch, which leaves that alone.
    const large = arena.scratchOf(9000);
    expect(large).toBeGreaterThan(kept);
    arena.floats(large, 2250).fill(0);
    expect(arena.floats(kept, 16)[15]).toBe(3);
  });

  it("says how much is missing when the engine has no more, and stays usable", () => {
    const arena = new Arena();
    const before = arena.bytes;
    let thrown: unknown;
    try {
      arena.allocate(5e9);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(AuricleError);
    expect(thrown).toMatchObject({
      code: "unsupported",
      message: expect.stringMatching(/needs 5001 MB.*smaller batch/),
    });
    expect(arena.bytes).toBe(before);
    const address = arena.allocate(64);
    arena.floats(address, 16).fill(1);
    expect(address).toBe(before);
  });

  it("works without shared memory", () => {
    const arena = new Arena(false);
    const address = arena.allocate(64);
    arena.floats(address, 16).fill(5);
    arena.allocate(1e6);
    expect(arena.floats(address, 16)[0]).toBe(5);
    expect(arena.limits.shared).toBe(false);
  });
});
