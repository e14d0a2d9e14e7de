/** @file From a network's outputs for windows to predictions for the clips that they were cut from. */
import { AuricleError } from "../../errors.ts";
import { floatArray, type FloatArray } from "../../tensor/array.ts";
import { formatShape } from "../../tensor/shape.ts";

/** The function that turns outputs into predictions: "softmax" one of several classes, "sigmoid" tags, "linear" numbers. */
export type OutputActivation = "softmax" | "sigmoid" | "linear";

/**
 * Probabilities (or numbers) of a network's outputs, in float64.
 * @param outputs `[N, classes]`: logits, or with "linear" the numbers themselves
 */
export function outputPredictions(outputs: FloatArray, activation: OutputActivation): Float64Array {
  const { shape, data } = outputs;
  if (shape.length !== 2) {
    throw new AuricleError("shape", `outputs must be [N,classes]; got ${formatShape(shape)}`);
  }
  if (activation === "linear") return Float64Array.from(data);
  if (activation === "sigmoid") return Float64Array.from(data, (logit) => 1 / (1 + Math.exp(-logit)));
  const [rows, classes] = shape;
  const result = new Float64Array(data.length);
  for (let row = 0; row < rows; row++) {
    const logits = data.subarray(row * classes, (row + 1) * classes);
    const greatest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
    const powers = Float64Array.from(logits, (logit) => Math.exp(logit - greatest));
    const sum = powers.reduce((total, power) => total + power, 0);
    result.set(
      powers.map((power) => power / sum),
      row * classes,
    );
  }
  return result;
}

/**
 * The prediction for each clip: the mean of its windows' probabilities (or numbers).
 * @param outputs `[windows, classes]`: logits, or with "linear" the numbers themselves
 * @param clips for each window the number of its clip, from 0
 * @param count how many clips there are
 * @returns `[count, classes]`
 * @throws AuricleError "shape" when there is not one clip for each window, "data" for a clip without windows
 */
export function clipPredictions(
  outputs: FloatArray,
  clips: ArrayLike<number>,
  count: number,
  activation: OutputActivation,
): FloatArray {
  const [windows, classes] = outputs.shape;
  if (clips.length !== windows) {
    throw new AuricleError(
      "shape",
      `clipPredictions: each of the ${windows} windows must have a clip; got ${clips.length}`,
    );
  }
  const predictions = outputPredictions(outputs, activation);
  const sums = new Float64Array(count * classes);
  const windowsOf = new Uint32Array(count);
  for (let window = 0; window < windows; window++) {
    const clip = clips[window];
    if (!Number.isInteger(clip) || clip < 0 || clip >= count) {
      throw new AuricleError(
        "data",
        `clipPredictions: clips must be in 0 … ${count - 1}; got ${clip} for window ${window}`,
      );
    }
    windowsOf[clip]++;
    for (let c = 0; c < classes; c++) sums[clip * classes + c] += predictions[window * classes + c];
  }
  const empty = windowsOf.indexOf(0);
  if (empty >= 0) {
    throw new AuricleError(
      "data",
      `clipPredictions: each clip must have a window; got none of clip ${empty}; leave it out`,
    );
  }
  const means = Float32Array.from(sums, (sum, i) => sum / windowsOf[Math.floor(i / classes)]);
  return floatArray(means, [count, classes]);
}
