import { expect, it } from "vitest";
import { mapWeights } from "./kernel.ts";

/** [2, 3, 2, 2]: a digit for the place along each axis. */
const shape = [2, 3, 2, 2];
const data = Array.from({ length: 24 }, (_, i) => {
  const [map, channel, column, row] = [
    i % 2,
    Math.floor(i / 2) % 2,
    Math.floor(i / 4) % 3,
    Math.floor(i / 12),
  ];
  return 1000 * row + 100 * column + 10 * channel + map;
});

it("takes the weights of one map, channel by channel, the largest first", () => {
  const { rows, columns, channels } = mapWeights({ shape, data }, 1, false);
  expect([rows, columns]).toEqual([2, 3]);
  expect(channels.map(({ channel }) => channel)).toEqual([1, 0]);
  expect([...channels[1].values]).toEqual([1, 101, 201, 1001, 1101, 1201]);
});

it("turns those on sound so that time goes to the right", () => {
  const { rows, columns, channels } = mapWeights({ shape, data }, 0, true);
  expect([rows, columns]).toEqual([3, 2]);
  expect([...channels[1].values]).toEqual([0, 1000, 100, 1100, 200, 1200]);
});

it("takes windows of one axis", () => {
  const { rows, columns, channels } = mapWeights({ shape: [3, 1, 2], data: [1, 9, 2, 9, 3, 9] }, 0, false);
  expect([rows, columns, [...channels[0].values]]).toEqual([1, 3, [1, 2, 3]]);
});
