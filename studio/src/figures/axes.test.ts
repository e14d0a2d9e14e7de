import { expect, it } from "vitest";
import { linearAxis, logarithmicAxis } from "./axes.ts";

it("has ticks at powers of ten on a logarithmic axis", () => {
  const { ticks } = logarithmicAxis("learning rate", 1e-4, 1);
  expect(ticks.map(({ text }) => text)).toEqual(["1e−4", "0.001", "0.01", "0.1", "1"]);
  expect(ticks.map(({ position }) => position)).toEqual(
    [0, 0.25, 0.5, 0.75, 1].map((x) => expect.closeTo(x, 9)),
  );
});

it("has ticks at 1, 2 and 5 where the range is short, and leaves powers out where it is long", () => {
  expect(logarithmicAxis("loss", 0.2, 5).ticks.map(({ text }) => text)).toEqual([
    "0.2",
    "0.5",
    "1",
    "2",
    "5",
  ]);
  expect(logarithmicAxis("size", 1e-9, 1e6).ticks.map(({ text }) => text)).toEqual([
    "1e−9",
    "1e−6",
    "0.001",
    "1",
    "1,000",
    "1e6",
  ]);
});

it("has round ticks on a linear axis", () => {
  expect(linearAxis("step", 0, 10).ticks.map(({ text }) => text)).toEqual(["0", "2", "4", "6", "8", "10"]);
});
