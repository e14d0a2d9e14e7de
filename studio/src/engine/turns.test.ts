import { expect, it } from "vitest";
import { Runs } from "./turns.ts";

it("ends a run that is stopped, which stays the newest and tells how far it came", () => {
  const runs = new Runs();
  const run = runs.begin();
  expect([run.signal.aborted, run.isNewest]).toEqual([false, true]);
  runs.stop();
  expect([run.signal.aborted, run.isNewest]).toEqual([true, true]);
});

it("ends a run that is replaced, which has nothing to tell any more", () => {
  const runs = new Runs();
  const [first, second] = [runs.begin(), runs.begin()];
  expect([first.signal.aborted, first.isNewest]).toEqual([true, false]);
  expect([second.signal.aborted, second.isNewest]).toEqual([false, true]);
});

it("stops nothing where nothing runs, and begins anew after a stop", () => {
  const runs = new Runs();
  runs.stop();
  runs.begin();
  runs.stop();
  expect(runs.begin().signal.aborted).toBe(false);
});
