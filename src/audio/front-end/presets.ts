/** @file Front ends of well-known tools and models, by name. */
import type { FrontEndOptions } from "./config.ts";

/** torchaudio.transforms.MelSpectrogram's ways: mirrored edges, HTK's scale, triangles of height 1. */
const TORCHAUDIO = { sampleRate: 16000, padMode: "reflect", melScale: "htk", melNorm: "none" } as const;

const relativeDecibels = { kind: "decibels", reference: "max" } as const;

/**
 * Each is named after whose results it gives. Options can be changed: `{ ...FRONT_END_PRESETS["librosa-log-mel"], melBands: 64 }`.
 */
export const FRONT_END_PRESETS = {
  /** Samples at 16 kHz, for networks that begin with the waveform. */
  waveform: { kind: "waveform", sampleRate: 16000 },
  /** librosa: amplitude_to_db(abs(stft(y)), ref=np.max). */
  "librosa-spectrogram": { kind: "spectrogram", scale: relativeDecibels },
  /** librosa: stft(y), real and imaginary parts. */
  "librosa-complex": { kind: "complexSpectrogram" },
  /** librosa: power_to_db(feature.melspectrogram(y=y), ref=np.max). */
  "librosa-log-mel": { kind: "melSpectrogram", scale: relativeDecibels },
  /** librosa: feature.mfcc(y=y). */
  "librosa-mfcc": { kind: "mfcc" },
  /** librosa: amplitude_to_db(abs(cqt(y)), ref=np.max); see constant-q.ts for the difference. */
  "librosa-constant-q": { kind: "constantQ", scale: relativeDecibels },
  /** torchaudio: AmplitudeToDB()(MelSpectrogram()(y)). */
  "torchaudio-log-mel": {
    kind: "melSpectrogram",
    ...TORCHAUDIO,
    fftSize: 400,
    hopLength: 200,
    scale: { kind: "decibels", topDb: null },
  },
  /** torchaudio: MFCC(melkwargs={"n_fft": 512, "hop_length": 256, "n_mels": 128}). */
  "torchaudio-mfcc": { kind: "mfcc", ...TORCHAUDIO, fftSize: 512, hopLength: 256, coefficients: 40 },
  /** Won et al. 2020, sota-music-tagging-models: short-chunk CNN. */
  "short-chunk": {
    kind: "melSpectrogram",
    ...TORCHAUDIO,
    fftSize: 512,
    hopLength: 256,
    scale: { kind: "decibels", topDb: null },
  },
  /** Pons and Serra 2019, musicnn: log10(1 + 10,000 x) of librosa's mel bands, which mirrored the edges before 0.9. */
  musicnn: {
    kind: "melSpectrogram",
    sampleRate: 16000,
    fftSize: 512,
    hopLength: 256,
    padMode: "reflect",
    melBands: 96,
    scale: { kind: "log10", factor: 10000 },
  },
  /** Hershey et al. 2017, VGGish: windows of 25 ms every 10 ms, magnitudes, ln(x + 0.01). */
  vggish: {
    kind: "melSpectrogram",
    sampleRate: 16000,
    fftSize: 512,
    windowLength: 400,
    hopLength: 160,
    center: false,
    frameLength: "window",
    melBands: 64,
    minFrequency: 125,
    maxFrequency: 7500,
    melScale: "htk",
    melNorm: "none",
    melTriangles: "mel",
    power: 1,
    scale: { kind: "naturalLog", offset: 0.01 },
  },
  /** Kong et al. 2020, PANNs: CNN6, CNN10, CNN14 at 32 kHz. */
  panns: {
    kind: "melSpectrogram",
    sampleRate: 32000,
    fftSize: 1024,
    hopLength: 320,
    padMode: "reflect",
    melBands: 64,
    minFrequency: 50,
    maxFrequency: 14000,
    scale: { kind: "decibels", topDb: null },
  },
} as const satisfies Record<string, FrontEndOptions>;

export type FrontEndPreset = keyof typeof FRONT_END_PRESETS;
