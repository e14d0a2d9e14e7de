/**
 * @file Random numbers inside a program: number i is a pure function of (key, i), the one of src/random/generator.ts, so
 * they do not depend on threads or target and can be computed again instead of kept.
 */
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
import { reshape } from "./reshape.ts";
import { broadcastTo } from "./sum.ts";

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

/** An elementwise operation from int32 to int32. The tests give it int32 inputs of their own (random.test.ts). */
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
    cases: [],
  });
}

/** mix32((x xor a) + b). */
export const mixKeyPrimitive = defineIntegerFunction({
  name: "mixKey",
  cost: 13,
  scalar: ([x], [a, b]) => mix32((x ^ a) + b) | 0,
  emit: (k, [x], [a, b]) =>
    emitMix(k, k.binary("intAdd", k.binary("xor", x, k.intConstant(a)), k.intConstant(b))),
});

/** Word i of a stream: mix32(mix32(i + key) xor mixedKey). */
export const randomBitsPrimitive = defineIntegerFunction({
  name: "randomBits",
  cost: 24,
  scalar: ([i, key, mixedKey]) => mix32(mix32((i + key) | 0) ^ mixedKey) | 0,
  emit: (k, [i, key, mixedKey]) =>
    emitMix(k, k.binary("xor", emitMix(k, k.binary("intAdd", i, key)), mixedKey)),
});

/** The upper 24 bits as a number in [0, 1). */
export const unitIntervalPrimitive = defineElementwise({
  name: "unitInterval",
  cost: 3,
  readsInt32: true,
  scalar: ([bits]) => (bits >>> 8) / 16777216,
  emit: (k, [bits]) =>
    k.binary("multiply", k.unary("toFloat", k.shift("shiftRight", bits, 8)), k.constant(1 / 16777216)),
  cases: [],
});

/** What `deriveKey` of src/random/generator.ts adds to each part, and `Generator` to the key. */
const GOLDEN = 0x9e3779b9;
const SECOND_ROUND = 0x85ebca6b;

/**
 * 32 random bits for each element, as int32: element i (row-major) is word i of
 * `new Generator(mix32((key ^ salt) + 0x9e3779b9))`. `key` is one int32, a tensor that changes from step to step;
 * `salt` tells uses of one key apart.
 * @throws AuricleError "argument" unless key is one int32 and salt an integer.
 */
export function randomBits(shape: Shape, key: Tensor, salt: number): Tensor {
  if (key.dtype !== "int32" || sizeOf(key.shape) !== 1) {
    throw new AuricleError(
      "argument",
      `random: key must be one int32; got ${key.dtype} ${formatShape(key.shape)}`,
    );
  }
  if (!Number.isInteger(salt)) {
    throw new AuricleError("argument", `random: salt must be an integer; got ${salt}`);
  }
  const streamKey = mixKeyPrimitive([reshape(key, [])], { values: [salt | 0, GOLDEN | 0] });
  const mixedKey = mixKeyPrimitive([streamKey], { values: [0, SECOND_ROUND | 0] });
  const index = indexTensor(shape, stridesOf(shape));
  const wide = [streamKey, mixedKey].map((scalar) => broadcastTo(scalar, shape));
  return randomBitsPrimitive([index, ...wide], { values: [] });
}

/**
 * Uniform numbers in [0, 1), multiples of 2⁻²⁴; element i equals `uniform()` of the generator that {@link randomBits}
 * names.
 * @throws AuricleError "argument" unless key is one int32 and salt an integer.
 */
export function randomUniform(shape: Shape, key: Tensor, salt: number): Tensor {
  return applyElementwise(unitIntervalPrimitive, [randomBits(shape, key, salt)]);
}
