/** @file Whole numbers that stand for others: (whole - zero point)·scale. */
import type { Tensor } from "../../graph/tensor.ts";
import { add, divide, multiply, negative, subtract } from "../../ops/arithmetic.ts";
import { matmul } from "../../ops/matmul.ts";
import { max, min } from "../../ops/reduce.ts";
import { reshape } from "../../ops/reshape.ts";
import { round } from "../../ops/rounding.ts";
import { clip, maximum, minimum } from "../../ops/select.ts";
import { normalizeAxis, sizeOf } from "../../tensor/shape.ts";
import { Call, type Result } from "./call.ts";
import type { OperationFunction } from "./operation.ts";
import { convolved } from "./products.ts";
import { integerRange, tracedValue, type ElementType, type Value } from "./value.ts";

/** A factor or a zero point for all, or one for each index of an axis. */
function alongAxis(call: Call, input: number): Tensor {
  const x = call.value(0).shape;
  const tensor = call.numbers(input);
  if (call.number("block_size", 0) !== 0) call.refuse("scales for blocks");
  if (sizeOf(tensor.shape) === 1) return reshape(tensor, []);
  const axis = normalizeAxis(call.number("axis", 1), x.length, "axis");
  return reshape(tensor, x.map((_, i) => (i === axis ? x[axis] : 1))); // prettier-ignore
}

function dequantized(call: Call): Result {
  const whole = call.numbers(0);
  const centred = call.has(2) ? subtract(whole, alongAxis(call, 2)) : whole;
  const tensor = multiply(centred, alongAxis(call, 1));
  return { type: call.value(1).type, shape: tensor.shape, tensor };
}

function quantized(call: Call): Result {
  const type = call.has(2) ? call.value(2).type : "uint8";
  const whole = round(divide(call.numbers(0), alongAxis(call, 1)));
  return inRange(call, call.has(2) ? add(whole, alongAxis(call, 2)) : whole, type);
}

/** Whole numbers, those outside a type's range at its ends. */
function inRange(call: Call, whole: Tensor, type: ElementType): Result {
  const range = integerRange(type);
  if (!range || range.bits > 16) call.refuse(`quantisation to ${type}`);
  const [least, most] = range.signed
    ? [-(2 ** (range.bits - 1)), 2 ** (range.bits - 1) - 1]
    : [0, 2 ** range.bits - 1];
  const tensor = clip(whole, least, most);
  return { type, shape: tensor.shape, tensor };
}

/** Scale and zero point of 8 bits for the range of all numbers, 0 in it. */
function dynamicallyQuantized(call: Call): Result[] {
  const x = call.numbers(0);
  const [low, high] = [minimum(min(x), 0), maximum(max(x), 0)];
  const scale = multiply(subtract(high, low), 1 / 255);
  const zero = clip(round(negative(divide(low, scale))), 0, 255);
  const bytes = (whole: Tensor): Result => inRange(call, whole, "uint8");
  return [
    bytes(add(round(divide(x, scale)), zero)),
    { type: "float32", shape: scale.shape, tensor: scale },
    bytes(zero),
  ];
}

/** A number for all, or one for each index of an axis, against a tensor of so many axes. */
function spread(tensor: Tensor, rank: number, axis: number): Tensor {
  const count = sizeOf(tensor.shape);
  if (count === 1) return reshape(tensor, []);
  return tensor.shape.length > 1 ? tensor : reshape(tensor, Array.from({ length: rank }, (_, i) => (i === axis ? count : 1))); // prettier-ignore
}

/** An input without its zero point, which is another input. */
function centred(call: Call, input: number, zero: number, axis: number): Value {
  const whole = call.numbers(input);
  const tensor = call.has(zero)
    ? subtract(whole, spread(call.numbers(zero), whole.shape.length, axis))
    : whole;
  return tracedValue(tensor, "float32");
}

type Product = (call: Call) => Tensor;

/** The axis of filters, and that of rows and columns, which may have zero points and scales of their own. */
const FILTERS = 0;
const rowsOf = (call: Call, input: number) => call.value(input).shape.length - 2;

function productOf(call: Call, product: Product, values: readonly Value[]): Tensor {
  return product(new Call(values, call.attributes, 1));
}

/** Sums of products of whole numbers, exact as long as they are below 2²⁴. */
function wholeProduct(call: Call, product: Product, axes: readonly [number, number]): Result {
  const tensor = productOf(call, product, [centred(call, 0, 2, axes[0]), centred(call, 1, 3, axes[1])]);
  return { type: "int32", shape: tensor.shape, tensor };
}

/** As a product of the numbers that are meant, and quantised again: x, its scale and zero point, w and y likewise. */
function scaledProduct(
  call: Call,
  product: Product,
  axes: readonly [number, number],
  scaleAxis: number,
): Result {
  const bias = call.has(8) ? [tracedValue(call.numbers(8), "float32")] : [];
  const sums = productOf(call, product, [
    centred(call, 0, 2, axes[0]),
    centred(call, 3, 5, axes[1]),
    ...bias,
  ]);
  const rank = sums.shape.length;
  const scale = divide(
    multiply(spread(call.numbers(1), rank, rank - 2), spread(call.numbers(4), rank, scaleAxis)),
    spread(call.numbers(6), rank, scaleAxis),
  );
  const whole = round(multiply(sums, scale));
  return inRange(call, add(whole, spread(call.numbers(7), rank, scaleAxis)), call.value(7).type);
}

const matrixProduct: Product = (call) => matmul(call.numbers(0), call.numbers(1));

/** Quantisation, and products of quantised numbers, by ONNX's names. */
export const QUANTIZATION = {
  ConvInteger: (call) => [wholeProduct(call, convolved, [1, FILTERS])],
  DequantizeLinear: (call) => [dequantized(call)],
  DynamicQuantizeLinear: (call) => dynamicallyQuantized(call),
  MatMulInteger: (call) => [wholeProduct(call, matrixProduct, [rowsOf(call, 0), rowsOf(call, 1) + 1])],
  QLinearConv: (call) => [scaledProduct(call, convolved, [1, FILTERS], 1)],
  QLinearMatMul: (call) => [
    scaledProduct(
      call,
      matrixProduct,
      [rowsOf(call, 0), rowsOf(call, 3) + 1],
      call.value(0).shape.length - 1,
    ),
  ],
  QuantizeLinear: (call) => [quantized(call)],
} satisfies Record<string, OperationFunction>;
