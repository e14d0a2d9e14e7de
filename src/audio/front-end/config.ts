/** @file The complete configuration of a front end, and how it is made from options; options.ts describes these. */
import { isTransformSize, TRANSFORM_SIZES } from "../../kernels/fourier/transform-plan.ts";
import { OptionReader } from "./option-reader.ts";
import type {
  ComplexSpectrogramOptions,
  ConstantQOptions,
  DecibelOptions,
  DeltaOptions,
  FrontEndOptions,
  LinearScale,
  Log10Options,
  MelSpectrogramOptions,
  MfccOptions,
  NaturalLogOptions,
  SpectrogramOptions,
  WaveformOptions,
} from "./options.ts";
import { WINDOW_NAMES } from "./window.ts";

export type { FrontEndOptions } from "./options.ts";

/** How magnitudes or powers become features. */
export type AmplitudeScale =
  LinearScale | Required<DecibelOptions> | Required<NaturalLogOptions> | Required<Log10Options>;

export type DeltaConfig = Required<DeltaOptions>;

/** All defaults filled in. */
type Complete<T> = Required<Omit<T, "scale" | "deltas">> &
  ("scale" extends keyof T
    ? { readonly scale: AmplitudeScale; readonly deltas: DeltaConfig | null }
    : unknown);

export type WaveformConfig = Complete<WaveformOptions>;
export type SpectrogramConfig = Complete<SpectrogramOptions>;
export type ComplexSpectrogramConfig = Complete<ComplexSpectrogramOptions>;
export type MelSpectrogramConfig = Complete<MelSpectrogramOptions>;
export type MfccConfig = Complete<MfccOptions>;
export type ConstantQConfig = Complete<ConstantQOptions>;

/** A front end with all defaults filled in, as plain JSON: it is stored with a model and tells cached features apart. */
export type FrontEndConfig =
  | WaveformConfig
  | SpectrogramConfig
  | ComplexSpectrogramConfig
  | MelSpectrogramConfig
  | MfccConfig
  | ConstantQConfig;

/** The most frequency bands that may be asked for: their filters are a table that must stay small. */
const MOST_BANDS = 4096;

const KINDS = [
  "waveform",
  "spectrogram",
  "complexSpectrogram",
  "melSpectrogram",
  "mfcc",
  "constantQ",
] as const satisfies FrontEndConfig["kind"][];

/**
 * Checks options, which may come from a file, and fills in the defaults.
 * @throws AuricleError "argument" naming an option that is unknown or has a value that makes no sense.
 */
export function frontEndConfig(options: FrontEndOptions): FrontEndConfig {
  const read = new OptionReader("front end", options);
  const config = readConfig(read, read.oneOf("kind", KINDS));
  read.end();
  return config;
}

function readConfig(read: OptionReader, kind: FrontEndConfig["kind"]): FrontEndConfig {
  const sampleRate = read.positive("sampleRate", 22050);
  switch (kind) {
    case "waveform":
      return { kind, sampleRate };
    case "complexSpectrogram":
      return { kind, sampleRate, ...readFrames(read) };
    case "spectrogram": {
      const power = read.oneOf("power", [1, 2], 1);
      const frames = readFrames(read);
      const all = frames.fftSize / 2 + 1;
      const bins = read.integer("bins", all, 1, all);
      return { kind, sampleRate, ...frames, power, bins, ...readFeatures(read, power, "linear") };
    }
    case "melSpectrogram": {
      const bands = readBands(read, sampleRate);
      return {
        kind,
        sampleRate,
        ...readFrames(read),
        ...bands,
        ...readFeatures(read, bands.power, "linear"),
      };
    }
    case "mfcc": {
      const bands = readBands(read, sampleRate);
      return {
        kind,
        sampleRate,
        ...readFrames(read),
        ...bands,
        ...readCepstrum(read, bands.melBands),
        ...readFeatures(read, bands.power, "decibels"),
      };
    }
    case "constantQ":
      return {
        kind,
        sampleRate,
        hopLength: read.integer("hopLength", 512),
        bins: read.integer("bins", 84, 1, MOST_BANDS),
        binsPerOctave: read.integer("binsPerOctave", 12),
        minFrequency: read.positive("minFrequency", 32.70319566257483),
        filterScale: read.positive("filterScale", 1),
        padMode: read.oneOf("padMode", ["constant", "reflect"], "constant"),
        ...readFeatures(read, 1, "linear"),
      };
  }
}

