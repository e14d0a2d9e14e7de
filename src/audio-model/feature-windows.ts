/** @file From a recording to the windows of features that a model takes. Browser-safe. */

import type { MonoAudio } from "../audio/audio.ts";
import { requireUsable } from "../audio/decode/usable-samples.ts";
import { FeatureExtractor, type FrontEnd } from "../audio/front-end/index.ts";
import { resample } from "../audio/resample/resample.ts";
import { evenStarts } from "../data/audio/features/windows/regular-windows.ts";
import type { InferenceModel } from "../nn/inference-model.ts";
import type { FloatArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { AudioDescription } from "./description.ts";
import { windowSamples } from "./network-fit.ts";

/** A recording's features, and where its windows begin. */
export interface FeatureWindows {
  /** The recording at the model's sample rate. */
  readonly samples: Float32Array;
  /** `[frames, …]`, at least as many frames as a window has: a short recording is followed by silence. */
  readonly features: FloatArray;
  /** The first step of each window; together they leave no step out. */
  readonly starts: readonly number[];
  /** Windows that begin at these steps: `[starts, windowFrames, …]`. */
  windows(starts: readonly number[]): FloatArray;
}

/** Cuts recordings into the windows of one model. */
export class WindowCutter {
  private readonly frontEnd: FrontEnd;
  private readonly windowFrames: number;
  private readonly minimumSamples: number;
  private readonly threads: number | undefined;
  private extractor: FeatureExtractor | undefined;

  /**
   * @param source the model's file, for messages
   * @throws AuricleError "file" where the features of a window are not the network's input
   */
  constructor(model: InferenceModel, description: AudioDescription, frontEnd: FrontEnd, source: string) {
    this.frontEnd = frontEnd;
    this.windowFrames = description.windowFrames;
    this.minimumSamples = windowSamples(model, description, frontEnd, source);
    this.threads = model.engine.threads;
  }

  /** @throws AuricleError "argument" for a rate that cannot be converted, "file" for samples that are not numbers. */
  async cut(audio: MonoAudio): Promise<FeatureWindows> {
    const { frontEnd, windowFrames, threads } = this;
    const { sampleRate } = frontEnd;
    requireUsable("the recording", audio.samples);
    const { samples } = await resample(audio, sampleRate);
    const padded = padTo(samples, this.minimumSamples);
    // As where features are prepared for training: plain WebAssembly gives the same bits everywhere.
    this.extractor ??= new FeatureExtractor(frontEnd, { threads, target: "wasm" });
    const features = this.extractor.extract({ samples: padded, sampleRate });
    const shape = frontEnd.outputShape(padded.length);
    const [frames, ...step] = shape;
    const size = windowFrames * sizeOf(step);
    return {
      samples,
      features: { shape, data: features },
      starts: evenStarts(frames, windowFrames),
      windows(starts) {
        const data = new Float32Array(starts.length * size);
        starts.forEach((start, i) => {
          data.set(features.subarray(start * sizeOf(step), start * sizeOf(step) + size), i * size);
        });
        return { shape: [starts.length, windowFrames, ...step], data };
      },
    };
  }
}

/** Followed by silence, as the recordings that the model was trained on. */
function padTo(samples: Float32Array, length: number): Float32Array {
  if (samples.length >= length) return samples;
  const padded = new Float32Array(length);
  padded.set(samples);
  return padded;
}
