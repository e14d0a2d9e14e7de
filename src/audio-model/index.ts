/** @file `auricle/audio-model`: trained models that take sound. Browser-safe. */

export { AudioModel, type AudioPrediction, type HearOptions } from "./audio-model.ts";
export { audioMetadata, type AudioDescription } from "./description.ts";
export {
  explainAudio,
  type AudioExplanation,
  type AudioMapCheck,
  type ExplainAudioOptions,
} from "./explain-audio.ts";
export { PIECE_SECONDS, type WindowPrediction } from "./hear-pieces.ts";
export type { OutsideRange } from "./outside-range.ts";
export { pitchFrequencies, pitchOf, type Pitch } from "./pitch.ts";
export { trainedOn, trainedOnMetadata, type TrainedOn, type TrainedOnSource } from "./trained-on.ts";
export { clipOutputs, indexOfLargest, inTargetUnits, windowLoss, windowOutputs } from "./outputs.ts";
