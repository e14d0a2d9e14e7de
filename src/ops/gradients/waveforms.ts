/** @file The steps that gradients of spectrograms share: padding given back, and Fourier transforms the other way. */
import { constantTensor } from "../../graph/sources.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { FrameGeometry } from "../../kernels/fourier/geometry.ts";
import { floatArray } from "../../tensor/array.ts";
import { add, multiply, subtract } from "../arithmetic.ts";
import { concat } from "../concat.ts";
import { pad } from "../pad.ts";
import { reshape } from "../reshape.ts";
import { reverse } from "../reverse.ts";
import { slice } from "../slice-and-pad.ts";

/** The gradient of padding waveforms, `[N, samples + 2·padding]` to `[N, samples]`: mirror images give theirs back. */
export function unpad(padded: Tensor, { samples, padding, padMode }: FrameGeometry): Tensor {
  const [batch] = padded.shape;
  const inside = slice(padded, [0, padding], [batch, samples]);
  if (padMode === "constant" || padding === 0) return inside;
  const part = (from: number) => reverse(slice(padded, [0, from], [batch, padding]), 1);
  const left = pad(part(0), [[0, 0], [1, samples - 1 - padding]]); // prettier-ignore
  const right = pad(part(padding + samples), [[0, 0], [samples - 1 - padding, 1]]); // prettier-ignore
  return add(inside, add(left, right));
}

/** Elements first … first + count - 1 of the last axis. */
function along(tensor: Tensor, first: number, count: number): Tensor {
  const { shape } = tensor;
  return slice(tensor, [...shape.slice(0, -1).map(() => 0), first], [...shape.slice(0, -1), count]);
}

/** Real or imaginary parts `[N, T, F]` of bins `[N, T, F, 2]`. */
function parts(bins: Tensor): [Tensor, Tensor] {
  const shape = bins.shape.slice(0, -1);
  return [reshape(along(bins, 0, 1), shape), reshape(along(bins, 1, 1), shape)];
}

/** [head, and the tail's elements 1 … F - 2 backwards]: F + F - 2 elements. */
function mirrored(head: Tensor, tail: Tensor): Tensor {
  const bins = tail.shape[tail.shape.length - 1];
  const axis = tail.shape.length - 1;
  if (bins === 2) return head;
  return concat([head, reverse(along(tail, 1, bins - 2), axis)], axis);
}

/**
 * The gradient of a real Fourier transform is y[i] = Σ over bins k of re[k]·cos(2πik/N) - im[k]·sin(2πik/N), given the
 * gradients of the bins' real and imaginary parts, `[N, T, F, 2]`. It is computed by the transform itself: if V is the
 * transform of the real numbers v that this gives, `[N, T, fftSize]`, then y[i] = Re V[i] + Im V[i] for i ≤ N/2 and
 * y[N - i] = Re V[i] - Im V[i].
 */
export function transposedInput(gradient: Tensor): Tensor {
  const [re, im] = parts(gradient);
  const bins = re.shape[2];
  // v[k] = (re[k] + im[k]) / 2, v[N - k] = (re[k] - im[k]) / 2; bins 0 and N/2 are one number each.
  const isEnd = (k: number) => k === 0 || k === bins - 1;
  const weights = (end: number) =>
    constantTensor(
      floatArray(
        Array.from({ length: bins }, (_, k) => (isEnd(k) ? end : 0.5)),
        [1, 1, bins],
      ),
    );
  const even = multiply(re, weights(1));
  const odd = multiply(im, weights(0));
  return mirrored(add(even, odd), subtract(even, odd));
}

/** y, `[N, T, fftSize]`, from V, `[N, T, F, 2]`: see transposedInput. */
export function transposedOutput(bins: Tensor): Tensor {
  const [re, im] = parts(bins);
  return mirrored(add(re, im), subtract(re, im));
}
