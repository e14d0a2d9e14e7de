import { expect, it } from "vitest";
import { mapStack } from "./map-stack.ts";

it("knows each map's greatest value, and one scale for all", () => {
  const stack = mapStack(Float32Array.of(1, 0, 2, -5, 3, 0, 0, 4), [2, 2, 2], false);
  expect(stack).toMatchObject({ rows: 2, columns: 2, channels: 2, order: [1, 0], scale: "signed" });
  expect([...stack.most]).toEqual([3, 5]);
  expect(stack.range).toEqual([-5, 5]);
});

it("turns sound so that time goes to the right", () => {
  const stack = mapStack(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2, 1], true);
  expect([stack.rows, stack.columns]).toEqual([2, 3]);
  expect([...stack.values]).toEqual([1, 3, 5, 2, 4, 6]);
  expect([stack.scale, stack.range]).toEqual(["unsigned", [0, 6]]);
});

it("has a scale where all is 0, and takes one axis of positions", () => {
  const stack = mapStack(new Float32Array(6), [3, 2], false);
  expect([stack.rows, stack.columns, stack.range]).toEqual([1, 3, [0, 1]]);
});
