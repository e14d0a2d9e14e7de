/**
 * @file Random numbers inside a program: number i is a pure function of (key, i), the one of src/random/generator.ts, so
 * they do not depend on threads or target and can be computed again instead of kept.
 */
import type { Case, Cases, InputValues } from "../graph/case.ts";
import { AuricleError } from "../errors.ts";
import { defineOperation } from "../graph/define.ts";
import { indexTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { ElementwiseFunction } from "../kernels/expression.ts";
import type { KernelBuilder } from "../machine/builder.ts";
import type { VectorExpression } from "../machine/ir.ts";
import { mix32 } from "../random/generator.ts";
import { formatShape, sizeOf, stridesOf, type Shape } from "../tensor/shape.ts";
import {
  applyElementwise,
  defineElementwise,
  type ElementwiseParameters,
  type ElementwisePrimitive,
} from "./elementwise.ts";
import { normalCumulative, normalDensity } from "./normal-distribution.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice-and-pad.ts";
import { broadcastTo } from "./sum.ts";
import { emitLog } from "./transcendental.ts";
import { shownValue } from "../shown-value.ts";

/** `mix32` of src/random/generator.ts. */
function emitMix(k: KernelBuilder, x: VectorExpression): VectorExpression {
  const steps = [
    [17, 0xed5ad4bb],
    [11, 0xac4c1b51],
    [15, 0x31848bab],
  ];
  let value = x;
  const foldHigh = (bits: number) => {
    value = k.let(value);
    value = k.binary("xor", value, k.shift("shiftRight", value, bits));
  };
  for (const [bits, factor] of steps) {
    foldHigh(bits);
    value = k.binary("intMultiply", value, k.intConstant(factor));
  }
  foldHigh(14);
  return value;
}

/** An elementwise operation from int32 to int32. */
/*@__NO_SIDE_EFFECTS__*/
function defineIntegerFunction(
  definition: ElementwiseFunction & {
    scalar(args: readonly number[], parameters: readonly number[]): number;
  },
): ElementwisePrimitive {
  return defineOperation<ElementwiseParameters>({
    name: definition.name,
    shape: ([first]) => first.shape,
    dtype: () => "int32",
    structure: (_, { values }) => ({ kind: "elementwise", function: definition, parameters: values }),
    reference: (arrays, { values }, shape) =>
      Float64Array.from({ length: sizeOf(shape) }, (_, i) =>
        definition.scalar(
          arrays.map(({ data }) => data[i]),
          values,
        ),
      ),
  });
}

/** Cases of an operation on so many tensors of whole numbers. */
function integerCases(inputs: number, values: readonly number[] = []): Case<ElementwiseParameters>[] {
  return [[5], [3, 7, 11], [2051]].map((shape) => ({
    shapes: new Array<Shape>(inputs).fill(shape),
    parameters: { values },
    values: new Array<InputValues>(inputs).fill("bits"),
    withoutGradient: "takes whole numbers",
  }));
}

/** mix32((x xor a) + b). */
export const mixKeyPrimitive = defineIntegerFunction({
  name: "mixKey",
  cost: 13,
  scalar: ([x], [a, b]) => mix32((x ^ a) + b) | 0,
  emit: (k, [x], [a, b]) =>
    emitMix(k, k.binary("intAdd", k.binary("xor", x, k.intConstant(a)), k.intConstant(b))),
});

export const mixKeyCases: Cases<ElementwiseParameters> = () => integerCases(1, [77, -5]);

/** Word i of a stream: mix32(mix32(i + key) xor mixedKey). */
export const randomBitsPrimitive = defineIntegerFunction({
  name: "randomBits",
  cost: 24,
  scalar: ([i, key, mixedKey]) => mix32(mix32((i + key) | 0) ^ mixedKey) | 0,
  emit: (k, [i, key, mixedKey]) =>
    emitMix(k, k.binary("xor", emitMix(k, k.binary("intAdd", i, key)), mixedKey)),
});

export const randomBitsCases: Cases<ElementwiseParameters> = () => integerCases(3);

/** The upper 24 bits as a number in [0, 1). */
export const unitIntervalPrimitive = defineElementwise({
  name: "unitInterval",
  cost: 3,
  readsInt32: true,
  scalar: ([bits]) => (bits >>> 8) / 16777216,
  emit: (k, [bits]) =>
    k.binary("multiply", k.unary("toFloat", k.shift("shiftRight", bits, 8)), k.constant(1 / 16777216)),
});

export const unitIntervalCases: Cases<ElementwiseParameters> = () => integerCases(1);

/** Where the polynomial of the middle ends and that of the tails begins. */
const TAIL = 5;

/**
 * Coefficients of M. Giles, "Approximating the erfinv function" (GPU Computing Gems 2, 2010), table 5, lowest first: of
 * w - 2.5 in the middle, of √w - 3 in the tails, with w = -ln(1 - x²).
 */
const MIDDLE = [
  1.50140941, 0.246640727, -0.00417768164, -0.00125372503, 0.00021858087, -4.39150654e-6, -3.5233877e-6,
  3.43273939e-7, 2.81022636e-8,
];
const TAILS = [
  2.83297682, 1.00167406, 0.00943887047, -0.0076224613, 0.00573950773, -0.00367342844, 0.00134934322,
  0.000100950558, -0.000200214257,
];

/**
 * The upper 24 bits, a signed integer n, as the standard normal number that a share of (n + ½ + 2²³) / 2²⁴ lies below: √2·erf⁻¹(x)
 * with x = (n + ½)·2⁻²³, which float32 holds exactly. Relative error below 2e-6; between -5.42 and 5.42.
 */
export const standardNormalPrimitive = defineElementwise({
  name: "standardNormal",
  cost: 50,
  readsInt32: true,
  scalar: ([bits]) => normalQuantile(((bits >> 8) + 0.5) / 8388608),
  emit: (k, [bits]) => {
    const integer = k.unary("toFloat", k.shift("shiftRightSigned", bits, 8));
    const half = k.constant(0.5 / 8388608);
    const x = k.let(k.multiplyAdd(integer, k.constant(1 / 8388608), half));
    const one = k.constant(1);
    const product = k.binary("multiply", k.binary("subtract", one, x), k.binary("add", one, x));
    const w = k.let(k.unary("negate", emitLog(k, product)));
    const middle = emitPolynomial(k, k.binary("subtract", w, k.constant(2.5)), MIDDLE);
    const tails = emitPolynomial(k, k.binary("subtract", k.unary("sqrt", w), k.constant(3)), TAILS);
    const slope = k.select(k.binary("less", w, k.constant(TAIL)), middle, tails);
    return k.binary("multiply", k.binary("multiply", slope, x), k.constant(Math.SQRT2));
  },
});

export const standardNormalCases: Cases<ElementwiseParameters> = () => integerCases(1);

function emitPolynomial(
  k: KernelBuilder,
  x: VectorExpression,
  coefficients: readonly number[],
): VectorExpression {
  const bound = k.let(x);
  return coefficients
    .map((coefficient): VectorExpression => k.constant(coefficient))
    .reduceRight((value, coefficient) => k.multiplyAdd(value, bound, coefficient));
}

/** The z with Φ(z) - Φ(-z) = x, in double precision, by Newton's method on the tail, which comes from below and never passes z. */
function normalQuantile(x: number): number {
  const tail = (1 - Math.abs(x)) / 2;
  let z = 0;
  for (let step = Infinity; step > 1e-15 * z; z += step) {
    step = (normalCumulative(-z) - tail) / normalDensity(z);
  }
  return Math.sign(x) * z;
}

/** The constant that `deriveKey` of src/random/generator.ts adds to each part, and `Generator` to the key. */
const GOLDEN = 0x9e3779b9;
const SECOND_ROUND = 0x85ebca6b;

/**
 * 32 random bits for each element, as int32: element i (row-major) is word i of
 * `new Generator(mix32((key ^ salt) + 0x9e3779b9))`. `key` is one int32, a tensor that changes from step to step;
 * `salt` tells uses of one key apart. With `firstRow` these are the rows from that one on of the bits of a longer shape: each process that
 * has a share of a batch draws what one process would draw for these examples.
 * @throws AuricleError "argument" unless key is one int32 and salt an integer.
 */
export function randomBits(shape: Shape, key: Tensor, salt: number, firstRow = 0): Tensor {
  if (key.dtype !== "int32" || sizeOf(key.shape) !== 1) {
    throw new AuricleError(
      "argument",
      `random: key must be one int32; got ${key.dtype} ${formatShape(key.shape)}`,
    );
  }
  if (!Number.isInteger(salt)) {
    throw new AuricleError("argument", `random: salt must be an integer; got ${shownValue(salt)}`);
  }
  const streamKey = mixKeyPrimitive([reshape(key, [])], { values: [salt | 0, GOLDEN | 0] });
  const mixedKey = mixKeyPrimitive([streamKey], { values: [0, SECOND_ROUND | 0] });
  const index = firstRow === 0 ? indexTensor(shape, stridesOf(shape)) : laterRows(shape, firstRow);
  const wide = [streamKey, mixedKey].map((scalar) => broadcastTo(scalar, shape));
  return randomBitsPrimitive([index, ...wide], { values: [] });
}

function laterRows([rows, ...rest]: Shape, firstRow: number): Tensor {
  const all = [firstRow + rows, ...rest];
  return slice(indexTensor(all, stridesOf(all)), [firstRow, ...rest.map(() => 0)], [rows, ...rest]);
}

/**
 * Uniform numbers in [0, 1), multiples of 2⁻²⁴; element i equals `uniform()` of the generator that {@link randomBits}
 * names.
 * @throws AuricleError "argument" unless key is one int32 and salt an integer.
 */
export function randomUniform(shape: Shape, key: Tensor, salt: number, firstRow = 0): Tensor {
  return applyElementwise(unitIntervalPrimitive, [randomBits(shape, key, salt, firstRow)]);
}

/**
 * Standard normal numbers, one for each word of {@link randomBits}: the quantile of its upper 24 bits. Relative error below 2e-6.
 * @throws AuricleError "argument" unless key is one int32 and salt an integer.
 */
export function randomNormal(shape: Shape, key: Tensor, salt: number, firstRow = 0): Tensor {
  return applyElementwise(standardNormalPrimitive, [randomBits(shape, key, salt, firstRow)]);
}
