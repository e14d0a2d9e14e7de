import { describe, expect, it } from "vitest";
import { groupMiddles, labelPlaces, marginRange, nearestPlace, placeTowards } from "./point-plot.ts";

const CROSS = [
  { left: 50, top: 50 },
  { left: 60, top: 45 },
  { left: 90, top: 50 },
  { left: 50, top: 10 },
  { left: 45, top: 95 },
  { left: 5, top: 20 },
];

describe("points in a plane", () => {
  it("are found by a pointer that is near", () => {
    expect(nearestPlace(CROSS, { left: 58, top: 47 }, 10)).toBe(1);
    expect(nearestPlace(CROSS, { left: 30, top: 70 }, 10)).toBeUndefined();
    expect(nearestPlace([], { left: 0, top: 0 }, 10)).toBeUndefined();
  });

  it.each([
    ["right", [1, 0], 1],
    ["left", [-1, 0], 5],
    ["up", [0, 1], 3],
    ["down", [0, -1], 4],
  ] as const)("are walked with the arrow keys: %s", (_name, direction, wanted) => {
    expect(placeTowards(CROSS, 0, direction)).toBe(wanted);
  });

  it("stay where nothing lies that way", () => {
    expect(placeTowards(CROSS, 2, [1, 0])).toBe(2);
  });

  it("have a range with a margin, also where they are one", () => {
    expect(marginRange([0, 10], 0.1)).toEqual([-1, 11]);
    expect(marginRange([3, Number.NaN])).toEqual([2.5, 3.5]);
    expect(marginRange([])).toEqual([0, 1]);
  });

  it("are named where they are, group by group", () => {
    const middles = groupMiddles(CROSS, [0, 0, 0, undefined, 1, 1]);
    expect(middles.get(0)).toEqual(CROSS[1]);
    expect([...middles.keys()]).toEqual([0, 1]);
  });
});

describe("labels", () => {
  const area = { width: 100, height: 100 };
  const label = (left: number, top: number, width = 40) => ({ text: "", at: { left, top }, width });

  it("keep their places where these are free, and stay inside", () => {
    expect(labelPlaces([label(50, 20), label(50, 70), label(1, 99)], 15, area)).toEqual([
      { left: 50, top: 20 },
      { left: 50, top: 70 },
      { left: 20, top: 92.5 },
    ]);
  });

  it("do not lie on each other", () => {
    const places = labelPlaces([label(50, 50), label(50, 52), label(45, 49), label(50, 50)], 15, area);
    places.forEach((one, i) => {
      for (const other of places.slice(i + 1)) {
        expect(Math.abs(one.top - other.top) >= 15 || Math.abs(one.left - other.left) >= 40).toBe(true);
      }
    });
  });

  it("give up where there is no room", () => {
    const places = labelPlaces(
      Array.from({ length: 12 }, () => label(50, 50, 90)),
      15,
      area,
    );
    expect(places).toHaveLength(12);
  });
});
