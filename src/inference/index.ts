/**
 * @file `auricle/inference`: what a page needs that only predicts. Bundlers leave out all that trains, and make of each layer a piece of
 * code that is loaded with a model that has it. Browser-safe.
 */
export { AudioModel, type AudioPrediction } from "../audio-model/audio-model.ts";
export { PIECE_SECONDS, type WindowPrediction } from "../audio-model/hear-pieces.ts";
export { indexOfLargest } from "../audio-model/outputs.ts";
export type { OutsideRange } from "../audio-model/outside-range.ts";
export { AuricleError, type ErrorCode } from "../errors.ts";
export { readModel } from "../nn/checkpoint/read-model.ts";
export { InferenceModel } from "../nn/inference-model.ts";
export { InferenceNetwork } from "../nn/inference-network.ts";
export type { Json, PredictOptions } from "../nn/model-options.ts";
export type { EngineOptions } from "../nn/training/engine-options.ts";
export type { ModelInputs } from "../nn/training/example-source.ts";
export { floatArray } from "../tensor/array.ts";
export type { FloatArray } from "../tensor/array.ts";
