/** @file Cutting waveforms into overlapping frames and adding frames up: each other's gradient, and the spectrogram's. */
import type { Cases } from "../graph/case.ts";
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import { constantTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { FrameGeometry } from "../kernels/fourier/geometry.ts";
import { overlapAddKernel, overlapAddKey } from "../kernels/fourier/overlap-add.ts";
import { floatArray } from "../tensor/array.ts";
import { formatShape, sizeOf } from "../tensor/shape.ts";
import { add, multiply, subtract } from "./arithmetic.ts";
import { concat } from "./concat.ts";
import { reshape } from "./reshape.ts";
import { reverse } from "./reverse.ts";
import { pad } from "./pad.ts";
import { slice } from "./slice-and-pad.ts";
import { readStrided } from "./strided-reference.ts";

export interface FramesParameters {
  readonly frames: number;
  readonly frameLength: number;
  readonly hopLength: number;
}

export const framesPrimitive: Primitive<FramesParameters> = defineOperation<FramesParameters>({
  name: "frames",
  shape: ([input], parameters) => {
    const { frames, frameLength, hopLength } = parameters;
    const reach = (frames - 1) * hopLength + frameLength;
    if (input.shape.length !== 2 || input.shape[1] < reach) {
      throw new AuricleError(
        "shape",
        `frames: the input must be [batch, samples] with at least ${reach} samples; got ${formatShape(input.shape)}`,
      );
    }
    return [input.shape[0], frames, frameLength];
  },
  structure: ([input], { hopLength }) => ({
    kind: "strided",
    strides: [input.shape[1], hopLength, 1],
    offset: 0,
  }),
  reference: ([array], { hopLength }, shape) => readStrided(array, shape, [array.shape[1], hopLength, 1], 0),
  gradient: (outputGradient, [input], { hopLength }) => [
    overlapAdd(outputGradient, hopLength, input.shape[1]),
  ],
});

export const framesCases: Cases<FramesParameters> = () => [
  { shapes: [[2, 23]], parameters: { frames: 4, frameLength: 9, hopLength: 4 } },
  { shapes: [[1, 40]], parameters: { frames: 3, frameLength: 5, hopLength: 13 } },
  { shapes: [[3, 7]], parameters: { frames: 1, frameLength: 7, hopLength: 2 } },
];

export interface OverlapAddParameters {
  readonly hopLength: number;
  /** The number of samples in the result. */
  readonly samples: number;
}

export const overlapAddPrimitive: Primitive<OverlapAddParameters> = defineOperation<OverlapAddParameters>({
  name: "overlapAdd",
  shape: ([input], { hopLength, samples }) => {
    const [batch, frames, frameLength] = input.shape;
    if (
      input.shape.length !== 3 ||
      sizeOf(input.shape) === 0 ||
      samples < (frames - 1) * hopLength + frameLength
    ) {
      throw new AuricleError(
        "shape",
        `overlapAdd: the input must be [batch, frames, samples of a frame], not empty, and the result long enough for all frames; got ${formatShape(input.shape)}, hopLength ${hopLength}, ${samples} samples`,
      );
    }
    return [batch, samples];
  },
  structure: ([input], { hopLength, samples }) => ({
    kind: "kernels",
    fusesEpilogue: false,
    lower: ({ inputs, output, call }) => {
      const [batch, frames, frameLength] = input.shape;
      const request = { batch, frames, frameLength, hopLength, samples };
      call(overlapAddKey(request), (machine) => overlapAddKernel(request, machine), inputs, [output]);
    },
  }),
  reference: ([{ shape, data }], { hopLength, samples }) => {
    const [batch, frames, frameLength] = shape;
    const result = new Float64Array(batch * samples);
    for (let n = 0; n < batch; n++)
      for (let frame = 0; frame < frames; frame++)
        for (let i = 0; i < frameLength; i++)
          result[n * samples + frame * hopLength + i] += data[(n * frames + frame) * frameLength + i];
    return result;
  },
  gradient: (outputGradient, [input], { hopLength }) => [
    framesPrimitive([outputGradient], { frames: input.shape[1], frameLength: input.shape[2], hopLength }),
  ],
});

export const overlapAddCases: Cases<OverlapAddParameters> = () => [
  { shapes: [[2, 4, 9]], parameters: { hopLength: 4, samples: 23 } },
  // Gaps between frames; one frame; a hop of one sample; a frame of one sample.
  { shapes: [[1, 3, 5]], parameters: { hopLength: 13, samples: 40 } },
  { shapes: [[3, 1, 7]], parameters: { hopLength: 2, samples: 7 } },
  { shapes: [[1, 6, 10]], parameters: { hopLength: 1, samples: 20 } },
  { shapes: [[2, 3, 1]], parameters: { hopLength: 5, samples: 11 } },
  { shapes: [[2, 7, 32]], parameters: { hopLength: 16, samples: 128 } },
];

/** Adds frames `[N, T, L]`, `hopLength` apart, up to waveforms `[N, samples]`. */
export function overlapAdd(frames: Tensor, hopLength: number, samples: number): Tensor {
  return overlapAddPrimitive([frames], { hopLength, samples });
}

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
