/**
 * @file The options of front ends, with their units, defaults and sources. The defaults are librosa's (0.11 and 1.0) where
 * nothing else is said.
 */
import type { MelScale } from "./mel.ts";
import type { WindowName } from "./window.ts";

/** The options that all front ends have. */
export interface CommonOptions {
  /** The sample rate of the waveform, in Hz. Default 22,050, as librosa.load. */
  readonly sampleRate?: number;
}

/** The short-time Fourier transform, as librosa.stft and torch.stft define it. */
export interface FourierOptions extends CommonOptions {
  /**
   * Samples of one Fourier transform; the spectrum has fftSize / 2 + 1 bins. A power of two from 64 to 32,768 is
   * fast; other even numbers to 2048 are computed too. Default 2048.
   */
  readonly fftSize?: number;
  /** Samples of the window; a shorter one is padded with zeros, centred, to fftSize. Default: fftSize. */
  readonly windowLength?: number;
  /** Samples from one frame to the next. Default: windowLength / 4, rounded down. */
  readonly hopLength?: number;
  /** All are periodic, as in librosa and PyTorch. Default "hann". */
  readonly window?: WindowName;
  /**
   * Whether frame t is centred at sample t · hopLength, the waveform padded by fftSize / 2 on both sides; otherwise it
   * begins there. Default true.
   */
  readonly center?: boolean;
  /** The padding of the waveform: zeros (librosa since 0.9) or its mirror image (PyTorch). Default "constant". */
  readonly padMode?: "constant" | "reflect";
  /**
   * Where `center` is false: whether a frame takes fftSize samples (librosa, PyTorch), or windowLength of them and zeros
   * (TensorFlow, VGGish), which gives more frames. Default "fft".
   */
  readonly frameLength?: "fft" | "window";
}

/** Bands of triangular filters, as librosa.filters.mel and torchaudio.functional.melscale_fbanks define them. */
export interface MelOptions {
  /** Number of bands. Default 128. */
  readonly melBands?: number;
  /** Lower edge of the lowest band, in Hz. Default 0. */
  readonly minFrequency?: number;
  /** Upper edge of the highest band, in Hz. Default: sampleRate / 2. */
  readonly maxFrequency?: number;
  /** "slaney": linear below 1 kHz (Auditory Toolbox; librosa); "htk": 2595 log10(1 + f / 700). Default "slaney". */
  readonly melScale?: MelScale;
  /** "slaney": each triangle has the area 1 over Hz; "none": the height 1. Default "slaney". */
  readonly melNorm?: "slaney" | "none";
  /** Over which axis the triangles' sides are straight: Hz (librosa, torchaudio) or mel (TensorFlow). Default "hertz". */
  readonly melTriangles?: "hertz" | "mel";
  /** The exponent of the magnitudes before they are summed to bands: 1 or 2. Default 2. */
  readonly power?: 1 | 2;
}

/** Magnitudes or powers as they are. */
export interface LinearScale {
  readonly kind: "linear";
}

/** librosa's amplitude_to_db and power_to_db: factor · log10(max(amin, x)), the factor being 10 for powers, 20 else. */
export interface DecibelOptions {
  readonly kind: "decibels";
  /** The level of 0 dB, in the units of x: a positive number, or "max", the largest x of the example. Default 1. */
  readonly reference?: number | "max";
  /** Smaller x count as this one. Default: 1e-10 for powers, 1e-5 for magnitudes. */
  readonly amin?: number;
  /** Values more than this many dB below the example's largest are raised to there; null: none. Default 80. */
  readonly topDb?: number | null;
}

/** ln(x + offset): VGGish (offset 0.01), torchaudio's MFCC with log_mels (1e-6). */
export interface NaturalLogOptions {
  readonly kind: "naturalLog";
  /** Default 1e-6. */
  readonly offset?: number;
}

/** log10(1 + factor · x): musicnn (factor 10,000). */
export interface Log10Options {
  readonly kind: "log10";
  /** Default 10,000. */
  readonly factor?: number;
}

