/** @file The discrete cosine transform of mel bands, which gives mel-frequency cepstral coefficients. */
import { checkOptions, type OptionNames } from "../../options.ts";

export interface CosineTransformOptions {
  /** Numbers that come in. */
  readonly bands: number;
  /** Coefficients kept, from number 0. */
  readonly coefficients: number;
  /** "ortho": rows have length 1; "none": 2 cos(…), as scipy.fft.dct and torchaudio have it. */
  readonly norm: "ortho" | "none";
  /** L: row n is multiplied by 1 + L / 2 · sin(π (n + 1) / L), as librosa.feature.mfcc does; 0 leaves it. */
  readonly lifter: number;
}

const OPTIONS: OptionNames<CosineTransformOptions> = {
  bands: true,
  coefficients: true,
  norm: true,
  lifter: true,
};

/** The matrix `[coefficients, bands]`, row-major, of the DCT-II: 2 cos(π n (2b + 1) / (2 bands)) and its factors. */
export function cosineTransform(options: CosineTransformOptions): Float64Array {
  checkOptions("cosineTransform", options, OPTIONS);
  const { bands, coefficients, norm, lifter } = options;
  return Float64Array.from({ length: coefficients * bands }, (_, i) => {
    const n = Math.floor(i / bands);
    const factor = norm === "none" ? 2 : Math.sqrt((n === 0 ? 1 : 2) / bands);
    const lift = lifter > 0 ? 1 + (lifter / 2) * Math.sin((Math.PI * (n + 1)) / lifter) : 1;
    return factor * lift * Math.cos((Math.PI * n * (2 * (i % bands) + 1)) / (2 * bands));
  });
}
