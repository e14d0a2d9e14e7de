import { expect, it } from "vitest";
import { panned, placeOf, within, zoomed } from "./span.ts";

it("zooms about a moment, which stays where it was", () => {
  const view = zoomed({ from: 2, to: 6 }, 0.5, 3, 10, 0.01);
  expect(view).toEqual({ from: 2.5, to: 4.5 });
  expect(placeOf(3, view)).toBe(placeOf(3, { from: 2, to: 6 }));
});

it("stays within the sound, and no shorter than is asked", () => {
  expect(zoomed({ from: 0, to: 4 }, 4, 0.1, 10, 0.01)).toEqual({ from: 0, to: 10 });
  expect(zoomed({ from: 6, to: 10 }, 2, 6, 10, 0.01)).toEqual({ from: 2, to: 10 });
  const least = zoomed({ from: 1, to: 1.02 }, 0.1, 1.01, 10, 0.01);
  expect(least.to - least.from).toBeCloseTo(0.01);
  expect(zoomed({ from: 0, to: 0.004 }, 0.5, 0.001, 0.004, 0.01)).toEqual({ from: 0, to: 0.004 });
  expect(panned({ from: 8, to: 10 }, 0.5, 10)).toEqual({ from: 8, to: 10 });
  expect(panned({ from: 4, to: 6 }, -0.5, 10)).toEqual({ from: 3, to: 5 });
  expect(within({ from: -1, to: 20 }, 10)).toEqual({ from: 0, to: 10 });
});
