/** @file The units of the axes of a front end's features, in milliseconds and in Hz. */
import type { FrontEndConfig } from "./config.ts";
import { constantQFrequencies, constantQLengths } from "./constant-q.ts";
import { framingOf } from "./frames.ts";
import type { FrontEnd } from "./front-end.ts";
import { melFrequencies } from "./mel.ts";

/** The meaning of one step along an axis; `units` of a network's summary takes a list of these. */
export interface AxisStep {
  readonly unit: string;
  /** From one value to the next, in this unit. */
  readonly step: number;
  /** The span of a single value, in this unit. */
  readonly width: number;
}

/**
 * The middle frequency of each bin, in Hz: of a mel band its peak. undefined where bins have none: waveforms, cepstral
 * coefficients.
 */
export function frequenciesOf({ config }: FrontEnd): Float64Array | undefined {
  switch (config.kind) {
    case "waveform":
    case "mfcc":
      return undefined;
    case "constantQ":
      return constantQFrequencies(config);
    case "melSpectrogram":
      return melFrequencies(config).slice(1, -1);
    case "complexSpectrogram":
    case "spectrogram": {
      const { fftSize, sampleRate } = config;
      const length = config.kind === "spectrogram" ? config.bins : fftSize / 2 + 1;
      return Float64Array.from({ length }, (_, k) => (k * sampleRate) / fftSize);
    }
  }
}

/**
 * Samples of the waveform that one frame is made of: its window (of a constant-Q transform the longest) and, with deltas,
 * those of the neighbouring frames; 1 for a waveform. The samples of the whole example that a decibel scale uses do not count.
 */
export function windowSamples({ config }: FrontEnd): number {
  if (config.kind === "waveform") return 1;
  const window = config.kind === "constantQ" ? Math.ceil(constantQLengths(config)[0]) : config.windowLength;
  const neighbours = "deltas" in config && config.deltas ? config.deltas.width - 1 : 0;
  return window + neighbours * config.hopLength;
}

/** The place of the middle of the first step of the features, in samples of the waveform. */
export function firstStepMiddle({ config }: FrontEnd): number {
  if (config.kind === "waveform" || config.kind === "constantQ") return 0;
  const { length, padding } = framingOf(config);
  return length / 2 - padding[0];
}

/**
 * The meaning of steps along time and frequency, for a network's `summary({ units })`: receptive fields then come in ms, and in
 * Hz where bins are equally spaced. A single value spans {@link windowSamples} in time, and in frequency the distance of
 * bins.
 */
export function axisStepsOf(frontEnd: FrontEnd): readonly AxisStep[] {
  const { config, sampleRate, hopLength } = frontEnd;
  const milliseconds = (samples: number): number => (1000 * samples) / sampleRate;
  const time = {
    unit: "ms",
    step: milliseconds(hopLength),
    width: milliseconds(windowSamples(frontEnd)),
  };
  return config.kind === "waveform" ? [time] : [time, frequencyStep(config)];
}

function frequencyStep(config: Exclude<FrontEndConfig, { kind: "waveform" }>): AxisStep {
  const equal = (unit: string, step: number): AxisStep => ({ unit, step, width: step });
  switch (config.kind) {
    case "complexSpectrogram":
    case "spectrogram":
      return equal("Hz", config.sampleRate / config.fftSize);
    case "melSpectrogram":
      return equal("mel bands", 1);
    case "mfcc":
      return equal("coefficients", 1);
    case "constantQ":
      return equal("semitones", 12 / config.binsPerOctave);
  }
}
