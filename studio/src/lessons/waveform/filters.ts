/** @file Filters of one dimension to begin with, and what they do to frequencies. */
import { hannWindow } from "auricle/audio";
import { magnitudeResponse } from "auricle/explain";

export const PRESETS = ["smooth", "difference", "band", "comb"] as const;
export type PresetName = (typeof PRESETS)[number];

interface PresetOptions {
  /** Weights. */
  readonly taps: number;
  /** The middle of the band, in Hz. */
  readonly hertz: number;
  readonly sampleRate: number;
}

/** The weights of a preset. */
export function presetTaps(name: PresetName, { taps, hertz, sampleRate }: PresetOptions): number[] {
  const bell = bellOf(taps);
  switch (name) {
    case "smooth":
      return scaled(bell, 1 / sum(bell));
    case "difference":
      return Array.from({ length: taps }, (_, i) =>
        i === (taps >> 1) - 1 ? -0.5 : i === taps >> 1 ? 0.5 : 0,
      );
    case "band": {
      const wave = bell.map(
        (weight, i) => weight * Math.cos((2 * Math.PI * hertz * (i - (taps - 1) / 2)) / sampleRate),
      );
      return scaled(wave, 1 / Math.max(gainAt(wave, hertz, sampleRate), 1e-9));
    }
    case "comb":
      return Array.from({ length: taps }, (_, i) => (i === 0 || i === taps - 1 ? 0.5 : 0));
  }
}

/** Hann's window without the zeros at its ends, so that each weight counts. */
function bellOf(taps: number): number[] {
  return [...hannWindow(taps + 1).subarray(1)];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function scaled(values: readonly number[], factor: number): number[] {
  return values.map((value) => factor * value);
}

/** |H| at one frequency. */
export function gainAt(taps: readonly number[], hertz: number, sampleRate: number): number {
  const step = (2 * Math.PI * hertz) / sampleRate;
  let [real, imaginary] = [0, 0];
  taps.forEach((tap, n) => {
    real += tap * Math.cos(step * n);
    imaginary -= tap * Math.sin(step * n);
  });
  return Math.hypot(real, imaginary);
}

export interface Response {
  /** Hz. */
  readonly frequencies: Float64Array;
  /** dB; no lower than `LOWEST`. */
  readonly decibels: Float64Array;
}

/** dB at which responses are cut off. */
export const LOWEST = -60;

export function responseOf(taps: readonly number[], sampleRate: number, points = 257): Response {
  return {
    frequencies: Float64Array.from({ length: points }, (_, k) => (k * sampleRate) / 2 / (points - 1)),
    decibels: magnitudeResponse(taps, points).map((gain) => Math.max(LOWEST, 20 * Math.log10(gain))),
  };
}

/** By how many dB what would fold back is quieter than what stays, at the least, where every `stride`th sample is kept. */
export function aliasRejection({ decibels }: Response, stride: number): number {
  const last = decibels.length - 1;
  const edge = Math.floor(last / stride);
  const most = (from: number, to: number) =>
    decibels.subarray(from, to).reduce((a, b) => Math.max(a, b), LOWEST);
  return most(0, edge + 1) - most(Math.min(last, edge + 1), last + 1);
}

/** Where a frequency comes to lie when samples are taken at a lower rate. */
export function foldedFrequency(hertz: number, rate: number): number {
  const within = hertz % rate;
  return within > rate / 2 ? rate - within : within;
}

/** The frequency at which a response is largest, in Hz. */
export function centreOf(gains: ArrayLike<number>, sampleRate: number): number {
  let best = 0;
  for (let i = 1; i < gains.length; i++) if (gains[i] > gains[best]) best = i;
  return (best * sampleRate) / 2 / (gains.length - 1);
}
