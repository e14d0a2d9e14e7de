import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PreparationProgress } from "../observer.ts";
import { ReadingPace } from "./reading-pace.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function pace() {
  const seen: number[] = [];
  const observer = {
    preparing: ({ done }: PreparationProgress) => seen.push(done),
    note: (text: string) => seen.push(text.length),
    warning: (text: string) => seen.push(-text.length),
  };
  return { seen, pace: new ReadingPace(observer) };
}

it("counts the start once, and each example at the pace of those that were read", () => {
  const { seen, pace: own } = pace();
  own.observer.preparing({ done: 0, examples: 11, unit: "images" });
  vi.advanceTimersByTime(5000);
  for (let done = 1; done <= 11; done++) {
    own.observer.preparing({ done, examples: 11, unit: "images" });
    if (done < 11) vi.advanceTimersByTime(20);
  }
  expect(own.secondsFor(1001)).toBeCloseTo(25, 9);
  own.observer.note("note");
  own.observer.warning("warning");
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 4, -7]);
});

it("takes examples that are not read one by one for read at once", () => {
  const { pace: own } = pace();
  vi.advanceTimersByTime(300);
  expect(own.secondsFor(60_000)).toBeCloseTo(0.3, 9);
});

it("takes a single example for all others", () => {
  const { pace: own } = pace();
  vi.advanceTimersByTime(100);
  own.observer.preparing({ done: 1, examples: 1, unit: "clips" });
  expect(own.secondsFor(10)).toBeCloseTo(1, 9);
});
