/** @file Bytes as numbers on 0 … 1, wherever the numbers go. */
import { describe, expect, it } from "vitest";
import { Arena } from "./arena.ts";
import { ResidentRows, writeUnits } from "./unit-bytes.ts";

const lists = (count: number, size: number) =>
  Array.from({ length: count }, (_, i) => Uint8Array.from({ length: size }, (_, at) => 7 * i + 31 * at));

const expected = (given: readonly Uint8Array[]) =>
  given.flatMap((list) => Array.from(list, (byte) => Math.fround(byte / 255)));

it.each([
  ["an arena's memory that threads share", true],
  ["an arena's memory of one thread", false],
])("writes into %s, and nothing behind it", (_, shared) => {
  const arena = new Arena(shared);
  const owner = {};
  const address = arena.allocate(4000, owner);
  for (const [count, size] of [
    [1, 1],
    [3, 5],
    [4, 16],
    [5, 27],
    [2, 300],
  ]) {
    const to = arena.floats(address, 1000).fill(-1);
    const given = lists(count, size);
    writeUnits(given, to);
    expect(Array.from(to.subarray(0, count * size + 1))).toEqual([...expected(given), -1]);
  }
});

it("writes into an arena's memory that has grown since", () => {
  const arena = new Arena(true, 4 * 65536);
  const owner = {};
  const address = arena.allocate(4000, owner);
  const early = arena.floats(address, 100);
  arena.allocate(40 * 65536, owner);
  const given = lists(2, 40);
  for (const to of [early, arena.floats(address, 100)]) {
    writeUnits(given, to);
    expect(Array.from(to.subarray(0, 80))).toEqual(expected(given));
  }
});

it("writes into any other array, also many or large pictures at once, and from shared bytes", () => {
  for (const [count, size] of [
    [0, 3],
    [2, 0],
    [40, 784],
    [3, 20_001],
  ]) {
    const given = lists(count, size).map((list) => {
      const shared = new Uint8Array(new SharedArrayBuffer(size));
      shared.set(list);
      return shared;
    });
    const to = new Float32Array(count * size + 1).fill(-1);
    writeUnits(given, to);
    expect(to).toEqual(Float32Array.from([...expected(given), -1]));
  }
});

describe("rows in an arena's memory", () => {
  const given = lists(3000, 20);
  const fill = (bytes: Uint8Array) => given.forEach((list, i) => bytes.set(list, i * 20));

  it("become numbers there, more of them than a table has room for, also when the memory has been replaced since", () => {
    const arena = new Arena(true, 20 * 65536);
    const owner = {};
    const address = arena.allocate(4 * 20 * 2500, owner);
    const rows = new ResidentRows(arena, 3000, 20, fill);
    const chosen = Uint32Array.from({ length: 2500 }, (_, i) => (7 * i) % 3000);
    const wanted = expected(Array.from(chosen, (row) => given[row]));
    for (let turn = 0; turn < 2; turn++) {
      const to = arena.floats(address, 20 * 2500).fill(-1);
      expect(rows.write(chosen, to.byteOffset)).toBe(true);
      expect(Array.from(to)).toEqual(wanted);
      arena.allocate(600 * 65536, owner);
    }
  });

  it("are not there where that would move what is in use", () => {
    const own = new Arena(false);
    expect(new ResidentRows(own, 3000, 20, fill).write([1], 64)).toBe(false);
    const small = new Arena(true, 65536);
    const pages = Number(small.limits.maximumPages);
    const rows = new ResidentRows(small, pages * 65536, 16, () => expect.unreachable("there is no room"));
    expect(rows.write([1], 64)).toBe(false);
  });
});
