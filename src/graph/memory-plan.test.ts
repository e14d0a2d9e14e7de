import { describe, expect, it } from "vitest";
import type { KernelRequest } from "../kernels/requests.ts";
import { deriveKey, Generator } from "../random/generator.ts";
import { Buffer } from "./buffer.ts";
import { kernelCall, type KernelCall } from "./kernel-call.ts";
import { ALIGNMENT, planMemory } from "./memory-plan.ts";

const NOTHING: KernelRequest = { kind: "elementwise", shape: [1], operands: [], outputs: [] };

function call(
  reads: readonly Buffer[],
  writes: readonly Buffer[],
  inPlace: readonly Buffer[] = [],
): KernelCall {
  return kernelCall(NOTHING, { reads, writes, inPlace, label: "none", scopes: [], multiplyAdds: 0 });
}

const scratch = (words: number) => new Buffer(words, { kind: "scratch" });

/** First and last call that touch each buffer. */
function lifetimes(calls: readonly KernelCall[]): Map<Buffer, { first: number; last: number }> {
  const lives = new Map<Buffer, { first: number; last: number }>();
  calls.forEach(({ reads, writes }, time) => {
    for (const buffer of [...reads, ...writes]) {
      lives.set(buffer, { first: lives.get(buffer)?.first ?? time, last: time });
    }
  });
  return lives;
}

describe("memory plan", () => {
  it("puts a chain of equal buffers into two places, and into one when kernels work in place", () => {
    const buffers = Array.from({ length: 6 }, () => scratch(100));
    const chain = (inPlace: boolean) =>
      buffers.slice(1).map((buffer, i) => call([buffers[i]], [buffer], inPlace ? [buffers[i]] : []));
    // 400 bytes take 448: whole cache lines.
    expect(planMemory(chain(false)).bytes).toBe(2 * 448);
    expect(planMemory(chain(true)).bytes).toBe(448);
  });

  it("leaves buffers with a home of their own alone", () => {
    const own = new Buffer(1000, { kind: "own" });
    const plan = planMemory([call([own], [scratch(16)])]);
    expect(plan.bytes).toBe(64);
    expect(plan.offsets.has(own)).toBe(false);
  });

  it("does not share a place while the operand is read later, or by two results of one call", () => {
    const [a, b, c] = [scratch(16), scratch(16), scratch(16)];
    const later = planMemory([call([], [a]), call([a], [b], [a]), call([a, b], [c], [b])]);
    expect(later.offsets.get(a)).not.toBe(later.offsets.get(b));
    expect(later.offsets.get(c)).toBe(later.offsets.get(b));
    const two = planMemory([call([], [a]), call([a], [b, c], [a]), call([b, c], [scratch(16)])]);
    expect(two.offsets.get(b)).not.toBe(two.offsets.get(c));
    expect(two.bytes).toBe(3 * 64);
  });

  it("of nothing takes nothing", () => {
    expect(planMemory([]).bytes).toBe(0);
  });

  for (let seed = 0; seed < 60; seed++) {
    it(`never lets two living buffers overlap, seed ${seed}`, () => {
      const g = new Generator(deriveKey("memory plan", seed));
      const made: Buffer[] = [];
      const calls = Array.from({ length: 5 + g.integer(60) }, () => {
        const recent = made.slice(-8);
        const reads = recent.filter(() => g.integer(3) === 0);
        const writes = Array.from({ length: 1 + g.integer(3) }, () =>
          scratch(g.integer(5) === 0 ? 0 : 16 * (1 + g.integer(6))),
        );
        made.push(...writes);
        return call(
          reads,
          writes,
          reads.filter(() => g.integer(2) === 0),
        );
      });
      const plan = planMemory(calls);
      const lives = lifetimes(calls);
      const bytesOf = (buffer: Buffer) => Math.ceil((buffer.words * 4) / ALIGNMENT) * ALIGNMENT;
      const startOf = (buffer: Buffer) => plan.offsets.get(buffer) ?? NaN;
      for (const [a, lifeA] of lives) {
        expect(startOf(a) % ALIGNMENT).toBe(0);
        expect(startOf(a) + bytesOf(a)).toBeLessThanOrEqual(plan.bytes);
        for (const [b, lifeB] of lives) {
          if (a === b || lifeA.first > lifeB.first) continue;
          const apart = startOf(a) + bytesOf(a) <= startOf(b) || startOf(b) + bytesOf(b) <= startOf(a);
          // b begins where a ends: the call that reads a last may write b in its place if it says so.
          const handedOver =
            lifeA.last === lifeB.first && startOf(a) === startOf(b) && calls[lifeB.first].inPlace.includes(a);
          expect(apart || lifeA.last < lifeB.first || handedOver, `${lifeA.last} ${lifeB.first}`).toBe(true);
        }
      }
      const most = Math.max(
        ...calls.map((_, time) =>
          [...lives].reduce(
            (sum, [buffer, { first, last }]) => sum + (first <= time && time <= last ? bytesOf(buffer) : 0),
            0,
          ),
        ),
      );
      // Without handing over, the most alive at once is what any plan needs; greedy packing wastes less than half again.
      expect(plan.bytes).toBeLessThanOrEqual(1.5 * most);
    });
  }
});
