/** @file The engine of the lesson on convolution in one dimension. */
import { resample } from "auricle/audio";
import { expose, transfer } from "comlink";
import { Runs } from "../../engine/turns.ts";
import { convolve, type ChainOptions } from "./convolve.ts";
import { learnEars, type Ears, type Spread } from "./learn-ears.ts";

const runs = new Runs();

const lab = {
  /** @param channels samples of each channel @param taps weights for each */
  convolve(channels: readonly Float32Array[], taps: readonly (readonly number[])[], options: ChainOptions) {
    const outputs = convolve(channels, taps, options);
    return transfer(outputs, [outputs.buffer]);
  },

  /** Outputs of every `step`th place as a sound at the full rate, to be heard: `step` times as many. */
  async audible(outputs: Float32Array, step: number) {
    const { samples } = await resample({ samples: outputs, sampleRate: 1000 }, 1000 * step);
    return samples;
  },

  learn(spread: Spread, tell: (ears: Ears, part: number, accuracy: number | undefined) => void) {
    return learnEars(spread, tell, runs.begin().signal);
  },

  /** Ends the learning at hand after its batch. */
  stop(): void {
    runs.stop();
  },
};
export type Lab = typeof lab;
expose(lab);
