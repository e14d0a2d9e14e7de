/** @file Programs that may round to bfloat16: against reference loops over rounded operands, and refused where there is none. */
import { describe, expect, it } from "vitest";
import { compile, type CompileOptions } from "../graph/compile.ts";
import type { Tensor } from "../graph/tensor.ts";
import { interpretFunction } from "../graph/testing/interpret-function.ts";
import { bfloat16Bits, floatOfBfloat16 } from "../kernels/testing/bfloat16.ts";
import { emitKernel } from "../machine/x86-64/emit.ts";
import { supportsPrecision } from "../runtime/precision.ts";
import { kernelTargets, traitsOf } from "../runtime/target.ts";
import type { NumericArray } from "../tensor/array.ts";
import type { Shape } from "../tensor/shape.ts";
import { expectClose } from "../testing/compare.ts";
import { testValues } from "../testing/values.ts";
import { add, conv1d, conv2d, conv2dTranspose, matmul, relu } from "./index.ts";

type Apply = (a: Tensor, b: Tensor) => Tensor;

const CASES: readonly [string, Shape, Shape, Apply][] = [
  ["a 5×5 filter", [2, 9, 11, 16], [5, 5, 16, 40], (a, b) => conv2d(a, b, { padding: "same" })],
  ["a 1×1 filter with strides", [3, 7, 9, 18], [1, 1, 18, 5], (a, b) => conv2d(a, b, { strides: 2 })],
  ["dilated filters", [1, 12, 10, 16], [3, 3, 16, 33], (a, b) => conv2d(a, b, { dilationRate: 2 })],
  ["groups of channels", [2, 6, 6, 32], [5, 3, 16, 34], (a, b) => conv2d(a, b, { groups: 2 })],
  ["long windows", [2, 100, 16], [25, 16, 64], (a, b) => conv1d(a, b, { strides: 4, padding: "causal" })],
  ["an epilogue", [2, 9, 7, 16], [5, 5, 16, 20], (a, b) => relu(add(conv2d(a, b), 0.25))],
  // Of one with strides or larger filters the gaps and the padding are left out, which is faster than rounding.
  ["a transposed convolution", [2, 9, 9, 16], [3, 3, 40, 16], (a, b) => conv2dTranspose(a, b)],
  ["a dense layer", [13, 50], [50, 70], (a, b) => matmul(a, b)],
  [
    "a matrix product with a transposed factor",
    [5, 1030],
    [10, 1030],
    (a, b) => matmul(a, b, { transposeB: true }),
  ],
];

const isSupported = supportsPrecision("avx512", "bfloat16");

function rounded({ shape, data }: NumericArray): NumericArray {
  return { shape, data: Float32Array.from(data, (value) => floatOfBfloat16(bfloat16Bits(value))) };
}

function run(apply: Apply, [a, b]: readonly [NumericArray, NumericArray], options: CompileOptions) {
  const compiled = compile(apply, [a.shape, b.shape], { threads: 1, ...options });
  const keys = compiled.report.calls.map(({ key }) => key);
  return { data: compiled(a, b).data, usesPairs: keys.some((key) => /^convolution .*pairs:true/.test(key)) };
}

const PAIRS: CompileOptions = { target: "avx512", precision: "bfloat16" };

describe("precision bfloat16", () => {
  it.each(CASES)("rounds the operands, and nothing else, of %s", (name, shapeA, shapeB, apply) => {
    const operands = [testValues("normal", shapeA, 1), testValues("normal", shapeB, 2)] as const;
    if (!isSupported) {
      expect(() => run(apply, operands, PAIRS)).toThrow(/AVX512-BF16|target avx512/);
      return;
    }
    const { data, usesPairs } = run(apply, operands, PAIRS);
    expect(usesPairs).toBe(true);
    const exact = run(apply, [rounded(operands[0]), rounded(operands[1])], { target: "reference" });
    expectClose(data, exact.data, 2e-6, name);
    const threads = run(apply, operands, { ...PAIRS, threads: 3 });
    expect(threads.data).toEqual(data);
  });

  it.each(CASES)("rounds the same where an interpreter runs %s", (name, shapeA, shapeB, apply) => {
    const operands = [testValues("normal", shapeA, 1), testValues("normal", shapeB, 2)] as const;
    const machine = traitsOf("avx512");
    const [{ data }] = interpretFunction((a, b) => [apply(a, b)], operands, machine, {
      precision: "bfloat16",
      inspect: ({ code }) => emitKernel(code, "system-v"),
    });
    const exact = run(apply, [rounded(operands[0]), rounded(operands[1])], { target: "reference" });
    expectClose(data, exact.data, 2e-6, name);
  });

  it.each<[string, Shape, Shape]>([
    ["few channels", [2, 8, 8, 6], [5, 5, 6, 16]],
    ["an odd number of channels", [2, 8, 8, 17], [5, 5, 17, 16]],
    ["Winograd's convolutions, which are faster", [2, 32, 32, 32], [3, 3, 32, 32]],
  ])("leaves %s in float32", (_, shapeA, shapeB) => {
    const operands = [testValues("normal", shapeA, 1), testValues("normal", shapeB, 2)] as const;
    const apply: Apply = (a, b) => conv2d(a, b, { padding: "same" });
    if (!isSupported) {
      expect(() => run(apply, operands, PAIRS)).toThrow(/AVX512-BF16|target avx512/);
      return;
    }
    const { data, usesPairs } = run(apply, operands, PAIRS);
    expect(usesPairs).toBe(false);
    expect(data).toEqual(run(apply, operands, { target: "avx512" }).data);
  });

  it("takes Winograd's convolutions too where algorithms are to be direct", () => {
    const operands = [
      testValues("normal", [2, 32, 32, 32], 1),
      testValues("normal", [3, 3, 32, 32], 2),
    ] as const;
    const apply: Apply = (a, b) => conv2d(a, b, { padding: "same" });
    const options: CompileOptions = { ...PAIRS, algorithms: "direct" };
    if (isSupported) expect(run(apply, operands, options).usesPairs).toBe(true);
    else expect(() => run(apply, operands, options)).toThrow(/AVX512-BF16|target avx512/);
  });

  it.each([...kernelTargets().filter((target) => target !== "avx512"), "reference" as const])(
    "is refused on target %s",
    (target) => {
      const operands = [testValues("normal", [2, 16], 1), testValues("normal", [16, 2], 2)] as const;
      expect(() => run((a, b) => matmul(a, b), operands, { target, precision: "bfloat16" })).toThrow(
        `precision bfloat16: target ${target} has none, it takes target avx512 on a processor with AVX512-BF16`,
      );
    },
  );
});
