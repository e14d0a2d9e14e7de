import { describe, expect, it } from "vitest";
import { Generator } from "./generator.ts";

describe("Generator", () => {
  it("keeps its key as an unsigned number", () => {
    expect(new Generator(0xfedcba98).key).toBe(0xfedcba98);
    expect(new Generator(-1).key).toBe(0xffffffff);
  });

  // The last of the counters have their upper 32 bits change on the way.
  it.each([
    [1, 0],
    [0xfedcba98, 7],
    [0x80000000, 4294967290],
  ])("fills an array with the next uniform numbers: key %i, counter %i", (key, counter) => {
    const [one, other] = [new Generator(key, counter), new Generator(key, counter)];
    const filled = new Float32Array(12);
    one.fillUniform(filled, -2, 6);
    expect(filled).toEqual(Float32Array.from({ length: 12 }, () => -2 + 8 * other.uniform()));
    expect(one.counter).toBe(other.counter);
    expect(one.uniform()).toBe(other.uniform());
  });
});
