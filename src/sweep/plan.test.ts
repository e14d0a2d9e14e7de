import { describe, expect, it } from "vitest";
import { Generator } from "../random/generator.ts";
import { defaultFirstEpochs, rungsOf, successiveHalving, type Job } from "./plan.ts";

/** Runs a plan with `slots` workers that take random times; gives the jobs in the order in which they were begun. */
function carryOut(quality: readonly number[], slots: number, seed: number, concurrent = 4): Job[] {
  const random = new Generator(seed);
  const plan = successiveHalving(
    { has: (i) => i < quality.length, compare: (a, b) => quality[b] - quality[a] },
    { rungs: rungsOf(27, 3, 3), reduction: 3, concurrent },
  );
  const begun: Job[] = [];
  const busy: { job: Job; until: number }[] = [];
  for (let time = 0; ;) {
    while (busy.length < slots) {
      const job = plan.next();
      if (!job) break;
      begun.push(job);
      busy.push({ job, until: time + random.uniform() });
    }
    const [first] = busy.sort((a, b) => a.until - b.until);
    if (!first) return begun;
    time = first.until;
    busy.shift();
    plan.done(first.job, false);
  }
}

describe("successive halving", () => {
  // Numbers without an order that a plan could profit from.
  const quality = Array.from({ length: 27 }, (_, i) => (i * 10) % 27);

  it("stops two of three on each rung, and never trains a stopped one", () => {
    const jobs = carryOut(quality, 1, 0);
    const on = (epochs: number) =>
      jobs.filter((job) => job.epochs === epochs).map((job) => job.configuration);
    expect(on(3)).toEqual(quality.map((_, i) => i));
    // Algorithm 2 promotes the best third of those that are there, so at least the best third of all goes on at some time.
    expect(on(9).length).toBeGreaterThanOrEqual(9);
    expect(on(9).length).toBeLessThan(18);
    expect(on(27).length).toBeGreaterThanOrEqual(3);
    for (const one of on(27)) expect(on(9)).toContain(one);
    expect(on(27)).toContain(quality.indexOf(26));
    expect(new Set(jobs.map((job) => JSON.stringify(job))).size).toBe(jobs.length);
  });

  it.each([1, 2, 3, 7])(
    "begins the same jobs in the same order with %i at once, however quick each is",
    (slots) => {
      const expected = carryOut(quality, 1, 0);
      for (let seed = 0; seed < 20; seed++) expect(carryOut(quality, slots, seed)).toEqual(expected);
    },
  );

  it("leaves out what has failed", () => {
    const plan = successiveHalving(
      { has: (i) => i < 3, compare: (a, b) => a - b },
      { rungs: [1, 3], reduction: 3, concurrent: 1 },
    );
    for (let i = 0; i < 3; i++) {
      const job = plan.next();
      expect(job).toEqual({ configuration: i, epochs: 1 });
      if (job) plan.done(job, i === 0);
    }
    // Two results: none of them is the best of three.
    expect(plan.next()).toBeUndefined();
  });

  it("waits for results", () => {
    const plan = successiveHalving(
      { has: (i) => i < 3, compare: (a, b) => a - b },
      { rungs: [1, 3], reduction: 3, concurrent: 2 },
    );
    const [first, second] = [plan.next(), plan.next()];
    expect(plan.next()).toBeUndefined();
    // The second is done, but on the plan's clock the first ends before.
    if (second) plan.done(second, false);
    expect(plan.next()).toBeUndefined();
    if (first) plan.done(first, false);
    expect(plan.next()).toEqual({ configuration: 2, epochs: 1 });
  });
});

it("has rungs that end with the whole training", () => {
  expect(rungsOf(27, 3, 1)).toEqual([1, 3, 9, 27]);
  expect(rungsOf(20, 3, 2)).toEqual([2, 6, 18, 20]);
  expect(rungsOf(10, 4, 3)).toEqual([3, 10]);
  expect([27, 20, 9, 2].map((epochs) => defaultFirstEpochs(epochs, 3))).toEqual([3, 3, 1, 1]);
});
