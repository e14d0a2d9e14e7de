import { expect, it } from "vitest";
import { missingIn } from "./exercise.ts";
import { pathOf } from "./paths.ts";
import { SURFACES } from "./surfaces.ts";

const { start } = SURFACES.valley;

function check(learningRate: number, steps = 100): string | undefined {
  const path = pathOf({ surface: "valley", optimizer: "sgd", learningRate, steps, start, seed: 1 });
  return missingIn("valley", start, start, path);
}

it("is solved below the limit of 2 / 10, and only near it", () => {
  // Along: 0.1 · 1.8² · (1 - 0.2 r)²⁰⁰; across: 5 · 0.8² · (1 - 10 r)²⁰⁰.
  expect(check(0.17)).toBeUndefined();
  expect(check(0.05)).toContain("not below");
  expect(check(0.199)).toContain("not below");
  expect(check(0.4)).toMatch(/not below|infinity/);
  expect(check(2)).toContain("infinity");
  expect(check(0.17, 40)).toContain("at least 100");
});

it("asks for the valley and its start", () => {
  expect(missingIn("saddle", start, start, undefined)).toContain("valley");
  expect(missingIn("valley", [1, 1], start, undefined)).toContain("start");
  expect(missingIn("valley", start, start, undefined)).toContain("computed");
});
