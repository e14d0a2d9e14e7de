import { expect, it } from "vitest";
import { compile, floatArray } from "auricle";
import { conv1d } from "auricle/ops";
import { geometryOf } from "./geometry.ts";

it("has the shapes and the padding of the engine, for all sizes, windows, strides and dilations", () => {
  for (const size of [1, 2, 5, 7, 8]) {
    for (const window of [1, 2, 3, 5]) {
      for (const stride of [1, 2, 3, 4]) {
        for (const dilation of stride === 1 ? [1, 2, 3] : [1]) {
          for (const padding of ["valid", "same"] as const) {
            const { outputs, before, after } = geometryOf(size, window, { stride, dilation, padding });
            if (outputs < 1) continue;
            const options = { strides: stride, dilationRate: dilation };
            const by = (given: "valid" | "same" | [[number, number]]) =>
              compile(
                (x, w) => conv1d(x, w, { ...options, padding: given }),
                [
                  [1, size, 1],
                  [window, 1, 1],
                ],
                { threads: 1 },
              )(
                floatArray(
                  Array.from({ length: size }, (_, i) => i + 1),
                  [1, size, 1],
                ),
                floatArray(
                  Array.from({ length: window }, (_, i) => 10 ** i),
                  [window, 1, 1],
                ),
              );
            const wanted = by(padding);
            expect(wanted.shape).toEqual([1, outputs, 1]);
            expect(by([[before, after]]).data).toEqual(wanted.data);
          }
        }
      }
    }
  }
});

it("pads as PyTorch's padding = reach // 2 on both sides", () => {
  expect(geometryOf(7, 3, { stride: 2, dilation: 1, padding: "same-pytorch" })).toMatchObject({
    outputs: 4,
    before: 1,
    after: 1,
  });
  expect(geometryOf(8, 3, { stride: 2, dilation: 1, padding: "same-pytorch" })).toMatchObject({
    outputs: 4,
    before: 1,
    after: 1,
  });
  expect(geometryOf(8, 3, { stride: 2, dilation: 1, padding: "same" })).toMatchObject({
    outputs: 4,
    before: 0,
    after: 1,
  });
});
