/** @file Kernels of random statements, with more variables than any processor has registers, against plain loops. */
import { describe, expect, it } from "vitest";
import { deriveKey, Generator } from "../random/generator.ts";
import { traitsOf } from "../runtime/target.ts";
import { CHECKED_TARGETS } from "../testing/check-operation.ts";
import { kernelFunction } from "../testing/run-code.ts";
import { KernelBuilder } from "./builder.ts";
import type { IntVariable, VectorExpression, VectorVariable } from "./ir.ts";

const VECTORS = 40;
const INTS = 20;
const RESULT = 16384;

/** Computes a lane of an expression, as int32. */
type Scalar = (vectors: Int32Array, ints: Int32Array) => number;

interface Pair {
  readonly expression: VectorExpression;
  readonly scalar: Scalar;
}

const floatOf = (word: number) => new Float32Array(Int32Array.of(word).buffer)[0];
const wordOf = (value: number) => new Int32Array(Float32Array.of(value).buffer)[0];

/** A random tree and what it means; lanes are the same in all vectors, so that one number stands for each. */
function tree(
  k: KernelBuilder,
  g: Generator,
  vectors: VectorVariable[],
  ints: IntVariable[],
  depth: number,
): Pair {
  const inner = () => tree(k, g, vectors, ints, depth - 1);
  const id = g.integer(VECTORS);
  if (depth === 0 || g.integer(6) === 0) {
    const value = g.integer(1000) - 500;
    if (g.integer(3) === 0) return { expression: k.intConstant(value), scalar: () => value };
    if (g.integer(3) === 0) {
      const int = g.integer(INTS);
      return { expression: k.splatInt(ints[int]), scalar: (_, state) => state[int] };
    }
    return { expression: vectors[id], scalar: (state) => state[id] };
  }
  const kind = g.integer(5);
  if (kind === 0) {
    const [a, b, c, d] = [inner(), inner(), inner(), inner()];
    // Small whole numbers, of which sums and products are exact.
    const small = (pair: Pair): Pair => ({
      expression: k.unary("toFloat", k.binary("and", pair.expression, k.intConstant(255))),
      scalar: (...state) => wordOf(pair.scalar(...state) & 255),
    });
    const [x, y, z, w] = [a, b, c, d].map(small);
    return {
      expression: k.select(
        k.binary("less", x.expression, w.expression),
        k.multiplyAdd(x.expression, y.expression, z.expression),
        w.expression,
      ),
      scalar: (...state) => {
        const [p, q, r, s] = [x, y, z, w].map((part) => floatOf(part.scalar(...state)));
        return wordOf(p < s ? p * q + r : s);
      },
    };
  }
  const [a, b] = [inner(), inner()];
  const operators = [
    ["intAdd", (p: number, q: number) => (p + q) | 0],
    ["intSubtract", (p: number, q: number) => (p - q) | 0],
    ["intMultiply", Math.imul],
    ["xor", (p: number, q: number) => p ^ q],
  ] as const;
  const [operator, scalar] = operators[kind - 1];
  return {
    expression: k.binary(operator, a.expression, b.expression),
    scalar: (...state) => scalar(a.scalar(...state), b.scalar(...state)),
  };
}

type Step = (vectors: Int32Array, ints: Int32Array) => void;

/** Statements that change variables: sets, loops and conditions around others. */
function statements(
  k: KernelBuilder,
  g: Generator,
  vectors: VectorVariable[],
  ints: IntVariable[],
  depth: number,
): Step {
  const steps: Step[] = [];
  for (let i = 0; i < 6; i++) {
    const kind = g.integer(depth > 0 ? 6 : 4);
    if (kind < 3) {
      const target = g.integer(VECTORS);
      const { expression, scalar } = tree(k, g, vectors, ints, 1 + g.integer(6));
      k.setVector(vectors[target], expression);
      steps.push((state, counts) => (state[target] = scalar(state, counts)));
    } else if (kind === 3) {
      const [target, a, b] = [g.integer(INTS), g.integer(INTS), g.integer(INTS)];
      k.setInt(ints[target], k.add(k.multiply(ints[a], 3), k.minimum(ints[b], 1000)));
      steps.push(
        (_, counts) => (counts[target] = (Math.imul(counts[a], 3) + Math.min(counts[b] >>> 0, 1000)) | 0),
      );
    } else if (kind === 4) {
      const trips = g.integer(4);
      let inner: Step = () => undefined;
      k.loop(
        0,
        k.add(k.multiply(ints[0], 0), trips),
        1,
        () => (inner = statements(k, g, vectors, ints, depth - 1)),
      );
      steps.push((...state) => {
        for (let trip = 0; trip < trips; trip++) inner(...state);
      });
    } else {
      const [a, b] = [g.integer(INTS), g.integer(INTS)];
      let inner: Step = () => undefined;
      k.ifAtLeast(ints[a], ints[b], () => (inner = statements(k, g, vectors, ints, depth - 1)));
      steps.push((state, counts) => {
        if (counts[a] >>> 0 >= counts[b] >>> 0) inner(state, counts);
      });
    }
  }
  return (...state) => steps.forEach((step) => step(...state));
}

describe.each(CHECKED_TARGETS)("random kernels on %s", (target) => {
  const traits = traitsOf(target);

  it.each(Array.from({ length: 20 }, (_, seed) => seed))("seed %i", (seed) => {
    const g = new Generator(deriveKey("random kernels", seed));
    const k = new KernelBuilder(traits, INTS);
    const ints = [...k.parameters];
    const vectors = Array.from({ length: VECTORS }, (_, i) => k.vectorVariable(k.intConstant(i * 7919)));
    const run = statements(k, g, vectors, ints, 3);
    vectors.forEach((vector, i) => k.store(RESULT, 64 * i, vector));
    ints.forEach((int, i) => k.store(RESULT, 64 * (VECTORS + i), k.splatInt(int)));
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    const parameters = Array.from({ length: INTS }, (_, i) => (i * 37) % 11);
    kernelFunction(target, k.finish(), memory)(...parameters);

    const state = Int32Array.from({ length: VECTORS }, (_, i) => i * 7919);
    const counts = Int32Array.from(parameters);
    run(state, counts);
    const expected = [...state, ...counts];
    const words = new Int32Array(memory.buffer, RESULT);
    for (const lane of [0, traits.lanes - 1]) {
      expect(expected.map((_, i) => words[16 * i + lane])).toEqual(expected);
    }
  });
});