/** How magnitudes or powers become features. */
export type AmplitudeScaleOptions = LinearScale | DecibelOptions | NaturalLogOptions | Log10Options;

/** Time derivatives by Savitzky-Golay filters, whose polynomial has the derivative's order: librosa.feature.delta. */
export interface DeltaOptions {
  /** The highest derivative: 1 gives two channels, 2 three. Default 2. */
  readonly order?: 1 | 2;
  /** Frames that a derivative is estimated from; odd, at least 3. Default 9. */
  readonly width?: number;
  /**
   * The first and last width / 2 frames: from the polynomial through the outermost frames ("interp", librosa), or with
   * the outermost frame repeated ("nearest", torchaudio). Default "interp".
   */
  readonly mode?: "interp" | "nearest";
}

interface FeatureOptions {
  /** Default: linear; of an MFCC's mel bands decibels with their defaults. */
  readonly scale?: AmplitudeScaleOptions;
  /** The time derivative, and the second one, as further channels. null: none. Default null. */
  readonly deltas?: DeltaOptions | null;
}

/** The samples themselves, `[N, T, 1]`. */
export interface WaveformOptions extends CommonOptions {
  readonly kind: "waveform";
}

/** Magnitudes or powers, `[N, T, bins, 1]`. */
export interface SpectrogramOptions extends FourierOptions, FeatureOptions {
  readonly kind: "spectrogram";
  /** 1 gives magnitudes, 2 powers. Default 1. */
  readonly power?: 1 | 2;
  /** How many bins are kept, from the lowest frequency, 0 Hz, on. Default: all, fftSize / 2 + 1. */
  readonly bins?: number;
}

/** Real and imaginary parts as channels, `[N, T, fftSize / 2 + 1, 2]`. */
export interface ComplexSpectrogramOptions extends FourierOptions {
  readonly kind: "complexSpectrogram";
}

/** Mel bands, `[N, T, melBands, 1]`. */
export interface MelSpectrogramOptions extends FourierOptions, MelOptions, FeatureOptions {
  readonly kind: "melSpectrogram";
}

/** Mel-frequency cepstral coefficients, `[N, T, coefficients, 1]`. */
export interface MfccOptions extends FourierOptions, MelOptions, FeatureOptions {
  readonly kind: "mfcc";
  /** Coefficients kept, from number 0; at most melBands. Default 20. */
  readonly coefficients?: number;
  /** "ortho": the DCT-II is orthogonal; "none": 2 Σ x cos(…), torchaudio's norm None. Default "ortho". */
  readonly dctNorm?: "ortho" | "none";
  /** L > 0 multiplies coefficient n by 1 + L / 2 · sin(π (n + 1) / L), as librosa does. Default 0: none. */
  readonly lifter?: number;
}

/** Magnitudes at frequencies in equal ratios, `[N, T, bins, 1]`: librosa.cqt; constant-q.ts defines it. */
export interface ConstantQOptions extends CommonOptions, FeatureOptions {
  readonly kind: "constantQ";
  /** Samples from one frame to the next; frame t is centred at sample t · hopLength. Default 512. */
  readonly hopLength?: number;
  /** Number of frequencies. Default 84: seven octaves of semitones. */
  readonly bins?: number;
  /** Default 12. */
  readonly binsPerOctave?: number;
  /** The lowest frequency, in Hz. Default 32.703…, the note C1. */
  readonly minFrequency?: number;
  /** Factor of the filters' lengths; smaller ones resolve time better and frequency worse. Default 1. */
  readonly filterScale?: number;
  /** As for spectrograms. Default "constant". */
  readonly padMode?: "constant" | "reflect";
}

/** A front end as a user asks for it: omitted options have their defaults. */
export type FrontEndOptions =
  | WaveformOptions
  | SpectrogramOptions
  | ComplexSpectrogramOptions
  | MelSpectrogramOptions
  | MfccOptions
  | ConstantQOptions;
