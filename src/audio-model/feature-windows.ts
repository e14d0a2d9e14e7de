/** @file From a recording to the windows of features that a model takes. Browser-safe. */

import type { MonoAudio } from "../audio/audio.ts";
import { FeatureExtractor, type FrontEnd } from "../audio/front-end/index.ts";
import { cutWindows, type FeatureWindows } from "./cut-windows.ts";
import type { AudioDescription } from "./description.ts";
import { windowSamples, type NetworkShapes } from "./network-fit.ts";

/** Cuts recordings into the windows of one model. */
export class WindowCutter {
  private readonly frontEnd: FrontEnd;
  private readonly windowFrames: number;
  private readonly minimumSamples: number;
  private readonly threads: number | undefined;
  private readonly hopFrames: number | undefined;
  private extractor: FeatureExtractor | undefined;

  /**
   * @param source the model's file, for messages
   * @param hopSeconds from the beginning of one window to that of the next; default: the fewest windows that leave no step out
   * @throws AuricleError "file" where the features of a window are not the network's input
   */
  constructor(
    model: NetworkShapes & { readonly engine: { readonly threads?: number } },
    description: AudioDescription,
    frontEnd: FrontEnd,
    source: string,
    hopSeconds?: number,
  ) {
    const { sampleRate, hopLength } = frontEnd;
    if (hopSeconds !== undefined) {
      this.hopFrames = Math.max(1, Math.round((hopSeconds * sampleRate) / hopLength));
    }
    this.frontEnd = frontEnd;
    this.windowFrames = description.windowFrames;
    this.minimumSamples = windowSamples(model, description, frontEnd, source);
    this.threads = model.engine.threads;
  }

  /** @throws AuricleError "argument" for a rate that cannot be converted, "file" for samples that are not numbers. */
  async cut(audio: MonoAudio): Promise<FeatureWindows> {
    const { frontEnd, windowFrames, minimumSamples, threads, hopFrames } = this;
    const { sampleRate } = frontEnd;
    // As where features are prepared for training: plain WebAssembly gives the same bits everywhere.
    this.extractor ??= new FeatureExtractor(frontEnd, { threads, target: "wasm" });
    const { extractor } = this;
    const features = (samples: Float32Array) => ({
      shape: frontEnd.outputShape(samples.length),
      data: extractor.extract({ samples, sampleRate }),
    });
    return cutWindows(audio, { sampleRate, windowFrames, minimumSamples, hopFrames, features });
  }
}
