/** @file Cutting waveforms into overlapping frames and adding frames up: each other's gradient, and the spectrogram's. */
import type { Cases } from "../graph/case.ts";
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Tensor } from "../graph/tensor.ts";
import { formatShape, sizeOf } from "../tensor/shape.ts";
import { readStrided } from "./strided-reference.ts";
import { shownValue } from "../shown-value.ts";
import { OVERLAP_ADD_TASK } from "../lowering/overlap-add.ts";

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
        `overlapAdd: the input must be [batch, frames, samples of a frame], not empty, and the result long enough for all frames; got ${formatShape(input.shape)}, hopLength ${hopLength}, ${shownValue(samples)} samples`,
      );
    }
    return [batch, samples];
  },
  structure: ([input], { hopLength, samples }) => {
    const [batch, frames, frameLength] = input.shape;
    return {
      kind: "kernels",
      task: { kind: OVERLAP_ADD_TASK, batch, frames, frameLength, hopLength, samples },
    };
  },
  reference: ([{ shape, data }], { hopLength, samples }) => {
    const [batch, frames, frameLength] = shape;
    const result = new Float64Array(batch * samples);
    for (let n = 0; n < batch; n++)
      for (let frame = 0; frame < frames; frame++)
        for (let i = 0; i < frameLength; i++)
          result[n * samples + frame * hopLength + i] += data[(n * frames + frame) * frameLength + i];
    return result;
  },
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
