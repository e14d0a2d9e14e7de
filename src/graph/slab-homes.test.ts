import { expect, it } from "vitest";
import { Arena } from "../runtime/arena.ts";
import { SlabHomes } from "./slab-homes.ts";
import { Slab } from "./slab.ts";

const NUMBERS = Float32Array.from({ length: 1000 }, (_, i) => i + 1);

it("moves numbers once, and says so while nothing of their memory was written", () => {
  const arena = new Arena(false);
  const homes = SlabHomes.of(arena);
  const slab = new Slab("weights", NUMBERS.slice());
  const before: number[] = [];
  const whole = () => new Float32Array(arena.memory.buffer);
  const address = homes.addressOf(slab, () => before.push(whole().length, whole().filter(Boolean).length));
  expect(before).toEqual([whole().length, 0]);
  slab.edit()[0] = 7;
  expect(homes.addressOf(slab, () => before.push(0))).toBe(address);
  expect(before.length).toBe(2);
  expect([...arena.floats(address, 3)]).toEqual([7, 2, 3]);
});

it("gives zeros their memory late, and writes them where other numbers were", () => {
  const arena = new Arena(false);
  new Float32Array(arena.memory.buffer).fill(1);
  const slab = new Slab("gradients", 2048);
  const address = SlabHomes.of(arena).addressOf(slab);
  expect([...new Set(arena.floats(address, 2048))]).toEqual([0]);
});

it("keeps what was written to zeros before an arena had them", () => {
  const slab = new Slab("statistics", 4);
  slab.edit()[2] = 5;
  expect([...slab.view()]).toEqual([0, 0, 5, 0]);
  const homes = SlabHomes.of(new Arena(false));
  homes.addressOf(slab);
  expect([...slab.view()]).toEqual([0, 0, 5, 0]);
});
