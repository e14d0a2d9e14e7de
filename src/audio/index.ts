/** @file Sound: decoding, resampling and writing it, and the front ends of models. Browser-safe. */
export type { Audio, MonoAudio } from "./audio.ts";
export { audioInfo } from "./decode/audio-info.ts";
export type { AudioInfo } from "./decode/audio-reader.ts";
export { decodeAudio } from "./decode/decode-audio.ts";
export { decodeMono } from "./decode/decode-mono.ts";
export { AUDIO_FILE_EXTENSIONS } from "./decode/detect-format.ts";
export { toMono } from "./decode/mono.ts";
export type { ReadOptions } from "./decode/read-mono.ts";
export * from "./front-end/index.ts";
export { resample } from "./resample/resample.ts";
export { encodeWav, type WavBitDepth } from "./write/encode-wav.ts";
