/** @file The rows of a spectrogram: one for each bin, or as many as are seen at equal steps of the mel scale. */
import { hertzToMel, melToHertz } from "auricle/audio";

export type RowScale = "linear" | "mel";

/** Rows on the mel scale. */
const MEL_ROWS = 160;

export interface FrequencyRows {
  readonly count: number;
  /** In bins, one more than rows; undefined where each row is a bin. */
  readonly edges?: Float64Array;
  /** Hz at a place from 0, the lower edge, to 1. */
  hertzAt(place: number): number;
  /** The place of a frequency. */
  placeOf(hertz: number): number;
}

export function frequencyRows(scale: RowScale, fftSize: number, sampleRate: number): FrequencyRows {
  const nyquist = sampleRate / 2;
  if (scale === "linear") {
    // The rows of the first and the last bin reach half a bin beyond.
    const bins = fftSize / 2 + 1;
    const width = sampleRate / fftSize;
    return {
      count: bins,
      hertzAt: (place) => (place * bins - 0.5) * width,
      placeOf: (hertz) => (hertz / width + 0.5) / bins,
    };
  }
  const top = hertzToMel(nyquist, "slaney");
  const hertzAt = (place: number) => melToHertz(place * top, "slaney");
  return {
    count: MEL_ROWS,
    edges: Float64Array.from(
      { length: MEL_ROWS + 1 },
      (_, row) => (hertzAt(row / MEL_ROWS) * fftSize) / sampleRate,
    ),
    hertzAt,
    placeOf: (hertz) => hertzToMel(hertz, "slaney") / top,
  };
}
