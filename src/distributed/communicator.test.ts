import { describe, expect, it } from "vitest";
import { Generator } from "../random/generator.ts";
import { shareOf } from "./ranks.ts";
import { localJob, onRanks } from "./testing/local-transport.ts";

const SIZES = [1, 2, 3, 4, 7];

/** Numbers of a rank: others on each. */
function valuesOf(rank: number, length: number): Float32Array {
  const generator = new Generator(rank + 1);
  return Float32Array.from({ length }, () => generator.uniform() - 0.5);
}

describe.each(SIZES)("%i ranks", (size) => {
  it.each([0, 1, 2, size, 100, 1001])(
    "mean %i numbers, weighted, in float64 in the order of the ranks",
    async (length) => {
      const job = localJob(size);
      const weightOf = (rank: number) => (rank === 1 ? 0 : rank + 1);
      const all = await onRanks(job, async (ranks) => {
        const values = valuesOf(ranks.rank, length);
        await ranks.mean(values, weightOf(ranks.rank), Float32Array.of(ranks.rank), "step 1");
        return values;
      });
      const given = Array.from({ length: size }, (_, rank) => valuesOf(rank, length));
      const total = given.reduce((sum, _, rank) => sum + weightOf(rank), 0);
      const wanted = Float32Array.from(
        { length },
        (_, i) => given.reduce((sum, values, rank) => sum + weightOf(rank) * values[i], 0) / total,
      );
      for (const values of all) expect(values).toEqual(wanted);
    },
  );

  it("leave equal numbers as they are, whatever their weights", async () => {
    const all = await onRanks(localJob(size), async (ranks) => {
      const values = valuesOf(99, 500);
      await ranks.mean(values, 3 + ranks.rank, new Float32Array(0), "step 1");
      return values;
    });
    for (const values of all) expect(values).toEqual(valuesOf(99, 500));
  });

  it("do not look at numbers of weight 0, and keep their own where nobody has a weight", async () => {
    const all = await onRanks(localJob(size), async (ranks) => {
      const values = Float32Array.of(ranks.rank === size - 1 ? NaN : 2, 5);
      if (size > 1) await ranks.mean(values, ranks.rank === size - 1 ? 0 : 1, new Float32Array(0), "step 1");
      const kept = Float32Array.of(4, 8);
      await ranks.mean(kept, 0, new Float32Array(0), "step 2");
      return [values, kept];
    });
    for (const [values, kept] of all) {
      expect([...values]).toEqual(size > 1 ? [2, 5] : [NaN, 5]);
      expect([...kept]).toEqual([4, 8]);
    }
  });

  it("hand notes and bytes of any length round, and give all what rank 0 has", async () => {
    const all = await onRanks(localJob(size), async (ranks) => {
      const notes = await ranks.mean(new Float32Array(3), 1, Float32Array.of(ranks.rank, -1), "step 1");
      const seen = notes.map(([rank]) => rank);
      const gathered = await ranks.gather(new Uint8Array(ranks.rank).fill(ranks.rank), "names");
      const given = await ranks.broadcast(Uint8Array.of(ranks.rank, 7), "files");
      await ranks.barrier("the barrier");
      await ranks.end();
      return { seen, lengths: gathered.map(({ length }) => length), given: [...given] };
    });
    const numbers = Array.from({ length: size }, (_, rank) => rank);
    for (const one of all) expect(one).toEqual({ seen: numbers, lengths: numbers, given: [0, 7] });
  });

  it("share rows so that counts differ by one at most and shrink with the rows", () => {
    for (let rows = 0; rows < 40; rows++) {
      const shares = Array.from({ length: size }, (_, rank) => shareOf(rows, { rank, size }));
      let next = 0;
      for (const { start, count } of shares) {
        expect(start).toBe(next);
        next += count;
      }
      expect(next).toBe(rows);
      shares.forEach(({ count }, rank) => {
        expect(Math.abs(count - rows / size)).toBeLessThan(1);
        expect(shareOf(rows + 1, { rank, size }).count).toBeGreaterThanOrEqual(count);
      });
    }
  });
});

describe("ranks that fail", () => {
  it("are named by those who waited for them too long", async () => {
    const job = localJob(3, { timeout: 0.05 });
    const [zero, , two] = job.ranks;
    const waiting = [zero, two].map((ranks) => ranks.gather(new Uint8Array(1), "names"));
    const message = "names: waited 0.05 s for rank 1, which hangs, has lost its connection";
    await Promise.all(waiting.map((one) => expect(one).rejects.toThrow(message)));
  });

  it("end the job with their error on rank 0's screen, which computes meanwhile", async () => {
    const job = localJob(3);
    const [zero, one, two] = job.ranks;
    const waiting = [zero, two].map((ranks) => ranks.barrier("the barrier"));
    void one.fail("disk full");
    await expect(waiting[1]).rejects.toThrow("the job was ended with code 1");
    expect(job.code).toBe(1);
    expect(job.said).toEqual(["error: rank 1 on host-1: disk full\n"]);
  });

  it("tell all their errors, by rank, and one that all have once", async () => {
    const different = localJob(3);
    different.ranks.forEach((ranks) => void ranks.fail(`fault ${ranks.rank}`).catch(() => undefined));
    await expect.poll(() => different.code).toBe(1);
    expect(different.said).toEqual(
      [0, 1, 2].map((rank) => `error: rank ${rank} on host-${rank}: fault ${rank}\n`),
    );
    const same = localJob(4);
    same.ranks.forEach((ranks) => void ranks.fail("no such data").catch(() => undefined));
    await expect.poll(() => same.code).toBe(1);
    expect(same.said).toEqual(["error: 4 ranks: no such data\n"]);
  });

  it("refuse a time-out that is none", () => {
    expect(() => localJob(2, { timeout: 0 })).toThrow("ranks: timeout must be above 0 seconds; got 0");
  });
});
