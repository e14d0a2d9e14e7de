/** @file Occlusion: windows, what covers them, and how falls become a map. */
import { describe, expect, it } from "vitest";
import { dense, flatten, sequential } from "../nn/index.ts";
import { floatArray } from "../tensor/array.ts";
import { expectClose } from "../testing/compare.ts";
import { occlusion } from "./index.ts";
import { branched, normal, smoothClassifier } from "./testing/models.ts";

/** The sum of all elements, each with its weight. */
function weighted(shape: readonly number[], weights: readonly number[]) {
  const net = sequential([flatten({ inputShape: shape }), dense({ units: 1, name: "sum" })], { threads: 1 });
  net.setWeights({
    "sum/kernel": floatArray(weights, [weights.length, 1]),
    "sum/bias": floatArray([0], [1]),
  });
  return net;
}

it("of a weighted sum the fall is what lies under the window, with the last window at the end", async () => {
  const found = await occlusion(weighted([5, 1], [1, 2, 3, 4, 5]), floatArray([1, 1, 1, 1, 1], [1, 5, 1]), {
    window: 2,
    stride: 2,
    fill: 0,
  });
  expect(found.starts).toEqual([[0, 2, 3]]);
  expectClose(found.falls.data, [3, 7, 9], 1e-6, "falls");
  // position 3 is under two windows
  expectClose(found.map.data, [3, 3, 7, 8, 9], 1e-6, "map");
  expect(found.scores).toEqual([15]);
});

it("covers all channels, each with its own mean", async () => {
  // channels 2 0 | 4 6 have the means 3 and 3; 1·(2-3) + 10·(0-3), then 1·(4-3) + 10·(6-3)
  const found = await occlusion(weighted([2, 2], [1, 10, 1, 10]), floatArray([2, 0, 4, 6], [1, 2, 2]), {
    window: 1,
  });
  expectClose(found.falls.data, [-31, 31], 1e-6, "falls");
});

it("in two dimensions windows are an eighth of each axis, and half of that apart", async () => {
  const shape = [16, 32, 1];
  const weights = Array.from({ length: 512 }, () => 1);
  const found = await occlusion(
    weighted(shape, weights),
    { shape: [1, ...shape], data: new Float32Array(512).fill(1) },
    { fill: 0 },
  );
  expect(found.window).toEqual([2, 4]);
  expect(found.falls.shape).toEqual([1, 15, 15]);
  expect(found.map.shape).toEqual([1, 16, 32]);
  expectClose(found.map.data, new Float32Array(512).fill(8), 1e-5, "map");
});

describe("refuses", () => {
  const x = normal([1, 6, 5, 2]);
  it.each([
    [{ window: 7 }, "window must fit the input's [6,5]; got [7,7]"],
    [{ window: 2, stride: 3 }, "stride must not be above the window"],
    [{ window: 0 }, "window must be a positive integer"],
    [{ fill: "zero" }, 'fill must be a number or "mean"; got "zero"'],
  ])("%j", async (options, message) => {
    await expect(occlusion(smoothClassifier(), x, options as object)).rejects.toThrow(message);
  });

  it("a model with several inputs unless one is named, and inputs without positions", async () => {
    const both = { left: normal([1, 3]), right: normal([1, 2]) };
    await expect(occlusion(branched(), both, { output: "kind" })).rejects.toThrow(
      "input must be one of left, right; none was named",
    );
    await expect(occlusion(branched(), both, { output: "kind", input: "left" })).rejects.toThrow(
      "the input must have positions",
    );
  });
});
