/**
 * @file No unit of a kernel writes what another unit of the same call reads or writes: for the kernels of every operation's cases and
 * of layers with many outputs of random sizes, on every target's traits. `checkTargets` looks at all other random shapes.
 */
import { describe, expect, it } from "vitest";
import type { Graph } from "../graph/graph.ts";
import { lowerGraph } from "../graph/lower.ts";
import { inputTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import { checkUnits } from "../graph/testing/check-units.ts";
import { KernelBuilder } from "../machine/builder.ts";
import type { KernelCode } from "../machine/ir.ts";
import { WASM_TRAITS } from "../machine/wasm.ts";
import { FIRST_POINTER, FLOAT_BYTES } from "../kernels/kernel.ts";
import type { Generator } from "../random/generator.ts";
import { traitsOf } from "../runtime/target.ts";
import type { DType } from "../tensor/array.ts";
import type { Shape } from "../tensor/shape.ts";
import { conv2d } from "./convolution.ts";
import { add, gradients, matmul, multiply, sum, tanh } from "./index.ts";
import { cases, pick } from "./testing/random-shapes.ts";
import { ALL_TARGETS, checkUnitsOnTargets, targetsInTurn } from "./testing/unit-targets.ts";
import { TESTED_OPERATIONS } from "./testing/cases.ts";

function graphOf(
  specs: readonly (Shape | { readonly shape: Shape; readonly dtype: DType })[],
  fn: (...inputs: Tensor[]) => readonly Tensor[],
): Graph {
  const inputs = specs.map((spec) =>
    "shape" in spec ? inputTensor(spec.shape, spec.dtype) : inputTensor(spec, "float32"),
  );
  return { inputs, outputs: fn(...inputs), assignments: [] };
}

for (const target of ALL_TARGETS) {
  describe(`units of operations are independent on ${target}`, () => {
    for (const { name, cases: all } of TESTED_OPERATIONS) {
      it(name, () => {
        for (const one of all) {
          const graph = graphOf(one.inputs, (...inputs) => [one.apply(inputs)]);
          for (const fusion of [true, false]) checkUnitsOnTargets(graph, { targets: [target], fusion });
          if (target === "avx512") checkUnitsOnTargets(graph, { targets: [target], precision: "bfloat16" });
        }
      });
    }
  });
}

/** With a long epilogue, and both gradients. */
function layer(product: (x: Tensor, weights: Tensor) => Tensor) {
  return (x: Tensor, weights: Tensor, bias: Tensor): Tensor[] => {
    const y = tanh(add(product(x, weights), bias));
    return [y, ...gradients(sum(multiply(y, y)), [x, weights, bias])];
  };
}

describe("units of layers with any number of outputs are independent on each target in turn", () => {
  const dense = (generator: Generator) => ({
    batch: 1 + generator.integer(pick(generator, [4, 40, 130])),
    inputs: 1 + generator.integer(pick(generator, [8, 60, 500])),
    outputs: 1 + generator.integer(pick(generator, [20, 120, 700])),
  });
  it.each(cases("dense with many outputs", 60, dense))("dense %s", (_, { batch, inputs, outputs }) => {
    const shapes = [[batch, inputs], [inputs, outputs], [outputs]];
    checkUnitsOnTargets(graphOf(shapes, layer(matmul)), { targets: targetsInTurn() });
  });

  const convolution = (generator: Generator) => {
    const groups = pick(generator, [1, 1, 1, 2, 3]);
    return {
      batch: 1 + generator.integer(pick(generator, [2, 20])),
      height: 1 + generator.integer(10),
      width: 1 + generator.integer(10),
      inputs: groups * (1 + generator.integer(pick(generator, [4, 24]))),
      outputs: groups * (1 + generator.integer(pick(generator, [20, 120]))),
      size: pick(generator, [1, 3, 3, 2]),
      strides: pick(generator, [1, 1, 2]),
      groups,
    };
  };
  it.each(cases("convolutions with many outputs", 40, convolution))("convolution %s", (_, one) => {
    const { batch, height, width, inputs, outputs, size, strides, groups } = one;
    const shapes = [[batch, height, width, inputs], [size, size, inputs / groups, outputs], [outputs]];
    const product = (x: Tensor, w: Tensor) => conv2d(x, w, { padding: "same", strides, groups });
    checkUnitsOnTargets(graphOf(shapes, layer(product)), { targets: targetsInTurn() });
  });
});

describe("the check itself", () => {
  const graph = graphOf([[8, 3]], (x) => [tanh(x)]);

  /** A program whose one call, from 24 words to 24 words, is replaced. */
  function check(units: number, write: (k: KernelBuilder) => void, scratchBytes = 0): void {
    const lowered = lowerGraph(graph, WASM_TRAITS);
    const k = new KernelBuilder(WASM_TRAITS, FIRST_POINTER + 2);
    write(k);
    const code: KernelCode = k.finish();
    checkUnits(lowered, WASM_TRAITS, () => ({ code, units, scratchBytes }));
  }

  /** Each unit copies four words; `from` and `to` are words beyond where the unit's own begin. */
  const copy = (from: number, to: number, count: number) => (k: KernelBuilder) => {
    const [unit, , , input, output] = k.parameters;
    const place = k.intVariable(k.multiply(unit, 4 * FLOAT_BYTES));
    const value = k.vectorVariable(k.load(k.add(input, place), from * FLOAT_BYTES));
    k.store(k.add(output, place), to * FLOAT_BYTES, value, count);
  };

  it("accepts units that copy words of their own, and common reads", () => {
    expect(() => check(6, copy(0, 0, 4))).not.toThrow();
    expect(() => check(6, copy(-3, 0, 4))).toThrow("unit 0 reads");
    expect(() => check(5, copy(1, 0, 4))).toThrow("output 0: nothing writes word 20");
  });

  it("finds a word that two units write, be it the same value", () => {
    expect(() => check(5, copy(0, 1, 4))).toThrow("nothing writes word 0");
    const overlapping = (k: KernelBuilder) => {
      copy(0, 0, 4)(k);
      k.ifAtLeast(k.parameters[0], 1, () => copy(-1, -1, 1)(k));
    };
    expect(() => check(6, overlapping)).toThrow("unit 1 writes word 3 of 24 of output 0, as unit 0");
  });

  it("finds a word that one unit reads and another writes, in either order", () => {
    const readsAfter = (k: KernelBuilder) => {
      copy(0, 0, 4)(k);
      const [unit, , , , output] = k.parameters;
      k.ifAtLeast(unit, 3, () => k.vectorVariable(k.load(output, 2 * FLOAT_BYTES, 1)));
    };
    expect(() => check(6, readsAfter)).toThrow("unit 3 reads word 2 of 24 of output 0, which unit 0 writes");
    const readsBefore = (k: KernelBuilder) => {
      copy(0, 0, 4)(k);
      const [unit, , , , output] = k.parameters;
      k.ifAtLeast(0, unit, () => k.vectorVariable(k.load(output, 9 * FLOAT_BYTES, 1)));
    };
    expect(() => check(6, readsBefore)).toThrow("unit 2 writes word 9 of 24 of output 0, which unit 0 reads");
  });

  it("finds what lies outside: of the output, of scratch memory, and scratch memory of an earlier unit", () => {
    expect(() => check(7, copy(0, 0, 4))).toThrow("unit 6 writes word");
    const scratch = (first: number) => (k: KernelBuilder) => {
      const [unit, , own] = k.parameters;
      k.ifAtLeast(first, unit, () => k.store(own, 0, k.constant(0)));
      k.vectorVariable(k.load(own));
      copy(0, 0, 4)(k);
    };
    expect(() => check(6, scratch(5), 16)).not.toThrow();
    expect(() => check(6, scratch(0), 16)).toThrow("unit 1 reads word 0 of 4 of scratch 0, of scratch");
    expect(() => check(6, scratch(5), 12)).toThrow("writes");
  });

  it("sees the words of a hot loop, however it goes", () => {
    const loop = (distance: number, copies: number) => (k: KernelBuilder) => {
      const [unit, , , input, output] = k.parameters;
      const at = k.intVariable(k.multiply(unit, 4 * FLOAT_BYTES));
      const a = k.intVariable(input);
      const b = k.intVariable(k.add(output, at));
      const to = k.intVariable(k.add(a, 5 * FLOAT_BYTES));
      k.unrolledLoop(
        a,
        to,
        FLOAT_BYTES,
        copies,
        (copied) => {
          k.vectorVariable(k.broadcast(a));
          k.vectorVariable(k.load(b, copied * distance * FLOAT_BYTES, 1));
        },
        () => k.increment(b, copies * distance * FLOAT_BYTES),
      );
      copy(0, 0, 4)(k);
    };
    for (const copies of [1, 2, 3]) {
      // Five steps: words 0 … 4 · distance of what the unit writes and reads.
      expect(() => check(6, loop(0, copies))).not.toThrow();
      expect(() => check(6, loop(1, copies))).toThrow("word 4 of 24 of output 0");
      expect(() => check(6, loop(2, copies))).toThrow("of 24 of output 0");
    }
  });

  it("has traits of all kinds of vectors", () => {
    expect(new Set(ALL_TARGETS.map((target) => traitsOf(target).lanes))).toEqual(new Set([4, 8, 16]));
  });
});
