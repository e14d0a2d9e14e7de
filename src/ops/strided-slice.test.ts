/** @file Slices with steps and tiles: against what Python's and NumPy's rules enumerate. */
import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import { inputTensor } from "../graph/sources.ts";
import { deriveKey, type Generator } from "../random/generator.ts";
import { floatArray } from "../tensor/array.ts";
import { testValues } from "../testing/values.ts";
import { stridedSlice } from "./strided-slice.ts";
import { cases, checkTargets, pick } from "./testing/random-shapes.ts";
import { tile } from "./tile.ts";

/** Returns list(range(length))[begin:end:step] as in Python, coordinate by coordinate. */
function pythonSlice(length: number, begin: number | null, end: number | null, step: number): number[] {
  const place = (bound: number) => (bound < 0 ? bound + length : bound);
  const isFrom = (i: number) => begin === null || (step > 0 ? i >= place(begin) : i <= place(begin));
  const isBefore = (i: number) => end === null || (step > 0 ? i < place(end) : i > place(end));
  const inOrder = Array.from({ length }, (_, i) => (step > 0 ? i : length - 1 - i));
  return inOrder.filter((i) => isFrom(i) && isBefore(i)).filter((_, count) => count % Math.abs(step) === 0);
}

const COUNTED = floatArray(Array.from({ length: 10 }, (_, i) => i), [10]); // prettier-ignore

describe("stridedSlice", () => {
  const bound = (generator: Generator) => (generator.integer(4) === 0 ? null : generator.integer(31) - 15);
  const draw = (generator: Generator) => ({
    begin: bound(generator),
    end: bound(generator),
    step: pick(generator, [1, 2, 3, 11, -1, -2, -7]),
  });
  it.each(cases("one axis", 120, draw))("takes what Python takes: %s", (_, { begin, end, step }) => {
    const expected = pythonSlice(10, begin, end, step);
    const act = () =>
      compile((x) => stridedSlice(x, [begin], [end], [step]), [[10]], { threads: 1 })(COUNTED);
    if (expected.length === 0) expect(act).toThrow("at least one element must be left on each axis of [10]");
    else expect([...act().data]).toEqual(expected);
  });

  it("takes axes that the lists do not reach whole", () => {
    const run = compile((x) => [stridedSlice(x, [-1], [null]), stridedSlice(x, [], [], [1, -1])], [[3, 2]], {
      threads: 1,
    });
    const [last, turned] = run(floatArray([1, 2, 3, 4, 5, 6], [3, 2]));
    expect([last.shape, [...last.data]]).toEqual([[1, 2], [5, 6]]); // prettier-ignore
    expect([...turned.data]).toEqual([2, 1, 4, 3, 6, 5]);
  });

  it.each([
    [[[0, 0, 0], [1]], "begin must have at most one entry for each axis of [2,3]; got [0,0,0]"],
    [[[0.5], [1]], "begin must be whole numbers, or null for all that there is; got [0.5]"],
    [[[0], [2], [0]], "steps must be whole numbers other than 0; got [0]"],
    [[[2], [null]], "got begin [2], end [null], steps [], which leave [0,3]"],
  ] as const)("refuses %j", ([begin, end, steps = []], message) => {
    expect(() => stridedSlice(inputTensor([2, 3], "float32"), begin, end, steps)).toThrow(message);
  });
});

describe("random shapes on every target", () => {
  const draw = (generator: Generator) => {
    const shape = Array.from({ length: 1 + generator.integer(3) }, () => 1 + generator.integer(pick(generator, [4, 20]))); // prettier-ignore
    return {
      shape,
      begin: shape.map((length) => generator.integer(length)),
      steps: shape.map(() => pick(generator, [1, 2, 3, -1, -2, -5])),
      repeats: shape.map(() => 1 + generator.integer(3)),
    };
  };
  it.each(cases("strided", 25, draw))(
    "stridedSlice and tile %s",
    (title, { shape, begin, steps, repeats }) => {
      const x = testValues("normal", shape, deriveKey(1, title));
      const end = shape.map(() => null);
      checkTargets((tensor) => stridedSlice(tensor, begin, end, steps), [x], 1e-6);
      checkTargets((tensor) => tile(tensor, repeats), [x], 1e-6);
    },
  );
});

describe("tile", () => {
  it("puts copies side by side, as NumPy does", () => {
    const run = compile((x) => [tile(x, [1, 2]), tile(x, [2, 1])], [[2, 2]], { threads: 1 });
    const [wide, high] = run(floatArray([1, 2, 3, 4], [2, 2]));
    expect([...wide.data]).toEqual([1, 2, 1, 2, 3, 4, 3, 4]);
    expect([...high.data]).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
  });

  it("takes what is empty", () => {
    const run = compile((x) => tile(x, [3, 2]), [[2, 0]], { threads: 1 });
    expect(run(floatArray([], [2, 0])).shape).toEqual([6, 0]);
  });

  it("refuses counts that are none", () => {
    const x = inputTensor([2, 3], "float32");
    expect(() => tile(x, [2])).toThrow("a whole number from 1 for each axis; got [2] for [2,3]");
    expect(() => tile(x, [0, 1])).toThrow("got [0,1]");
  });
});
