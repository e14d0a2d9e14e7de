import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Generator } from "../random/generator.ts";
import type { NumericArray } from "../tensor/array.ts";
import { floatArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { expectClose } from "../testing/compare.ts";
import { testValues } from "../testing/values.ts";
import { gradients } from "./gradients.ts";
import { square } from "./power.ts";
import { sum } from "./sum.ts";
import { cases, checkTargets, pick } from "./testing/random-shapes.ts";
import { conv1dTranspose, conv2dTranspose, type TransposedOptions } from "./transposed-convolution.ts";

interface Drawn {
  readonly input: Shape;
  readonly filter: Shape;
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
  readonly padding: readonly [number, number][];
  readonly outputPadding: readonly number[];
  readonly groups: number;
  /** The lengths of the result. */
  readonly lengths: readonly number[];
}

function drawAxis(generator: Generator, most: number) {
  const [length, window] = [1 + generator.integer(most), 1 + generator.integer(5)];
  const [stride, dilation] = [1 + generator.integer(3), pick(generator, [1, 1, 2, 3])];
  const extra = generator.integer(Math.max(stride, dilation));
  const whole = (length - 1) * stride + (window - 1) * dilation + 1;
  // Also more than the window is long.
  const padding: [number, number] = [generator.integer(whole), generator.integer(whole)];
  return {
    length,
    window,
    stride,
    dilation,
    extra,
    padding,
    result: whole - padding[0] - padding[1] + extra,
  };
}

/** In groups, of one channel each for depthwise ones, with all options at once. */
function draw(generator: Generator): Drawn {
  const axes = 1 + generator.integer(2);
  const drawn = Array.from({ length: axes }, () => {
    let axis = drawAxis(generator, axes === 1 ? 12 : 6);
    while (axis.result < 1) axis = drawAxis(generator, axes === 1 ? 12 : 6);
    return axis;
  });
  const isDepthwise = generator.integer(3) === 0;
  const groups = isDepthwise ? pick(generator, [2, 3, 16, 17]) : pick(generator, [1, 2, 3]);
  const channels = isDepthwise ? groups : groups * pick(generator, [1, 2, 5]);
  const filters = isDepthwise ? pick(generator, [1, 1, 2]) : pick(generator, [1, 3, 4]);
  return {
    input: [1 + generator.integer(2), ...drawn.map(({ length }) => length), channels],
    filter: [...drawn.map(({ window }) => window), filters, channels],
    strides: drawn.map(({ stride }) => stride),
    dilationRate: drawn.map(({ dilation }) => dilation),
    padding: drawn.map(({ padding }) => padding),
    outputPadding: drawn.map(({ extra }) => extra),
    groups,
    lengths: drawn.map(({ result }) => result),
  };
}

/** PyTorch's definition: each number is multiplied with the filter, and the products are added up where they fall. */
function byDefinition(one: Drawn, x: NumericArray, filter: NumericArray): Float64Array {
  const { input, strides, dilationRate, padding, groups, lengths } = one;
  const rank = lengths.length;
  const at = (list: readonly number[], axis: number, otherwise: number) =>
    rank === 1 ? (axis === 0 ? otherwise : list[0]) : list[axis];
  const [height, width] = [at(input.slice(1, -1), 0, 1), at(input.slice(1, -1), 1, 1)];
  const [rows, columns] = [at(one.filter, 0, 1), at(one.filter, 1, 1)];
  const [outputHeight, outputWidth] = [at(lengths, 0, 1), at(lengths, 1, 1)];
  const before = padding.map(([first]) => first);
  const channels = input[rank + 1];
  const perGroup = one.filter[rank];
  const outputs = perGroup * groups;
  const result = new Float64Array(input[0] * outputHeight * outputWidth * outputs);
  for (let n = 0; n < input[0]; n++)
    for (let y = 0; y < height; y++)
      for (let column = 0; column < width; column++)
        for (let i = 0; i < rows; i++)
          for (let j = 0; j < columns; j++) {
            const row = y * at(strides, 0, 1) + i * at(dilationRate, 0, 1) - at(before, 0, 0);
            const place = column * at(strides, 1, 1) + j * at(dilationRate, 1, 1) - at(before, 1, 0);
            if (row < 0 || row >= outputHeight || place < 0 || place >= outputWidth) continue;
            for (let c = 0; c < channels; c++)
              for (let f = 0; f < perGroup; f++) {
                const output = Math.floor(c / (channels / groups)) * perGroup + f;
                result[((n * outputHeight + row) * outputWidth + place) * outputs + output] +=
                  x.data[((n * height + y) * width + column) * channels + c] *
                  filter.data[((i * columns + j) * perGroup + f) * channels + c];
              }
          }
  return result;
}

function transposed(x: Tensor, filter: Tensor, options: TransposedOptions): Tensor {
  return (x.shape.length === 3 ? conv1dTranspose : conv2dTranspose)(x, filter, options);
}

function optionsOf({ strides, dilationRate, padding, outputPadding, groups }: Drawn): TransposedOptions {
  return { strides, dilationRate, padding, outputPadding, groups };
}

describe("transposed convolution on random shapes equals its definition within 2e-6", () => {
  it.each(cases("transposed options", 60, draw))("%s", (_, one) => {
    const x = testValues("positive", one.input, sizeOf(one.input));
    const filter = testValues("positive", one.filter, sizeOf(one.filter) + 1);
    const apply = (...[tensor, weights]: Tensor[]) => transposed(tensor, weights, optionsOf(one));
    const result = compile(apply, [one.input, one.filter], { target: "reference" })(x, filter);
    expect(result.shape.slice(1, -1)).toEqual(one.lengths);
    expectClose(result.data, byDefinition(one, x, filter), 2e-6, "the reference loops");
    checkTargets(apply, [x, filter], 2e-6);
  });
});

describe.each([...KERNEL_TARGETS, "reference" as const])("transposed convolution on %s", (target) => {
  const run = (options: TransposedOptions, x: readonly number[], filter: readonly number[]) => [
    ...compile(
      (a, b) => conv1dTranspose(a, b, options),
      [
        [1, x.length, 1],
        [filter.length, 1, 1],
      ],
      {
        target,
      },
    )(floatArray(x, [1, x.length, 1]), floatArray(filter, [filter.length, 1, 1])).data,
  ];

  it("cuts off explicit padding and appends what outputPadding asks for", () => {
    // 1·(1, 10, 100) and 2·(1, 10, 100) two further: 1, 10, 102, 20, 200.
    expect(run({ strides: 2, padding: [[0, 0]] }, [1, 2], [1, 10, 100])).toEqual([1, 10, 102, 20, 200]);
    expect(run({ strides: 2, padding: [[1, 1]] }, [1, 2], [1, 10, 100])).toEqual([10, 102, 20]);
    expect(run({ strides: 2, padding: [[2, 0]] }, [1, 2], [1, 10, 100])).toEqual([102, 20, 200]);
    const longer = { strides: 2, padding: [[1, 1]] as const, outputPadding: 1 };
    expect(run(longer, [1, 2], [1, 10, 100])).toEqual([10, 102, 20, 200]);
    const withZeros = { strides: 2, padding: [[1, 0]] as const, outputPadding: 1 };
    expect(run(withZeros, [1, 2], [1, 10, 100])).toEqual([10, 102, 20, 200, 0]);
  });

  it("leaves gaps in the window", () => {
    expect(run({ dilationRate: 3 }, [1, 2], [1, 10])).toEqual([1, 2, 0, 10, 20]);
    // A gap of 2 with a stride of 1 lets outputPadding be 1.
    expect(run({ dilationRate: 2, outputPadding: 1 }, [1], [1, 10])).toEqual([1, 0, 10, 0]);
  });
});

describe("transposed convolution", () => {
  const call =
    (options: TransposedOptions, input: Shape = [1, 4, 6], filter: Shape = [3, 2, 6]) =>
    () =>
      compile((x, weights) => conv1dTranspose(x, weights, options), [input, filter]);

  it.each(KERNEL_TARGETS)(
    "has the same bits with one and two threads, in groups and depthwise, on %s",
    (target) => {
      for (const groups of [4, 16]) {
        const shapes = [
          [2, 7, 6, 16],
          [3, 3, groups === 16 ? 1 : 2, 16],
        ];
        const options = {
          groups,
          strides: 2,
          padding: [
            [1, 1],
            [0, 2],
          ] as const,
          outputPadding: 1,
        };
        const arrays = shapes.map((shape, i) => testValues("normal", shape, i));
        const results = [1, 2].map((threads) =>
          compile(
            (x, filter) => {
              const y = conv2dTranspose(x, filter, options);
              return [y, ...gradients(sum(square(y)), [x, filter])];
            },
            shapes,
            { target, threads },
          )(...arrays),
        );
        expect(results[1]).toEqual(results[0]);
      }
    },
  );

  it("says what is wrong in words of its own", () => {
    expect(call({ groups: 4 })).toThrow(
      /conv1dTranspose: the input's channels must be a multiple of groups.*\[1,4,6\].*groups 4/,
    );
    expect(call({ groups: 1.5 })).toThrow(/groups must be a positive integer; got 1.5/);
    expect(call({}, [1, 4, 6], [3, 2, 5])).toThrow(
      /filter \[window…, outputs \/ groups, inputs\].*filter \[3,2,5\]/,
    );
    expect(call({ outputPadding: 1 })).toThrow(
      /outputPadding must be a whole number from 0, below the stride or the dilation \(strides \[1\]/,
    );
    expect(call({ strides: 3, outputPadding: 3 })).toThrow(/outputPadding .*got 3/);
    expect(call({ strides: 2, outputPadding: [1, 1] })).toThrow(/or 1 of them; got \[1,1\]/);
    expect(call({ padding: [[-1, 0]] })).toThrow(/padding must not be negative; got \[\[-1,0\]\]/);
    expect(call({ padding: [[3, 3]] })).toThrow(
      /must leave something of axis 1; got input \[1,4,6\].*length 0/,
    );
    expect(
      call({
        padding: [
          [1, 1],
          [1, 1],
        ],
      }),
    ).toThrow(/explicit padding needs \[before, after\].*each of 1 axes/);
    expect(call({ dilationRate: 0 })).toThrow(/dilationRate must be a positive integer/);
  });
});
