/** @file `auricle/audio-model`: trained models that take sound. Browser-safe. */

export { AudioModel, type AudioPrediction, type WindowPrediction } from "./audio-model.ts";
export type { AudioDescription } from "./description.ts";
export { clipOutputs, indexOfLargest, windowLoss, windowOutputs } from "./outputs.ts";
