import { describe, expect, it } from "vitest";
import { transposedSegments, windowSegments, type Segment } from "./window-axis.ts";

const read = ({ first, count, step, input, inputStep, taps }: Segment) => ({
  outputs: Array.from({ length: count }, (_, i) => first + i * step),
  reads: Array.from({ length: count }, (_, i) =>
    taps.map(({ index, offset }) => [index, input + i * inputStep + offset]),
  ),
});

describe("segments of a sliding window", () => {
  it("are the interior and the clipped windows on both sides", () => {
    // Length 6, window 3, stride 1, one cell of padding on each side: outputs 0 and 5 miss one cell.
    const axis = { inputs: 6, outputs: 6, window: 3, stride: 1, dilation: 1, before: 1 };
    const segments = windowSegments(axis);
    expect(segments.map(({ first, count, input }) => [first, count, input])).toEqual([
      [0, 1, 0],
      [1, 4, 0],
      [5, 1, 4],
    ]);
    expect(segments[0].taps).toEqual([
      { index: 1, offset: 0 },
      { index: 2, offset: 1 },
    ]);
    expect(segments[1].taps.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(segments[2].taps.map(({ index }) => index)).toEqual([0, 1]);
  });

  it("read with strides and gaps what the definition says", () => {
    // Output o reads 2·o + 3·k - 2 for k = 0, 1, where that lies in 0 … 6: (-2, 1), (0, 3), (2, 5), (4, 7).
    const axis = { inputs: 7, outputs: 4, window: 2, stride: 2, dilation: 3, before: 2 };
    expect(windowSegments(axis).map(read)).toEqual([
      { outputs: [0], reads: [[[1, 1]]] },
      {
        outputs: [1, 2],
        reads: [
          [
            [0, 0],
            [1, 3],
          ],
          [
            [0, 2],
            [1, 5],
          ],
        ],
      },
      { outputs: [3], reads: [[[0, 4]]] },
    ]);
  });

  it("may be restricted to some cells of the window, and have none", () => {
    const axis = { inputs: 3, outputs: 5, window: 2, stride: 1, dilation: 1, before: 2 };
    // Cell 1 of output o is position o - 1: inside for outputs 1 … 3.
    expect(windowSegments(axis, [1]).map(({ first, count, taps }) => [first, count, taps.length])).toEqual([
      [0, 1, 0],
      [1, 3, 1],
      [4, 1, 0],
    ]);
  });
});

describe("segments of the input gradient", () => {
  it("repeat with the stride", () => {
    // Output o reads 2·o + k, k = 0 … 2, of 7 inputs; so input 0 is read by (o 0, k 0), 1 by (0, 1), 2 by (0, 2) and (1, 0).
    const axis = { inputs: 7, outputs: 3, window: 3, stride: 2, dilation: 1, before: 0 };
    expect(transposedSegments(axis).map(read)).toEqual([
      { outputs: [0], reads: [[[0, 0]]] },
      {
        outputs: [2, 4],
        reads: [
          [
            [2, 0],
            [0, 1],
          ],
          [
            [2, 1],
            [0, 2],
          ],
        ],
      },
      { outputs: [6], reads: [[[2, 2]]] },
      { outputs: [1, 3, 5], reads: [[[1, 0]], [[1, 1]], [[1, 2]]] },
    ]);
  });
});
