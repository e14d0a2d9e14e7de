/** @file Mel scales and filter banks. */

export type MelScale = "slaney" | "htk";

/** Slaney's scale is linear to 1 kHz, 15 mel, and logarithmic above: 27 mel for a factor of 6.4 (Auditory Toolbox, 1998). */
const HERTZ_PER_MEL = 200 / 3;
const KNEE_HERTZ = 1000;
const KNEE_MEL = KNEE_HERTZ / HERTZ_PER_MEL;
const LOG_STEP = Math.log(6.4) / 27;

/** Mel of a frequency in Hz. HTK's scale is 2595 log10(1 + f / 700) (O'Shaughnessy 1987). */
export function hertzToMel(hertz: number, scale: MelScale): number {
  if (scale === "htk") return 2595 * Math.log10(1 + hertz / 700);
  return hertz < KNEE_HERTZ ? hertz / HERTZ_PER_MEL : KNEE_MEL + Math.log(hertz / KNEE_HERTZ) / LOG_STEP;
}

/** The inverse of {@link hertzToMel}. */
export function melToHertz(mel: number, scale: MelScale): number {
  if (scale === "htk") return 700 * (10 ** (mel / 2595) - 1);
  return mel < KNEE_MEL ? mel * HERTZ_PER_MEL : KNEE_HERTZ * Math.exp((mel - KNEE_MEL) * LOG_STEP);
}

export interface MelBands {
  readonly melBands: number;
  /** In Hz. */
  readonly minFrequency: number;
  /** In Hz. */
  readonly maxFrequency: number;
  readonly melScale: MelScale;
}

/** melBands + 2 frequencies in Hz, equally spaced in mel: band b lies between numbers b and b + 2 and peaks at b + 1. */
export function melFrequencies({ melBands, minFrequency, maxFrequency, melScale }: MelBands): Float64Array {
  const low = hertzToMel(minFrequency, melScale);
  const high = hertzToMel(maxFrequency, melScale);
  const step = (high - low) / (melBands + 1);
  return Float64Array.from({ length: melBands + 2 }, (_, i) => melToHertz(low + i * step, melScale));
}

export interface MelFilterBankOptions extends MelBands {
  /** In Hz. */
  readonly sampleRate: number;
  readonly fftSize: number;
  /** "slaney": the area of each triangle is 1 over Hz; "none": its height is 1. */
  readonly melNorm: "slaney" | "none";
  /** Over which axis the triangles' sides are straight: Hz (librosa, torchaudio) or mel (TensorFlow, VGGish). */
  readonly melTriangles: "hertz" | "mel";
}

/**
 * Weights `[melBands, fftSize / 2 + 1]`, row-major, of triangular filters: librosa.filters.mel, and with `melNorm` "none"
 * and scale "htk" the transpose of torchaudio.functional.melscale_fbanks. A band narrower than a bin may be all zeros, as
 * it is there.
 */
export function melFilterBank(options: MelFilterBankOptions): Float64Array {
  const { sampleRate, fftSize, melBands, melScale, melNorm, melTriangles } = options;
  const bins = fftSize / 2 + 1;
  const edges = melFrequencies(options);
  const axis = (hertz: number) => (melTriangles === "mel" ? hertzToMel(hertz, melScale) : hertz);
  const frequencies = Float64Array.from({ length: bins }, (_, k) => axis((k * sampleRate) / fftSize));
  const weights = new Float64Array(melBands * bins);
  for (let band = 0; band < melBands; band++) {
    const [low, peak, high] = [axis(edges[band]), axis(edges[band + 1]), axis(edges[band + 2])];
    const height = melNorm === "slaney" ? 2 / (edges[band + 2] - edges[band]) : 1;
    for (let k = 0; k < bins; k++) {
      const rising = (frequencies[k] - low) / (peak - low);
      const falling = (high - frequencies[k]) / (high - peak);
      weights[band * bins + k] = height * Math.max(0, Math.min(rising, falling));
    }
  }
  return weights;
}