function readFrames(read: OptionReader) {
  const fftSize = read.integer("fftSize", 2048, 2);
  if (!isTransformSize(fftSize)) read.refuse("fftSize", TRANSFORM_SIZES, fftSize);
  const windowLength = read.integer("windowLength", fftSize);
  if (windowLength > fftSize) read.refuse("windowLength", `at most fftSize, ${fftSize}`, windowLength);
  return {
    fftSize,
    windowLength,
    hopLength: read.integer("hopLength", Math.max(1, Math.floor(windowLength / 4))),
    window: read.oneOf("window", WINDOW_NAMES, "hann"),
    center: read.boolean("center", true),
    padMode: read.oneOf("padMode", ["constant", "reflect"], "constant"),
    frameLength: read.oneOf("frameLength", ["fft", "window"], "fft"),
  };
}

function readBands(read: OptionReader, sampleRate: number) {
  const highest = sampleRate / 2;
  const maxFrequency = read.positive("maxFrequency", highest);
  if (maxFrequency > highest) {
    read.refuse("maxFrequency", `at most half of sampleRate, ${highest} Hz`, maxFrequency);
  }
  const minFrequency = read.notNegative("minFrequency", 0);
  if (minFrequency >= maxFrequency) {
    read.refuse("minFrequency", `below maxFrequency, ${maxFrequency} Hz`, minFrequency);
  }
  return {
    melBands: read.integer("melBands", 128, 1, MOST_BANDS),
    minFrequency,
    maxFrequency,
    melScale: read.oneOf("melScale", ["slaney", "htk"], "slaney"),
    melNorm: read.oneOf("melNorm", ["slaney", "none"], "slaney"),
    melTriangles: read.oneOf("melTriangles", ["hertz", "mel"], "hertz"),
    power: read.oneOf("power", [1, 2], 2),
  };
}

function readCepstrum(read: OptionReader, melBands: number) {
  const coefficients = read.integer("coefficients", 20);
  if (coefficients > melBands) read.refuse("coefficients", `at most melBands, ${melBands}`, coefficients);
  return {
    coefficients,
    dctNorm: read.oneOf("dctNorm", ["ortho", "none"], "ortho"),
    lifter: read.notNegative("lifter", 0),
  };
}

function readFeatures(read: OptionReader, power: 1 | 2, defaultScale: "linear" | "decibels") {
  const scale = read.group("scale", read.value("scale") ?? { kind: defaultScale });
  const deltas = read.value("deltas") ?? null;
  return {
    scale: readScale(scale, power),
    deltas: deltas === null ? null : readDeltas(read.group("deltas", deltas)),
  };
}

function readScale(read: OptionReader, power: 1 | 2): AmplitudeScale {
  const kind = read.oneOf("kind", ["linear", "decibels", "naturalLog", "log10"]);
  const scale = readScaleOf(read, kind, power);
  read.end();
  return scale;
}

function readScaleOf(read: OptionReader, kind: AmplitudeScale["kind"], power: 1 | 2): AmplitudeScale {
  switch (kind) {
    case "linear":
      return { kind };
    case "naturalLog":
      return { kind, offset: read.positive("offset", 1e-6) };
    case "log10":
      return { kind, factor: read.positive("factor", 10000) };
    case "decibels": {
      const reference = read.value("reference") === "max" ? "max" : read.positive("reference", 1);
      const amin = read.positive("amin", power === 2 ? 1e-10 : 1e-5);
      const topDb = read.value("topDb") === null ? null : read.notNegative("topDb", 80);
      return { kind, reference, amin, topDb };
    }
  }
}

function readDeltas(read: OptionReader): DeltaConfig {
  const order = read.oneOf("order", [1, 2], 2);
  const width = read.integer("width", 9, 3);
  if (width % 2 === 0) read.refuse("width", "odd", width);
  const mode = read.oneOf("mode", ["interp", "nearest"], "interp");
  read.end();
  return { order, width, mode };
}
