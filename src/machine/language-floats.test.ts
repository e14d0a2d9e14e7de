/** @file The meaning of the kernel language on every target that runs here: arithmetic on float32 and float64 numbers. */
import { describe, expect, it } from "vitest";
import { CHECKED_TARGETS } from "../testing/check-operation.ts";
import type { KernelBuilder } from "./builder.ts";
import type { VectorBinaryOperator, VectorExpression } from "./ir.ts";
import { languageOn, RESULT, MIN_INT, SPECIAL } from "./testing/language.ts";

const f = Math.fround;

for (const name of CHECKED_TARGETS) {
  const { traits, lanes, everyLane, execute, wordsOf, resultOf } = languageOn(name);

  describe(`${name}: float operations`, () => {
    const BINARY: Partial<Record<VectorBinaryOperator, (a: number, b: number) => number>> = {
      add: (a, b) => f(a + b),
      subtract: (a, b) => f(a - b),
      multiply: (a, b) => f(a * b),
      divide: (a, b) => f(a / b),
      min: (a, b) => (b < a ? b : a),
      max: (a, b) => (a < b ? b : a),
    };
    const COMPARE: Partial<Record<VectorBinaryOperator, (a: number, b: number) => boolean>> = {
      equal: (a, b) => a === b,
      notEqual: (a, b) => a !== b,
      less: (a, b) => a < b,
      lessEqual: (a, b) => a <= b,
    };
    for (const a of SPECIAL) {
      for (let first = 0; first < SPECIAL.length; first += 4) {
        const left = new Float32Array(4).fill(a);
        const right = Float32Array.from(SPECIAL.slice(first, first + 4));
        it(`of ${Object.is(a, -0) ? "-0" : a} and ${right.join(", ")}`, () => {
          for (const [operator, scalar] of Object.entries(BINARY)) {
            const operation = operator as VectorBinaryOperator;
            const { floats } = resultOf((k, x, y) => k.binary(operation, x, y), left, right);
            // -0 and 0 differ, NaNs do not.
            expect([...floats], operator).toEqual([...right].map((b) => scalar(f(a), b)));
          }
          for (const [operator, scalar] of Object.entries(COMPARE)) {
            const operation = operator as VectorBinaryOperator;
            const { ints } = resultOf((k, x, y) => k.binary(operation, x, y), left, right);
            expect([...ints], operator).toEqual([...right].map((b) => (scalar(f(a), b) ? -1 : 0)));
          }
        });
      }
    }

    const four = (...numbers: number[]) => Float32Array.from(numbers);
    const unary = (operator: Parameters<KernelBuilder["unary"]>[0], ...numbers: number[]) =>
      resultOf((k, a) => k.unary(operator, a), four(...numbers));

    it("negate and abs change the sign bit alone", () => {
      expect([...unary("negate", 0, -0, -Infinity, 1.5).floats]).toEqual([-0, 0, Infinity, -1.5]);
      expect([...unary("abs", -0, -1e-45, -Infinity, NaN).floats]).toEqual([0, f(1e-45), Infinity, NaN]);
    });

    it("sqrt of negatives is NaN, of -0 is -0", () => {
      expect([...unary("sqrt", 4, -0, -1, Infinity).floats]).toEqual([2, -0, NaN, Infinity]);
    });

    it("roundEven takes ties to even, floor goes down", () => {
      expect([...unary("roundEven", 0.5, 1.5, 2.5, -2.5).floats]).toEqual([0, 2, 2, -2]);
      expect([...unary("roundEven", -0.5, 1e30, NaN, 2.4999998).floats]).toEqual([-0, f(1e30), NaN, 2]);
      expect([...unary("floor", -0.5, 0.99999994, -3, -0).floats]).toEqual([-1, 0, -3, -0]);
    });

    it("toInt truncates and saturates; NaN gives 0", () => {
      expect([...unary("toInt", 1.9, -1.9, 3e9, NaN).ints]).toEqual([1, -1, 2 ** 31 - 1, 0]);
      expect(unary("toInt", -3e9, 0, 0, 0).ints[0]).toBe(MIN_INT);
    });

    it("toFloat reads int32 and rounds to the nearest float", () => {
      const { floats } = resultOf((k, a) => k.unary("toFloat", a), Int32Array.of(-7, 16777217, MIN_INT, 0));
      expect([...floats]).toEqual([-7, 16777216, MIN_INT, 0]);
    });

    it("multiplyAdd is a·b + c, rounded once only on a fused target", () => {
      const a = f(1 + 2 ** -12);
      const { floats } = resultOf(
        (k, x, c) => k.multiplyAdd(x, x, c),
        four(a, 2, 0, Infinity),
        four(-1, 3, -0, 1),
      );
      // (1 + 2^-12)² - 1 = 2^-11 + 2^-24; rounding the product first loses the 2^-24.
      expect([2 ** -11, 2 ** -11 + 2 ** -24]).toContain(floats[0]);
      if (!traits.fusedMultiplyAdd) expect(floats[0]).toBe(2 ** -11);
      expect([...floats.slice(1)]).toEqual([7, 0, Infinity]);
    });

    it("multiplyAdd loses nothing of a product that decides between two floats", () => {
      const [a, b, c] = [2 ** -24 * (1 + 2 ** -23), 1 - 2 ** -23, 1 + 2 ** -23];
      const { floats } = resultOf(
        (k, x, y, z) => k.multiplyAdd(x, y, z),
        four(a, -a, a, -a),
        four(b, b, b, b),
        four(c, c, -c, -c),
      );
      // a·b is 2^-24 - 2^-70, a little less than half of what is between c and the floats beside it, which are even.
      const [once, twice] = [
        [c, c, -c, -c],
        [1 + 2 ** -22, 1, -1, -1 - 2 ** -22],
      ];
      const isOpen = name === "wasm-relaxed";
      expect(isOpen ? [once, twice] : [traits.fusedMultiplyAdd ? once : twice]).toContainEqual([...floats]);
    });

    it("select takes a where the mask is set", () => {
      const { floats } = resultOf(
        (k, a, b) => k.select(k.binary("less", a, b), a, k.constant(-0)),
        four(1, 2, NaN, -Infinity),
        four(2, 1, 1, 0),
      );
      expect([...floats]).toEqual([1, -0, -0, -Infinity]);
    });

    it("horizontal combines all lanes into every lane in a fixed order", () => {
      const across = (operator: "add" | "min" | "max", numbers: readonly number[]) => {
        const memory = execute(
          (k) => k.store(RESULT, 0, k.horizontal(operator, k.vectorVariable(k.load(0)))),
          [Float32Array.from(numbers)],
        );
        return [...wordsOf(memory, lanes).floats];
      };
      const all = (value: number) => everyLane.map(() => value);
      for (const place of everyLane) {
        const numbers = everyLane.map((lane) => (lane === place ? -2 : 3 + lane));
        // Σ (3 + lane), without 3 + place and with -2.
        const total = 3 * lanes + (lanes * (lanes - 1)) / 2 - (3 + place) - 2;
        expect(across("add", numbers)).toEqual(all(total));
        expect(across("min", numbers)).toEqual(all(-2));
        expect(
          across(
            "max",
            numbers.map((value) => -value),
          ),
        ).toEqual(all(2));
      }
      // Halves meet first: 1e8 and -1e8 before any of the ones, of which none is lost.
      const half = lanes / 2;
      const numbers = everyLane.map((lane) => (lane === 0 ? 1e8 : lane === half ? -1e8 : 1));
      expect(across("add", numbers)[0]).toBe(lanes - 2);
    });
  });

  describe(`${name}: double operations`, () => {
    const half = lanes / 2;
    const doublesOf = (write: (k: KernelBuilder) => VectorExpression, ...inputs: Float64Array[]) => {
      const words = inputs.map((input) => new Int32Array(input.buffer));
      const { ints } = wordsOf(
        execute((k) => k.store(RESULT, 0, write(k)), words),
        lanes,
      );
      return [...new Float64Array(ints.buffer)];
    };
    const repeated = (numbers: readonly number[]) =>
      Float64Array.from({ length: half }, (_, i) => numbers[i % numbers.length]);

    it("add, subtract and multiply float64 numbers, rounding each to the nearest", () => {
      const numbers = [1, -0, 1 + 2 ** -40, 1e-300, -1e300, 3.4e38, Infinity, NaN];
      for (let shift = 0; shift < numbers.length; shift++) {
        for (let first = 0; first < numbers.length; first += half) {
          const a = repeated(numbers.slice(first, first + half));
          const b = repeated(
            [...numbers.slice(shift), ...numbers.slice(0, shift)].slice(first, first + half),
          );
          const [x, y] = [(k: KernelBuilder) => k.load(0), (k: KernelBuilder) => k.load(1024)];
          const values = (of: (p: number, q: number) => number) => [...a].map((p, i) => of(p, b[i]));
          const sum = doublesOf((k) => k.binary("doubleAdd", x(k), y(k)), a, b);
          expect(sum).toEqual(values((p, q) => p + q));
          const difference = doublesOf((k) => k.binary("doubleSubtract", x(k), y(k)), a, b);
          expect(difference).toEqual(values((p, q) => p - q));
          const product = doublesOf((k) => k.binary("doubleMultiply", x(k), y(k)), a, b);
          expect(product).toEqual(values((p, q) => p * q));
        }
      }
    });

    it("take constants, and one number for all", () => {
      const third = 1 / 3;
      const a = repeated([1 + 2 ** -50, 7]);
      const expected = [...a].map((value) => value * third - value);
      const result = doublesOf(
        (k) =>
          k.binary(
            "doubleSubtract",
            k.binary("doubleMultiply", k.load(0), k.doubleConstant(third)),
            k.load(0),
          ),
        a,
      );
      expect(result).toEqual(expected);
      const one = (place: number) =>
        doublesOf((k) => k.binary("doubleAdd", k.broadcastDouble(0, place), k.doubleConstant(third)), a);
      expect(one(0)).toEqual(new Array(half).fill(a[0] + third));
      expect(one(8)).toEqual(new Array(half).fill(a[1 % half] + third));
    });

    it("read floats and words of all lanes as the bits they are", () => {
      const word = 0x3ff00000;
      const one = doublesOf((k) => k.binary("doubleAdd", k.intConstant(word), k.doubleConstant(0)));
      const bits = new Float64Array(Int32Array.of(word, word).buffer)[0];
      expect(one).toEqual(new Array(half).fill(bits));
      const float = doublesOf((k) => k.binary("doubleAdd", k.broadcast(0), k.constant(1.875)), repeated([1]));
      const first = new Float64Array(Int32Array.of(0, 0).buffer)[0];
      expect(float).toEqual(
        new Array(half).fill(first + new Float64Array(Float32Array.of(1.875, 1.875).buffer)[0]),
      );
    });

    it("come from the lower half of a vector of floats, and go there rounded", () => {
      const floats = Float32Array.from(everyLane, (lane) => (lane + 1) / 3);
      const { ints } = wordsOf(
        execute(
          (k) => {
            // The variable is written where it is read.
            const vector = k.vectorVariable(k.load(0));
            k.setVector(vector, k.unary("toDoubles", vector));
            k.store(RESULT, 0, vector);
          },
          [floats],
        ),
        lanes,
      );
      expect([...new Float64Array(ints.buffer)]).toEqual([...floats.slice(0, half)]);
      const loaded = execute(
        (k) => k.store(RESULT, 0, k.unary("toDoubles", k.load(k.parameters[0], 4, half))),
        [floats],
        [0],
      );
      expect([...new Float64Array(wordsOf(loaded, lanes).ints.buffer)]).toEqual([
        ...floats.slice(1, half + 1),
      ]);
      const doubles = Float64Array.from(
        { length: half },
        (_, i) => [1 / 3, 1e300, -1e-300, 1 + 2 ** -24][i % 4],
      );
      const { floats: rounded } = wordsOf(
        execute(
          (k) => {
            const vector = k.vectorVariable(k.load(0));
            k.setVector(vector, k.unary("fromDoubles", vector));
            k.store(RESULT, 0, vector);
          },
          [new Int32Array(doubles.buffer)],
        ),
        lanes,
      );
      expect([...rounded]).toEqual([...doubles].map(f).concat(new Array(half).fill(0)));
    });
  });
}
