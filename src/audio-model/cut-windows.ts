/** @file From a recording to evenly spaced windows of its features, whoever computes these. Browser-safe. */
import type { MonoAudio } from "../audio/audio.ts";
import { requireUsable } from "../audio/decode/usable-samples.ts";
import { resample } from "../audio/resample/resample.ts";
import { evenStarts } from "../data/audio/features/windows/regular-windows.ts";
import type { FloatArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";

/** A recording's features, and where its windows begin. */
export interface FeatureWindows {
  /** The recording at the model's sample rate. */
  readonly samples: Float32Array;
  /** `[frames, …]`, at least as many frames as a window has: a short recording is followed by silence. */
  readonly features: FloatArray;
  /** The first step of each window. */
  readonly starts: readonly number[];
  /** Windows that begin at these steps: `[starts, windowFrames, …]`. */
  windows(starts: readonly number[]): FloatArray;
}

export interface WindowCut {
  /** The rate of the samples that features are computed of, in Hz. */
  readonly sampleRate: number;
  /** Steps of a window. */
  readonly windowFrames: number;
  /** Samples of one window. */
  readonly minimumSamples: number;
  /** Steps from the beginning of one window to that of the next. Default: windows leave no step out, and lie as evenly as that allows. */
  readonly hopFrames?: number;
  /** The features `[frames, …]` of samples. */
  features(samples: Float32Array): FloatArray;
}

/** @throws AuricleError "argument" for a rate that cannot be converted, "file" for samples that are not numbers. */
export async function cutWindows(audio: MonoAudio, cut: WindowCut): Promise<FeatureWindows> {
  const { sampleRate, windowFrames, minimumSamples, hopFrames } = cut;
  requireUsable("the recording", audio.samples);
  const { samples } = await resample(audio, sampleRate);
  const features = cut.features(padTo(samples, minimumSamples));
  const [frames, ...step] = features.shape;
  const size = windowFrames * sizeOf(step);
  return {
    samples,
    features,
    starts:
      hopFrames === undefined
        ? evenStarts(frames, windowFrames)
        : startsEvery(hopFrames, frames, windowFrames),
    windows(starts) {
      const data = new Float32Array(starts.length * size);
      starts.forEach((start, i) => {
        data.set(features.data.subarray(start * sizeOf(step), start * sizeOf(step) + size), i * size);
      });
      return { shape: [starts.length, windowFrames, ...step], data };
    },
  };
}

/** The starts of all windows at multiples of `hop` that end within the recording. */
function startsEvery(hop: number, frames: number, windowFrames: number): number[] {
  return Array.from({ length: Math.floor((frames - windowFrames) / hop) + 1 }, (_, i) => i * hop);
}

/** Followed by silence, as the recordings that the model was trained on. */
function padTo(samples: Float32Array, length: number): Float32Array {
  if (samples.length >= length) return samples;
  const padded = new Float32Array(length);
  padded.set(samples);
  return padded;
}
