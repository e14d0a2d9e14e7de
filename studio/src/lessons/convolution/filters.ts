/** @file Filters to begin with, 3 × 3, with what they do. */

export interface Preset {
  readonly name: string;
  readonly weights: readonly number[];
  readonly says: string;
}

export const PRESETS: readonly Preset[] = [
  {
    name: "Edge to the right",
    weights: [-1, 0, 1, -1, 0, 1, -1, 0, 1],
    says: "Large where it gets brighter, or louder, from left to right. On a spectrogram that is an onset: a note begins.",
  },
  {
    name: "Edge downwards",
    weights: [-1, -1, -1, 0, 0, 0, 1, 1, 1],
    says: "Large where rows get brighter downwards. On a spectrogram, the lower rows are higher frequencies.",
  },
  {
    name: "Blur",
    weights: [1, 2, 1, 2, 4, 2, 1, 2, 1].map((weight) => weight / 16),
    says: "The weighted mean of the neighbourhood. Its weights add up to 1, so the brightness stays.",
  },
  {
    name: "Line along time",
    weights: [-0.5, -0.5, -0.5, 1, 1, 1, -0.5, -0.5, -0.5],
    says: "Large on horizontal lines: on a spectrogram, a harmonic that is held.",
  },
  {
    name: "Contrast",
    weights: [0, -1, 0, -1, 4, -1, 0, -1, 0],
    says: "The difference between the middle and its four neighbours: 0 on flat ground, large at each detail.",
  },
  {
    name: "Identity",
    weights: [0, 0, 0, 0, 1, 0, 0, 0, 0],
    says: "Copies the input: only the middle counts.",
  },
];
