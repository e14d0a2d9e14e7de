import { expect, it } from "vitest";
import { momentMarks } from "./moment-marks.ts";
import { pathOf } from "./paths.ts";

const request = { surface: "valley", learningRate: 0.1, steps: 60, start: [-1, 1], seed: 1 } as const;

it("marks a path at equal distances, the last at the step", () => {
  const marks = momentMarks(pathOf({ ...request, optimizer: "adam" }), 30);
  expect(marks).toHaveLength(7);
  expect(marks.map(({ isLast }) => isLast)).toEqual([false, false, false, false, false, false, true]);
  const path = pathOf({ ...request, optimizer: "adam" });
  expect([marks[6].x, marks[6].y]).toEqual([path.points[60], path.points[61]]);
});

it("points against the first gradient at the start, and draws circles only of mean squares", () => {
  const [first] = momentMarks(pathOf({ ...request, optimizer: "adam" }), 10);
  // The gradient at (-1, 1) is (-0.2, 10), and so is the corrected mean of the first step, and its root (0.2, 10).
  expect(first.arrow[0] / first.arrow[1]).toBeCloseTo(-0.02, 4);
  expect(first.arrow[1]).toBeLessThan(0);
  expect((first.radii?.[1] ?? 0) / (first.radii?.[0] ?? 1)).toBeCloseTo(50, 1);
  expect(momentMarks(pathOf({ ...request, optimizer: "momentum" }), 10)[0].radii).toBeUndefined();
});

it("has each place once on a short path", () => {
  expect(momentMarks(pathOf({ ...request, optimizer: "sgd" }), 0)).toHaveLength(1);
});
