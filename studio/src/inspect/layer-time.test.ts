import { expect, it } from "vitest";
import { timeText } from "./layer-time.ts";

it.each([
  [undefined, "…"],
  [{ milliseconds: 1.2468 }, "1.25 ms"],
  [{ milliseconds: 0.0372 }, "37.2 µs"],
  [{ milliseconds: 0, within: "conv2d_1" }, "in conv2d_1"],
  [{ milliseconds: 0.002, within: "conv2d_1" }, "2 µs + in conv2d_1"],
  [{ milliseconds: 0 }, "none"],
])("writes %j as %s", (time, text) => {
  expect(timeText(time)).toBe(text);
});
