/** @file The networks on sound by name, each with the front end and the window that it was made for. */
import type { FrontEndOptions } from "../audio/front-end/config.ts";
import { FRONT_END_PRESETS } from "../audio/front-end/presets.ts";
import type { Network } from "../nn/network.ts";
import type { AudioModelOptions } from "./audio-blocks.ts";
import { m11, m18, m3, m5 } from "./dai.ts";
import { melCnn } from "./mel-cnn.ts";
import { melResNet } from "./mel-resnet.ts";
import { musicnn } from "./musicnn.ts";
import { notebook } from "./notebook.ts";
import { sampleCnn } from "./sample-cnn.ts";
import { shortChunkCnn } from "./short-chunk-cnn.ts";

/** A network and its front end. */
export interface AudioModelDefinition {
  /**
   * The network on features `[T, F, C]` or waveforms `[T, 1]`; outputs are logits, or the numbers of a regression.
   * Without `inputShape` it is made for a window of `windowSeconds` through `frontEnd`.
   */
  build(options: AudioModelOptions): Network;
  /** The front end that turns a waveform into its input. */
  readonly frontEnd: FrontEndOptions;
  /**
   * Whether the training clips' mean and deviation of each frequency are taken out of its input; otherwise it is
   * normalised as the network itself does it.
   */
  readonly normalizeByTraining?: boolean;
  /** The length of a training window. */
  readonly windowSeconds: number;
  /** One line. */
  readonly description: string;
  /** Where it was published; absent for Auricle's own. */
  readonly citation?: string;
}

/** 128 mel bands in decibels, frames of 93 ms every 23 ms. */
const MEL = FRONT_END_PRESETS["librosa-log-mel"];
/** 129 frames, 2.97 s. */
const MEL_WINDOW = 65536 / 22050;

const SHORT_CHUNK = {
  frontEnd: FRONT_END_PRESETS["short-chunk"],
  /** 231 frames, 3.69 s. */
  windowSeconds: 59049 / 16000,
  citation: "Won, Ferraro, Bogdanov, Serra 2020, arXiv:2006.00751",
} as const;

const DAI = {
  frontEnd: { kind: "waveform", sampleRate: 8000 },
  windowSeconds: 4,
  citation: "Dai, Dai, Qu, Li, Das 2016, arXiv:1610.00087",
} as const;

const DEFINITIONS = {
  "mel-cnn": {
    build: melCnn,
    frontEnd: MEL,
    normalizeByTraining: true,
    windowSeconds: MEL_WINDOW,
    description: "four blocks of 3×3 convolution and pooling on a mel spectrogram",
  },
  "mel-resnet": {
    build: melResNet,
    frontEnd: MEL,
    normalizeByTraining: true,
    windowSeconds: MEL_WINDOW,
    description: "four residual blocks on a mel spectrogram",
  },
  "short-chunk": {
    build: shortChunkCnn,
    ...SHORT_CHUNK,
    description: "seven blocks of 3×3 convolution and pooling on a mel spectrogram, wide",
  },
  "short-chunk-32": {
    build: (options) => shortChunkCnn({ ...options, channels: 32 }),
    ...SHORT_CHUNK,
    description: "the same with a quarter of the filters",
  },
  musicnn: {
    build: musicnn,
    frontEnd: FRONT_END_PRESETS.musicnn,
    /** 187 frames. */
    windowSeconds: 47616 / 16000,
    description: "tall filters for timbre beside long ones for rhythm, on a mel spectrogram",
    citation: "Pons, Serra 2019, arXiv:1909.06654",
  },
  notebook: {
    build: notebook,
    frontEnd: { kind: "spectrogram", fftSize: 256, hopLength: 64, scale: { kind: "decibels" } },
    /** The course gives it decibels as they are, and then its first epochs go into unlearning their offset. */
    normalizeByTraining: true,
    windowSeconds: (119 * 64) / 22050,
    description: "one convolution and a dense layer on a spectrogram: a course's starting point",
  },
  m3: { build: m3, ...DAI, description: "3 layers on the waveform" },
  m5: { build: m5, ...DAI, description: "5 layers on the waveform" },
  m11: { build: m11, ...DAI, description: "11 layers on the waveform" },
  m18: { build: m18, ...DAI, description: "18 layers on the waveform" },
  "sample-cnn": {
    build: sampleCnn,
    frontEnd: { kind: "waveform", sampleRate: 16000 },
    windowSeconds: 59049 / 16000,
    description: "filters of 3 samples, 11 layers, on the waveform",
    citation: "Lee, Park, Kim, Nam 2017, arXiv:1703.01789",
  },
} satisfies Record<string, AudioModelDefinition>;

export type AudioModelName = keyof typeof DEFINITIONS;

/** The networks on sound. */
export const AUDIO_MODELS: Readonly<Record<AudioModelName, AudioModelDefinition>> = DEFINITIONS;

export function isAudioModelName(name: string): name is AudioModelName {
  return Object.hasOwn(AUDIO_MODELS, name);
}

/** Their names, the default first. */
export const AUDIO_MODEL_NAMES: readonly AudioModelName[] =
  Object.keys(AUDIO_MODELS).filter(isAudioModelName);
