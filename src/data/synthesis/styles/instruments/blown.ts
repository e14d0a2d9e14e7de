/** @file Blown instruments: flute, clarinet, saxophone, trumpet. Browser-safe. */

import type { InstrumentMaker } from "../signals/instrument.ts";
import { sustained } from "./sustained.ts";

/** Nearly a sine, with much breath. */
export const flute: InstrumentMaker = sustained({
  dark: (n) => (n === 1 ? 1 : 0.25 / (n * n)),
  bright: (n) => [1, 0.7, 0.35, 0.12, 0.06][n - 1] ?? 0,
  brightness: [0.3, 0.8],
  attack: [0.04, 0.1],
  release: [0.06, 0.15],
  vibratoRate: [4, 6],
  vibratoDepth: [0.001, 0.005],
  tremoloDepth: [0.05, 0.3],
  scoop: [-0.01, 0.005],
  noise: [0.08, 0.35],
  noiseFrequency: [1500, 5000],
});

/** A cylinder closed at one end: odd partials. */
export const clarinet: InstrumentMaker = sustained({
  dark: (n) => (n % 2 === 1 ? 1 / (n * n) : 0.02 / n),
  bright: (n) => (n % 2 === 1 ? 1 / n : 0.15 / n),
  brightness: [0.4, 0.9],
  attack: [0.03, 0.08],
  release: [0.05, 0.12],
  vibratoRate: [4, 5.5],
  vibratoDepth: [0, 0.002],
  tremoloDepth: [0, 0.1],
  scoop: [-0.02, 0],
  noise: [0.02, 0.08],
  noiseFrequency: [1500, 4000],
});

/** A cone: all partials, strongest around 400 … 1200 Hz, reached from below. */
export const saxophone: InstrumentMaker = sustained({
  dark: (n, frequency) => formant(n * frequency, 500, 500) / Math.sqrt(n),
  bright: (n, frequency) => formant(n * frequency, 1100, 900),
  brightness: [0.5, 1],
  attack: [0.03, 0.08],
  release: [0.06, 0.15],
  vibratoRate: [4.5, 6],
  vibratoDepth: [0.003, 0.01],
  tremoloDepth: [0.05, 0.2],
  scoop: [-0.06, -0.01],
  noise: [0.05, 0.2],
  noiseFrequency: [2000, 6000],
});

/** The louder, the brighter. */
export const trumpet: InstrumentMaker = sustained({
  dark: (n) => 1 / (n * n),
  bright: (n, frequency) => formant(n * frequency, 1500, 1400),
  brightness: [0.7, 1],
  attack: [0.02, 0.06],
  release: [0.05, 0.12],
  vibratoRate: [4.5, 6],
  vibratoDepth: [0.001, 0.006],
  tremoloDepth: [0, 0.1],
  scoop: [-0.03, 0],
  noise: [0.01, 0.05],
  noiseFrequency: [2000, 6000],
});

/** A hump of resonance around `centre`, half as high at `centre` ± `width`; frequencies in Hz. */
function formant(frequency: number, centre: number, width: number): number {
  const x = (frequency - centre) / width;
  return 1 / (1 + x * x);
}
