import { describe, expect, it } from "vitest";
import { evenlySpaced, evenPlaces } from "./evenly-spaced.ts";

describe("evenPlaces", () => {
  it("are all of a short list", () => {
    expect(evenPlaces(3, 5)).toEqual([0, 1, 2]);
    expect(evenPlaces(0, 5)).toEqual([]);
  });

  it("differ, rise and stay inside, at distances that differ by one at most", () => {
    for (const [count, most] of [
      [7, 3],
      [50_000, 200],
      [1001, 1000],
    ]) {
      const places = evenPlaces(count, most);
      const gaps = places.slice(1).map((place, i) => place - places[i]);
      expect(places).toHaveLength(most);
      expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
      expect(places[most - 1]).toBeLessThan(count);
    }
  });
});

describe("evenlySpaced", () => {
  it("meets each of the classes that lie one after the other", () => {
    const labels = Array.from({ length: 1000 }, (_, i) => Math.floor(i / 100));
    expect(new Set(evenlySpaced(labels, 20)).size).toBe(10);
  });
});
