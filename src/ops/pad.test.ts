import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Generator } from "../random/generator.ts";
import { floatArray, intArray } from "../tensor/array.ts";
import { sizeOf, stridesOf, type Shape } from "../tensor/shape.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { testValues } from "../testing/values.ts";
import { multiply } from "./arithmetic.ts";
import { gradients } from "./gradients.ts";
import { pad, type PadMode } from "./pad.ts";
import { cases, checkTargets, pick } from "./testing/random-shapes.ts";
import { sum } from "./sum.ts";

const TARGETS = [...KERNEL_TARGETS, "reference" as const];
const MODES: readonly PadMode[] = ["reflect", "symmetric", "edge", "wrap"];

type Sides = readonly (readonly [number, number])[];

/** The definition: where a place on the padded axis comes from, counted from the axis's first element. */
const SOURCE: Record<PadMode, (place: number, length: number) => number> = {
  reflect: (place, length) => (place < 0 ? -place : place >= length ? 2 * (length - 1) - place : place),
  symmetric: (place, length) => (place < 0 ? -1 - place : place >= length ? 2 * length - 1 - place : place),
  edge: (place, length) => Math.min(Math.max(place, 0), length - 1),
  wrap: (place, length) => ((place % length) + length) % length,
};

function paddedShape(shape: Shape, padding: Sides): number[] {
  return shape.map((length, axis) => length + padding[axis][0] + padding[axis][1]);
}

/** For each element of the padded tensor the position that it is copied from. */
function sourcesOf(shape: Shape, padding: Sides, mode: PadMode): number[] {
  const padded = paddedShape(shape, padding);
  const [from, to] = [stridesOf(shape), stridesOf(padded)];
  return Array.from({ length: sizeOf(padded) }, (_, i) =>
    shape.reduce((position, length, axis) => {
      const place = (Math.floor(i / to[axis]) % padded[axis]) - padding[axis][0];
      return position + SOURCE[mode](place, length) * from[axis];
    }, 0),
  );
}

interface Drawn {
  readonly mode: PadMode;
  readonly shape: Shape;
  readonly padding: Sides;
}

function draw(generator: Generator): Drawn {
  const mode = pick(generator, MODES);
  const shape = Array.from({ length: 1 + generator.integer(4) }, () => 1 + generator.integer(5));
  const side = (length: number) => {
    const most = { reflect: length - 1, symmetric: length, edge: 5, wrap: 2 * length + 1 }[mode];
    return generator.integer(3) === 0 ? 0 : generator.integer(most + 1);
  };
  return { mode, shape, padding: shape.map((length): [number, number] => [side(length), side(length)]) };
}

describe.each(TARGETS)("pad on %s", (target) => {
  it("continues a b c d as NumPy does", () => {
    const run = (mode: PadMode, before: number, after: number) => [
      ...compile((x) => pad(x, [[before, after]], mode), [[4]], { target })(floatArray([1, 2, 3, 4], [4]))
        .data,
    ];
    expect(run("reflect", 2, 3)).toEqual([3, 2, 1, 2, 3, 4, 3, 2, 1]);
    expect(run("symmetric", 2, 4)).toEqual([2, 1, 1, 2, 3, 4, 4, 3, 2, 1]);
    expect(run("edge", 1, 5)).toEqual([1, 1, 2, 3, 4, 4, 4, 4, 4, 4]);
    expect(run("wrap", 2, 1)).toEqual([3, 4, 1, 2, 3, 4, 1]);
    // Once round and one more before, twice round after.
    expect(run("wrap", 5, 8)).toEqual([4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]);
  });

  it("fills corners from both axes", () => {
    const padding = [
      [1, 0],
      [1, 1],
    ] as const;
    const run = compile((x) => pad(x, padding, "reflect"), [[2, 2]], { target });
    expect([...run(floatArray([1, 2, 3, 4], [2, 2])).data]).toEqual([4, 3, 4, 3, 2, 1, 2, 1, 4, 3, 4, 3]);
  });

  it.each([Infinity, -Infinity, NaN, -0.5, 1e-42, 3e38])("surrounds with %d", (value) => {
    const run = compile((x) => pad(x, [[1, 6]], value), [[3]], { target });
    const surrounding = new Array<number>(6).fill(Math.fround(value));
    expect([...run(floatArray([1, 2, 3], [3])).data]).toEqual([Math.fround(value), 1, 2, 3, ...surrounding]);
  });

  it("keeps int32 as it is", () => {
    const large = 2 ** 31 - 1;
    const run = compile((x) => pad(x, [[1, 2]], "wrap"), [{ shape: [3], dtype: "int32" }], { target });
    expect(run(intArray([large, -1, 5], [3])).data).toEqual(Int32Array.of(5, large, -1, 5, large, -1));
  });

  it("adds up gradients at the elements that were copied", () => {
    const run = compile(
      (x, weights) => gradients(sum(multiply(pad(x, [[2, 1]], "reflect"), weights)), [x]),
      [[4], [7]],
      { target },
    );
    // c b | a b c d | c with weights 1, 2, 4, …: a 4, b 2 + 8, c 1 + 16 + 64, d 32.
    const [slope] = run(floatArray([0, 0, 0, 0], [4]), floatArray([1, 2, 4, 8, 16, 32, 64], [7]));
    expect([...slope.data]).toEqual([4, 10, 81, 32]);
  });
});

