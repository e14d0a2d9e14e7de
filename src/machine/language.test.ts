/** @file The meaning of the kernel language, on every target that runs here. */
import { describe, expect, it } from "vitest";
import { KernelBuilder, type Int } from "./builder.ts";
import type { IntBinaryOperator, IntExpression, VectorBinaryOperator, VectorExpression } from "./ir.ts";
import { traitsOf } from "../runtime/target.ts";
import { CHECKED_TARGETS } from "../testing/check-operation.ts";
import { kernelFunction } from "../testing/run-code.ts";

/** Inputs lie at 0, 1024, 2048 …; results at RESULT. */
const RESULT = 8192;
const SENTINEL = 0x5eaf00d;
const MIN_INT = -(2 ** 31);

for (const name of CHECKED_TARGETS) {
  const traits = traitsOf(name);
  const { lanes } = traits;
  const everyLane = Array.from({ length: lanes }, (_, lane) => lane);
  const everyCount = everyLane.map((lane) => lane + 1);

  /** Runs one kernel over a memory of sentinels; gives the memory's words. */
  const execute = (
    write: (k: KernelBuilder) => void,
    inputs: readonly (Float32Array | Int32Array)[] = [],
    args: readonly number[] = [],
  ) => {
    const k = new KernelBuilder(traits, args.length);
    write(k);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    const ints = new Int32Array(memory.buffer).fill(SENTINEL);
    inputs.forEach((input, i) => ints.set(new Int32Array(input.buffer), i * 256));
    kernelFunction(name, k.finish(), memory)(...args);
    return { ints, floats: new Float32Array(memory.buffer) };
  };
  /** The first `length` words of the result. */
  const wordsOf = ({ ints, floats }: { ints: Int32Array; floats: Float32Array }, length: number) => {
    expect(ints[RESULT / 4 - 1]).toBe(SENTINEL);
    expect(ints[RESULT / 4 + lanes]).toBe(SENTINEL);
    const [start, end] = [RESULT / 4, RESULT / 4 + length];
    return { ints: ints.slice(start, end), floats: floats.slice(start, end) };
  };
  /** A vector of all lanes made of inputs of four, over and over; gives four, after a look at the others. */
  const resultOf = (
    make: (k: KernelBuilder, ...inputs: VectorExpression[]) => VectorExpression,
    ...inputs: readonly (Float32Array | Int32Array)[]
  ) => {
    const repeated = inputs.map((input) => {
      const words = new Int32Array(input.buffer);
      return Int32Array.from(everyLane, (lane) => words[lane % 4]);
    });
    const { ints } = execute((k) => {
      k.store(RESULT, 0, make(k, ...inputs.map((_, i) => k.load(i * 1024))));
    }, repeated);
    const all = wordsOf({ ints, floats: new Float32Array(ints.buffer) }, lanes);
    for (let lane = 4; lane < lanes; lane++)
      expect(all.floats[lane], `lane ${lane}`).toBe(all.floats[lane % 4]);
    return { ints: all.ints.slice(0, 4), floats: all.floats.slice(0, 4) };
  };
  const intOf = (make: (k: KernelBuilder, ...args: readonly IntExpression[]) => Int, ...args: number[]) =>
    execute((k) => k.store(RESULT, 0, k.splatInt(make(k, ...k.parameters)), 1), [], args).ints[RESULT / 4];

  const SPECIAL = [0, -0, 1, -1.5, 2.5, 1e-45, -1.2e-38, 3.4e38, Infinity, -Infinity, NaN, 16777217];
  const f = Math.fround;

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

  describe(`${name}: int operations`, () => {
    const a = Int32Array.of(2 ** 31 - 1, MIN_INT, -5, 0x12345678);
    const b = Int32Array.of(1, -1, 7, 0x01010101);

    it("wrap", () => {
      const pairs = {
        intAdd: (x: number, y: number) => (x + y) | 0,
        intSubtract: (x: number, y: number) => (x - y) | 0,
        intMultiply: Math.imul,
      };
      for (const [operator, scalar] of Object.entries(pairs)) {
        const operation = operator as VectorBinaryOperator;
        const { ints } = resultOf((k, x, y) => k.binary(operation, x, y), a, b);
        expect([...ints], operator).toEqual([...a].map((x, i) => scalar(x, b[i])));
      }
    });

    it("and, or, xor, not work on bits", () => {
      expect([...resultOf((k, x, y) => k.binary("and", x, y), a, b).ints]).toEqual(
        [...a].map((x, i) => x & b[i]),
      );
      expect([...resultOf((k, x, y) => k.binary("or", x, y), a, b).ints]).toEqual(
        [...a].map((x, i) => x | b[i]),
      );
      expect([...resultOf((k, x, y) => k.binary("xor", x, y), a, b).ints]).toEqual(
        [...a].map((x, i) => x ^ b[i]),
      );
      expect([...resultOf((k, x) => k.unary("not", x), a).ints]).toEqual([...a].map((x) => ~x));
    });

    it.each([0, 1, 5, 31])("shift by %i", (bits) => {
      expect([...resultOf((k, x) => k.shift("shiftLeft", x, bits), a).ints]).toEqual(
        [...a].map((x) => x << bits),
      );
      expect([...resultOf((k, x) => k.shift("shiftRight", x, bits), a).ints]).toEqual(
        [...a].map((x) => (x >>> bits) | 0),
      );
      expect([...resultOf((k, x) => k.shift("shiftRightSigned", x, bits), a).ints]).toEqual(
        [...a].map((x) => x >> bits),
      );
    });

    it("constants, lanes and masks", () => {
      expect([...resultOf((k) => k.intConstant(2 ** 32 - 3)).ints]).toEqual([-3, -3, -3, -3]);
      const lanesOf = (make: (k: KernelBuilder) => VectorExpression) => [
        ...wordsOf(
          execute((k) => k.store(RESULT, 0, make(k))),
          lanes,
        ).ints,
      ];
      expect(lanesOf((k) => k.laneIndex())).toEqual(everyLane);
      for (const count of [0, ...everyCount]) {
        expect(lanesOf((k) => k.firstLanes(count))).toEqual(everyLane.map((lane) => (lane < count ? -1 : 0)));
      }
    });

    it("on addresses are unsigned where they divide or compare, and wrap", () => {
      const INT: readonly [IntBinaryOperator, (x: number, y: number) => number][] = [
        ["add", (x, y) => (x + y) | 0],
        ["subtract", (x, y) => (x - y) | 0],
        ["multiply", Math.imul],
        ["divide", (x, y) => ((x >>> 0) / (y >>> 0)) | 0],
        ["remainder", (x, y) => ((x >>> 0) % (y >>> 0)) | 0],
        ["min", (x, y) => Math.min(x >>> 0, y >>> 0) | 0],
        ["max", (x, y) => Math.max(x >>> 0, y >>> 0) | 0],
      ];
      for (const [operator, scalar] of INT) {
        for (const [x, y] of [
          [7, 3],
          [3, 7],
          [-1, 10],
          [10, -1],
          [MIN_INT, 3],
          [0, 1],
        ]) {
          const value = intOf((_, p, q) => ({ kind: "intBinary", operator, a: p, b: q }), x, y);
          expect(value, `${operator} ${x} ${y}`).toBe(
            operator === "divide" ? Math.floor((x >>> 0) / (y >>> 0)) | 0 : scalar(x, y),
          );
        }
      }
    });

    it("nest, min and max too", () => {
      const value = (x: number, y: number, z: number) =>
        intOf(
          (k, a, b, c) => k.minimum(k.add(k.minimum(a, b), k.minimum(b, c)), k.minimum(k.minimum(a, 50), c)),
          x,
          y,
          z,
        );
      expect(value(1, 2, 3)).toBe(1); // min(1 + 2, min(1, 3))
      expect(value(9, 2, 3)).toBe(3); // min(2 + 2, min(9, 3))
      expect(value(90, 99, 98)).toBe(50);
    });

    it("fold constants as they would compute them", () => {
      expect(intOf((k) => k.add(k.multiply(6, 7), k.add(0, 8)))).toBe(50);
      expect(intOf((k, a) => k.add(k.multiply(a, 1), k.remainder(a, 1)), 5)).toBe(5);
      expect(intOf((k, a) => k.divide(k.subtract(a, 1), 1), 5)).toBe(4);
    });
  });

  describe(`${name}: memory`, () => {
    const source = Int32Array.from({ length: 256 }, (_, i) => 100 + i);

    it.each(everyCount)("loads %i words, the other lanes zero", (count) => {
      const expected = everyLane.map((lane) => (lane < count ? 105 + lane : 0));
      const load = (address: number, offset: number) => [
        ...wordsOf(
          execute((k) => k.store(RESULT, 0, k.load(k.parameters[0], offset, count)), [source], [address]),
          lanes,
        ).ints,
      ];
      expect(load(8, 12)).toEqual(expected);
      expect(load(40, -20)).toEqual(expected);
    });

    it("loads no word beyond the count, not even where there is no memory", () => {
      const last = 65536 - 4;
      const { ints } = execute((k) => k.store(RESULT, 0, k.load(k.parameters[0], 0, 1)), [], [last]);
      expect([...ints.slice(RESULT / 4, RESULT / 4 + 2)]).toEqual([SENTINEL, 0]);
    });

    it.each(everyCount)("stores %i words and nothing around them", (count) => {
      for (const offset of [64, -64]) {
        const { ints } = execute(
          (k) => k.store(k.parameters[0], offset, k.binary("intAdd", k.load(0), k.intConstant(1)), count),
          [source],
          [RESULT],
        );
        const first = (RESULT + offset) / 4;
        expect([...ints.slice(first - 1, first + lanes + 1)]).toEqual(
          [-1, ...everyLane, lanes].map((i) => (i >= 0 && i < count ? 101 + i : SENTINEL)),
        );
      }
    });

    it("evaluates a partly stored value before it stores", () => {
      // The value is read from where it is written, one word further on.
      const { ints } = execute((k) => k.store(4, 0, k.load(0), 3), [source]);
      expect([...ints.slice(0, 5)]).toEqual([100, 100, 101, 102, 104]);
    });

    it.each(everyCount)("gathers %i words at any stride", (count) => {
      for (const stride of [8, 4, 0, -4, -12]) {
        const gather = (make: (k: KernelBuilder) => Int) => {
          const memory = execute(
            (k) => k.store(RESULT, 0, k.gather(make(k), 40, stride, count)),
            [source],
            [360],
          );
          return [...wordsOf(memory, lanes).ints];
        };
        // Word (360 + 40) / 4 holds 200.
        const expected = everyLane.map((lane) => (lane < count ? 200 + (lane * stride) / 4 : 0));
        expect(gather((k) => k.parameters[0])).toEqual(expected);
        expect(gather((k) => k.add(k.multiply(k.parameters[0], 2), -360))).toEqual(expected);
      }
    });

    it("reads integers", () => {
      // Word 3 of the source is 103; word 2 is 102.
      expect(intOf((k, a) => k.loadInt(a, 4), 8)).toBe(SENTINEL);
      const { ints } = execute(
        (k) => {
          k.store(RESULT, 0, k.splatInt(k.loadInt(k.parameters[0], 4)), 1);
          k.store(RESULT, 4, k.splatInt(k.loadInt(k.add(k.parameters[0], 20), -20)), 1);
        },
        [source],
        [8],
      );
      expect([...ints.slice(RESULT / 4, RESULT / 4 + 2)]).toEqual([103, 102]);
    });

    it("transposes a square", () => {
      const { ints } = execute(
        (k) => {
          const rows = Array.from({ length: lanes }, (_, row) => k.vectorVariable(k.load(4 * lanes * row)));
          k.transpose(rows);
          rows.forEach((row, i) => k.store(RESULT, 4 * lanes * i, row));
        },
        [source],
      );
      const expected = Array.from({ length: lanes * lanes }, (_, i) => {
        return 100 + (i % lanes) * lanes + Math.floor(i / lanes);
      });
      expect([...ints.slice(RESULT / 4, RESULT / 4 + lanes * lanes)]).toEqual(expected);
    });

    it("shuffles lanes of two vectors", () => {
      const orders: [string, (lane: number) => number][] = [
        ["first vector", (lane) => lane],
        ["second vector", (lane) => lanes + lane],
        ["in turn", (lane) => (lane >> 1) + (lane % 2) * lanes],
        ["even lanes of both", (lane) => 2 * lane],
        ["reversed", (lane) => 2 * lanes - 1 - lane],
        [
          "first vector with some of the second",
          (lane) => (lane % 3 === 0 ? lanes + ((7 * lane) % lanes) : lane),
        ],
        ["one lane", () => lanes + 1],
      ];
      for (const [order, sourceOf] of orders) {
        const sources = everyLane.map(sourceOf);
        const words = Array.from({ length: 2 * lanes }, (_, i) => 100 + i);
        const shuffled = (write: (k: KernelBuilder) => VectorExpression) => [
          ...wordsOf(
            execute((k) => k.store(RESULT, 0, write(k)), [source]),
            lanes,
          ).ints,
        ];
        const expected = sources.map((lane) => words[lane]);
        const [a, b] = [0, 4 * lanes];
        expect(
          shuffled((k) => k.shuffle(k.load(a), k.load(b), sources)),
          order,
        ).toEqual(expected);
        const same = sources.map((lane) => 100 + (lane % lanes));
        expect(
          shuffled((k) => {
            const vector = k.vectorVariable(k.load(a));
            k.setVector(vector, k.shuffle(vector, vector, sources));
            return vector;
          }),
          order,
        ).toEqual(same);
      }
    });

    it("broadcasts one word", () => {
      const { ints } = execute((k) => k.store(RESULT, 0, k.broadcast(k.parameters[0], -8)), [source], [20]);
      expect([...ints.slice(RESULT / 4, RESULT / 4 + lanes)]).toEqual(everyLane.map(() => 103));
    });
  });

  describe(`${name}: control`, () => {
    /** Counts rounds and sums counters. */
    const walk = (from: number, to: number, step: number, known: boolean) => {
      const { ints } = execute(
        (k) => {
          const [first, last] = known ? [from, to] : k.parameters;
          const rounds = k.intVariable(0);
          const total = k.intVariable(0);
          k.loop(first, last, step, (counter) => {
            k.increment(rounds, 1);
            k.increment(total, counter);
          });
          k.store(RESULT, 0, k.splatInt(rounds), 1);
          k.store(RESULT, 4, k.splatInt(total), 1);
        },
        [],
        [from, to],
      );
      return [...ints.slice(RESULT / 4, RESULT / 4 + 2)];
    };

    it.each([true, false])("loops from … to, bounds known: %s", (known) => {
      expect(walk(0, 0, 1, known)).toEqual([0, 0]);
      expect(walk(5, 3, 1, known)).toEqual([0, 0]);
      expect(walk(3, 4, 7, known)).toEqual([1, 3]);
      expect(walk(0, 10, 1, known)).toEqual([10, 45]);
      expect(walk(2, 11, 4, known)).toEqual([3, 2 + 6 + 10]);
      expect(walk(0, 16, 16, known)).toEqual([1, 0]);
    });

    it("nests loops", () => {
      const { ints } = execute(
        (k) => {
          const rounds = k.intVariable(0);
          k.loop(0, k.parameters[0], 1, (i) =>
            k.loop(0, i, 1, () => k.loop(0, 3, 1, () => k.increment(rounds, 1))),
          );
          k.store(RESULT, 0, k.splatInt(rounds), 1);
        },
        [],
        [5],
      );
      expect(ints[RESULT / 4]).toBe(3 * (0 + 1 + 2 + 3 + 4));
    });

    it.each([1, 2, 3, 4, 5, 6, 7, 8])("unrolls loops into %i copies", (copies) => {
      for (let trips = 1; trips <= 20; trips++) {
        const { ints } = execute(
          (k) => {
            const [to] = k.parameters;
            const counter = k.intVariable(100);
            const [steps, codes, rounds] = [k.intVariable(0), k.intVariable(0), k.intVariable(0)];
            k.unrolledLoop(
              counter,
              to,
              8,
              copies,
              (copy) => {
                k.increment(steps, 1);
                k.setInt(codes, k.add(k.multiply(codes, 3), copy));
              },
              () => k.increment(rounds, 1),
            );
            [counter, steps, codes, rounds].forEach((value, i) =>
              k.store(RESULT, 4 * i, k.splatInt(value), 1),
            );
          },
          [],
          [100 + 8 * trips],
        );
        let codes = 0;
        for (let i = 0; i < trips; i++) codes = (Math.imul(codes, 3) + (i % copies)) | 0;
        expect([...ints.slice(RESULT / 4, RESULT / 4 + 4)]).toEqual([
          100 + 8 * trips,
          trips,
          codes,
          Math.floor(trips / copies),
        ]);
      }
    });

    it("runs the body of ifAtLeast when a ≥ b, unsigned", () => {
      const taken = (a: number, b: number) =>
        execute(
          (k) => k.ifAtLeast(k.parameters[0], k.parameters[1], () => k.store(RESULT, 0, k.intConstant(1), 1)),
          [],
          [a, b],
        ).ints[RESULT / 4] === 1;
      expect([taken(2, 1), taken(1, 1), taken(0, 1), taken(-1, 1), taken(1, -1)]).toEqual([
        true,
        true,
        false,
        true,
        false,
      ]);
    });

    it("keeps variables apart", () => {
      const { floats } = execute((k) => {
        const many = Array.from({ length: 300 }, (_, i) => k.vectorVariable(k.constant(i)));
        const total = k.vectorVariable(k.constant(0));
        for (const one of many) k.setVector(total, k.binary("add", total, one));
        k.store(RESULT, 0, total, 1);
      });
      expect(floats[RESULT / 4]).toBe((299 * 300) / 2);
    });
  });
}
