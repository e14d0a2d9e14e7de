/** @file Gradients of the operations in ../frame-filters.ts. */
import { filterBank } from "../filter-bank.ts";
import { type FrameFiltersParameters, geometryOf } from "../frame-filters.ts";
import { reshape } from "../reshape.ts";
import { overlapAdd } from "../spectrogram-frames.ts";
import { unpad } from "./waveforms.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const filterFramesGradient: OperationGradient<FrameFiltersParameters> = (
  outputGradient,
  [input],
  parameters,
) => {
  const { filters, hopLength, padding } = parameters;
  const [batch, frames, count] = outputGradient.shape;
  const rows = reshape(outputGradient, [batch, frames, 2 * count]);
  const samples = filterBank(rows, filters.bank().transposed());
  const padded = overlapAdd(samples, hopLength, input.shape[1] + 2 * padding);
  return [unpad(padded, geometryOf(input.shape, parameters))];
};
