/** @file The inspector's own computations, away from the page's thread: responses of filters, and sounds. */
import { frontEnd, resample, type FrontEndOptions } from "auricle/audio";
import { featureSound } from "auricle/explain";
import { expose, transfer } from "comlink";
import { convolve } from "../lessons/waveform/convolve.ts";
import { filterBank, type Filters } from "./filter-bank.ts";

const studio = {
  bank(filters: Filters, sampleRate: number, points: number) {
    return filterBank(filters, sampleRate, points);
  },

  /** A sound through a filter, at the filter's rate and no louder than can be played. */
  async through(samples: Float32Array, from: number, taps: Float32Array, sampleRate: number) {
    const { samples: own } = await resample({ samples, sampleRate: from }, sampleRate);
    const passed = convolve([own], [taps], { stride: 1, relu: false, pool: 1, pooling: "max" });
    const loudest = passed.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (loudest > 1) passed.forEach((value, i) => (passed[i] = value / loudest));
    return transfer(passed, [passed.buffer]);
  },

  /** Features as sound; undefined where their bins have no frequencies. */
  heard(config: FrontEndOptions, features: { shape: readonly number[]; data: Float32Array }) {
    return featureSound(frontEnd(config), features);
  },
};
export type InspectWorker = typeof studio;
expose(studio);
