/** @file Fourier transforms, as products with a fixed basis. Complex numbers are pairs along the last axis. */
import { constantTensor } from "../../graph/sources.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { add, multiply, negative, subtract } from "../../ops/arithmetic.ts";
import { concat, stack } from "../../ops/concat.ts";
import { matmul } from "../../ops/matmul.ts";
import { pad } from "../../ops/pad.ts";
import { reshape } from "../../ops/reshape.ts";
import { slice } from "../../ops/slice-and-pad.ts";
import { transpose } from "../../ops/transpose.ts";
import { normalizeAxis } from "../../tensor/shape.ts";
import type { Call } from "./call.ts";
import type { OperationFunction } from "./operation.ts";
import { requireFew } from "./value.ts";

interface Basis {
  readonly cosines: Tensor;
  readonly sines: Tensor;
}

/** cos and sin of 2πnk / length, `[count, bins]`. */
function basisOf(length: number, count: number, bins: number): Basis {
  requireFew("a Fourier transform", [count, bins]);
  const table = (wave: (angle: number) => number) =>
    constantTensor({
      shape: [count, bins],
      data: Float32Array.from({ length: count * bins }, (_, i) => {
        const turns = (Math.floor(i / bins) * (i % bins)) % length;
        return wave((2 * Math.PI * turns) / length);
      }),
    });
  return { cosines: table(Math.cos), sines: table(Math.sin) };
}

/** The part of complex numbers, `[…, 2]` or `[…, 1]`, without the last axis; undefined for imaginary parts of real ones. */
function partOf(x: Tensor, part: 0 | 1): Tensor | undefined {
  const { shape } = x;
  const last = shape.length - 1;
  if (part >= shape[last]) return undefined;
  const begin = shape.map((_, axis) => (axis === last ? part : 0));
  const size = shape.map((length, axis) => (axis === last ? 1 : length));
  return reshape(slice(x, begin, size), shape.slice(0, last));
}

/** The first so many elements of an axis; zeros behind those that there are. */
function withLength(x: Tensor, axis: number, length: number): Tensor {
  const own = x.shape[axis];
  if (own >= length) {
    return slice(x, x.shape.map(() => 0), x.shape.map((one, i) => (i === axis ? length : one))); // prettier-ignore
  }
  return pad(x, x.shape.map((_, i) => [0, i === axis ? length - own : 0] as const)); // prettier-ignore
}

/** The axis moved to the end, or back. */
function swapped(x: Tensor, axis: number): Tensor {
  const order = x.shape.map((_, i) => i);
  const last = order.length - 1;
  [order[axis], order[last]] = [order[last], order[axis]];
  return axis === last ? x : transpose(x, order);
}

function transformed(call: Call): Tensor {
  const x = call.numbers(0);
  const rank = x.shape.length;
  const axis = normalizeAxis(call.scalar(2) ?? call.number("axis", -2), rank, "axis");
  if (axis === rank - 1) call.refuse("a Fourier transform along the axis of real and imaginary parts");
  const isInverse = call.flag("inverse");
  const isOneSided = call.flag("onesided");
  const own = x.shape[axis];
  const length = call.scalar(1) ?? (isInverse && isOneSided ? 2 * (own - 1) : own);
  const half = Math.floor(length / 2) + 1;
  if (isInverse && isOneSided) return inverseOfHalf(call, withLength(x, axis, half), axis, length);
  const input = withLength(x, axis, length);
  const [re, im] = [partOf(input, 0), partOf(input, 1)].map((part) => part && swapped(part, axis));
  const { cosines, sines } = basisOf(length, length, isOneSided ? half : length);
  // e^(∓i·angle): the sine's sign is that of the direction.
  const sign = isInverse ? negative : (part: Tensor) => part;
  const real = sum(re && matmul(re, cosines), im && sign(matmul(im, sines)));
  const imaginary = sum(re && sign(negative(matmul(re, sines))), im && matmul(im, cosines));
  const parts = [real, imaginary].map((part) => swapped(isInverse ? multiply(part, 1 / length) : part, axis));
  return stack(parts, rank - 1);
}

function sum(a: Tensor | undefined, b: Tensor | undefined): Tensor {
  if (a && b) return add(a, b);
  return a ?? b ?? constantTensor({ shape: [], data: new Float32Array(1) });
}

/** A real signal from the first half of its spectrum: what is in between counts twice. */
function inverseOfHalf(call: Call, x: Tensor, axis: number, length: number): Tensor {
  const [re, im] = [partOf(x, 0), partOf(x, 1)].map((part) => part && swapped(part, axis));
  if (!re || !im) call.refuse("an inverse of half a spectrum of real numbers");
  const bins = x.shape[axis];
  const weights = Float32Array.from(
    { length: bins },
    (_, k) => (k === 0 || 2 * k === length ? 1 : 2) / length,
  );
  const { cosines, sines } = basisOf(length, bins, length);
  const weight = constantTensor({ shape: [bins, 1], data: weights });
  const signal = subtract(matmul(re, multiply(cosines, weight)), matmul(im, multiply(sines, weight)));
  const result = swapped(signal, axis);
  return reshape(result, [...result.shape, 1]);
}

/** `[batch, frames, bins, 2]` of a signal `[batch, length]` or `[batch, length, 1]`. */
function shortTime(call: Call): Tensor {
  const given = call.numbers(0);
  const [batch, length, parts = 1] = given.shape;
  if (parts !== 1) call.refuse("STFT of complex signals");
  const step = call.scalar(1) ?? call.refuse("STFT without frame_step");
  const size =
    call.scalar(3) ?? (call.has(2) ? call.value(2).shape[0] : call.refuse("STFT without frame_length"));
  const count = Math.floor((length - size) / step) + 1;
  if (!(step >= 1) || !(size >= 1) || !(count >= 1)) {
    call.refuse(`STFT of ${length} samples by frames of ${size}, ${step} apart`);
  }
  const bins = call.flag("onesided", true) ? Math.floor(size / 2) + 1 : size;
  const signal = reshape(given, [batch, length]);
  const windowed = call.has(2)
    ? multiply(framesOf(signal, size, step, count), call.numbers(2))
    : framesOf(signal, size, step, count);
  const { cosines, sines } = basisOf(size, size, bins);
  return stack([matmul(windowed, cosines), negative(matmul(windowed, sines))], 3);
}

/** `[batch, count, size]`: whole steps side by side, which slices of the signal give without copies of each frame. */
function framesOf(signal: Tensor, size: number, step: number, count: number): Tensor {
  const [batch] = signal.shape;
  const pieces = Math.ceil(size / step);
  const whole = withLength(signal, 1, (count + pieces - 1) * step);
  const rows = reshape(whole, [batch, count + pieces - 1, step]);
  const columns = Array.from({ length: pieces }, (_, i) => slice(rows, [0, i, 0], [batch, count, step]));
  return withLength(columns.length === 1 ? columns[0] : concat(columns, 2), 2, size);
}

/** Fourier transforms, by ONNX's names. */
export const SPECTRA = {
  DFT: (call) => [transformed(call)],
  STFT: (call) => [shortTime(call)],
} satisfies Record<string, OperationFunction>;
