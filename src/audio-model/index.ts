/** @file `auricle/audio-model`: trained models that take sound. Browser-safe. */

export { AudioModel, PIECE_SECONDS, type AudioPrediction, type WindowPrediction } from "./audio-model.ts";
export { audioMetadata, type AudioDescription } from "./description.ts";
export type { OutsideRange } from "./outside-range.ts";
export { clipOutputs, indexOfLargest, inTargetUnits, windowLoss, windowOutputs } from "./outputs.ts";
