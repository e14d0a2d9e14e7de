/** @file Gradients of the operations in ../spectrogram.ts. */
import { constantTensor } from "../../graph/sources.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { floatArray } from "../../tensor/array.ts";
import type { Shape } from "../../tensor/shape.ts";
import { divide, greater, multiply } from "../arithmetic.ts";
import { sqrt } from "../exponential.ts";
import { filterBank } from "../filter-bank.ts";
import { square } from "../power.ts";
import { expandDims } from "../reshape-axes.ts";
import { reshape } from "../reshape.ts";
import { where } from "../select.ts";
import { overlapAdd } from "../spectrogram-frames.ts";
import { transposedInput, transposedOutput, unpad } from "./waveforms.ts";
import { geometryOf, type SpectrogramParameters } from "../spectrogram-parameters.ts";
import { spectrogramPrimitive } from "../spectrogram.ts";
import { sum } from "../sum.ts";
import type { OperationGradient } from "./operation-gradient.ts";

/** The gradient of the complex spectrogram of waveforms `[N, samples]`, given that of its bins. */
function waveformGradient(gradient: Tensor, input: Shape, parameters: SpectrogramParameters): Tensor {
  const { fftSize, hopLength, window } = parameters;
  const geometry = geometryOf(input, parameters);
  const { batch, samples, frames, padding } = geometry;
  // The frames, side by side as one waveform, are transformed one by one.
  const rows = reshape(transposedInput(gradient), [batch, frames * fftSize]);
  const transformed = spectrogramPrimitive([rows], {
    fftSize,
    hopLength: fftSize,
    padding: 0,
    padMode: "constant",
    output: "complex",
    window: new Float64Array(fftSize).fill(1),
  });
  const weights = constantTensor(floatArray(Float32Array.from(window), [1, 1, fftSize]));
  const windowed = multiply(transposedOutput(transformed), weights);
  return unpad(overlapAdd(windowed, hopLength, samples + 2 * padding), geometry);
}

/** The gradient of the bins, `[N, T, F, 2]`, given that of their powers or magnitudes: 2·X or X / |X|, 0 at 0. */
function binGradient(gradient: Tensor, bins: Tensor, output: "magnitude" | "power"): Tensor {
  const each = expandDims(gradient, 3);
  if (output === "power") return multiply(multiply(each, 2), bins);
  const power = sum(square(bins), 3, true);
  return multiply(each, divide(bins, sqrt(where(greater(power, 0), power, 1))));
}

export const spectrogramGradient: OperationGradient<SpectrogramParameters> = (
  outputGradient,
  [input],
  parameters,
) => {
  const { output, filters, ...rest } = parameters;
  if (output === "complex") return [waveformGradient(outputGradient, input.shape, parameters)];
  const gradient = filters ? filterBank(outputGradient, filters.transposed()) : outputGradient;
  const bins = spectrogramPrimitive([input], { ...rest, output: "complex" });
  return [waveformGradient(binGradient(gradient, bins, output), input.shape, parameters)];
};