describe("pad with what is at the edges, of random shapes", () => {
  it.each(cases("pad", 60, draw))("%s", (_, { mode, shape, padding }) => {
    const x = testValues("normal", shape, sizeOf(shape));
    const apply = (tensor: Tensor) => pad(tensor, padding, mode);
    checkTargets(apply, [x], 2e-6);
    const sources = sourcesOf(shape, padding, mode);
    const padded = paddedShape(shape, padding);
    const weights = testValues("normal", [sources.length], 5).data;
    const gradient = new Float64Array(x.data.length);
    sources.forEach((source, i) => (gradient[source] += weights[i]));
    const run = compile(
      (tensor, given) => {
        const result = apply(tensor);
        return [result, ...gradients(sum(multiply(result, given)), [tensor])];
      },
      [shape, padded],
      { target: "reference" },
    );
    const [value, slope] = run(x, { shape: padded, data: Float32Array.from(weights) });
    expect([...value.data]).toEqual(sources.map((source) => x.data[source]));
    [...slope.data].forEach((entry, i) => expect(entry).toBeCloseTo(gradient[i], 5));
  });
});

describe("pad", () => {
  const of = (padding: Sides, fill: PadMode, shape: Shape) => () =>
    compile((x) => pad(x, padding, fill), [shape]);

  it("says how wide a mode can pad", () => {
    expect(of([[0, 3]], "reflect", [3])).toThrow(
      /mode "reflect" takes at most 2 .* axis 0 of \[3\]; got \[0,3\]/,
    );
    const last = [
      [0, 0],
      [1, 0],
    ] as const;
    expect(of(last, "reflect", [3, 1])).toThrow(/at most 0 .* axis 1 of \[3,1\]/);
    expect(of([[4, 0]], "symmetric", [3])).toThrow(/mode "symmetric" takes at most 3/);
    expect(of([[1, 0]], "edge", [0])).toThrow(/mode "edge" takes at most 0/);
    expect(of([[1, 0]], "wrap", [0])).toThrow(/mode "wrap" takes at most 0/);
  });

  it("names the modes and what padding looks like", () => {
    const named = (fill: string) => () => {
      // As JavaScript may call it.
      const call: unknown = Reflect.apply(pad, undefined, [null, [[1, 1]], fill]);
      return call;
    };
    expect(named("replicate")).toThrow(/one of "reflect", "symmetric", "edge", "wrap"; got "replicate"/);
    expect(named("toString")).toThrow(/got "toString"/);
    expect(of([[1, 1]], "edge", [2, 2])).toThrow(/pad: padding must be .* for each axis of \[2,2\]/);
    expect(of([[1, 0.5]], "edge", [2])).toThrow(/pad: padding must be .*got \[\[1,0.5\]\]/);
  });
});
