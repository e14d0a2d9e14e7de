import { expect, it } from "vitest";
import { RecentSound } from "./recent-sound.ts";

const counted = (from: number, count: number) => Float32Array.from({ length: count }, (_, i) => from + i);

it("keeps the last samples, whatever the blocks are", () => {
  for (const sizes of [[3, 3, 3, 3], [10], [1, 9, 2], [7, 7, 7], [25], [4, 4, 25, 1]]) {
    const recent = new RecentSound(7, 5);
    let pushed = 0;
    for (const size of sizes) {
      recent.push(counted(pushed, size));
      pushed += size;
      const kept = Math.min(pushed, 7);
      expect([...recent.samples()]).toEqual([...counted(pushed - kept, kept)]);
      expect(recent.isEnough).toBe(pushed >= 5);
    }
  }
});

it("has enough with what it keeps, where that is less than what is wanted first", () => {
  const recent = new RecentSound(4, 100);
  recent.push(counted(0, 4));
  expect(recent.isEnough).toBe(true);
});
