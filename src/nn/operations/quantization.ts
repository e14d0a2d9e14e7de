/** @file Whole numbers that stand for others: (whole - zero point)·scale. */
import type { Tensor } from "../../graph/tensor.ts";
import { add, divide, multiply, subtract } from "../../ops/arithmetic.ts";
import { reshape } from "../../ops/reshape.ts";
import { round } from "../../ops/rounding.ts";
import { clip } from "../../ops/select.ts";
import { normalizeAxis, sizeOf } from "../../tensor/shape.ts";
import type { Call, Result } from "./call.ts";
import type { OperationFunction } from "./operation.ts";
import { integerRange } from "./value.ts";

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
  const range = integerRange(type);
  if (!range || range.bits > 16) call.refuse(`QuantizeLinear to ${type}`);
  const whole = round(divide(call.numbers(0), alongAxis(call, 1)));
  const moved = call.has(2) ? add(whole, alongAxis(call, 2)) : whole;
  const [least, most] = range.signed
    ? [-(2 ** (range.bits - 1)), 2 ** (range.bits - 1) - 1]
    : [0, 2 ** range.bits - 1];
  const tensor = clip(moved, least, most);
  return { type, shape: tensor.shape, tensor };
}

/** Quantisation, by ONNX's names. */
export const QUANTIZATION = {
  DequantizeLinear: (call) => [dequantized(call)],
  QuantizeLinear: (call) => [quantized(call)],
} satisfies Record<string, OperationFunction>;
