import { expect, it } from "vitest";
import { ReservedSamples } from "./reserved-samples.ts";

it.each([0, 1, 4, 5, 6, 100, 2 ** 40])("holds what comes where %f samples were promised", (promised) => {
  const samples = new ReservedSamples(promised, 1000);
  samples.add(Float32Array.of(1, 2));
  samples.add(Float32Array.of());
  samples.add(Float32Array.of(3, 4, 5));
  expect(samples.length).toBe(5);
  expect(samples.finish()).toEqual(Float32Array.of(1, 2, 3, 4, 5));
});
