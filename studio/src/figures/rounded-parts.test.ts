import { expect, it } from "vitest";
import { Generator } from "auricle";
import { roundedParts } from "./rounded-parts.ts";

const numberOf = (text: string) => Number(text.replace("−", "-"));

it("writes parts and sums that add up to the written total, for any numbers", () => {
  const generator = new Generator(1);
  for (let trial = 0; trial < 500; trial++) {
    const scale = 10 ** (8 * generator.uniform() - 4);
    const draw = (count: number) => Array.from({ length: count }, () => scale * generator.normal());
    const groups = [draw(9), draw(trial % 3), draw(1)];
    const total = Math.fround(groups.flat().reduce((sum, value) => sum + value, 0));
    const { parts, sums, total: written } = roundedParts(groups, total, 3);
    const add = (texts: readonly string[]) => texts.reduce((sum, text) => sum + numberOf(text), 0);
    expect(add(parts.flat())).toBeCloseTo(numberOf(written), 9);
    expect(add(sums)).toBeCloseTo(numberOf(written), 9);
    parts.flat().forEach((text, i) => {
      expect(Math.abs(numberOf(text) - groups.flat()[i])).toBeLessThan(
        0.011 * Math.max(...groups.flat().map(Math.abs), Math.abs(total)),
      );
    });
  }
});

it("writes zeros without a sign", () => {
  expect(roundedParts([[0, -0], [0]], 0, 3)).toEqual({
    parts: [["0.00", "0.00"], ["0.00"]],
    sums: ["0.00", "0.00"],
    total: "0.00",
  });
});
