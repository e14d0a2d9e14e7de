/** @file Made-up reports, for tests and to look at. */

import type {
  ClassificationEvaluation,
  ExamplePreview,
  ExampleResult,
  ReportData,
  SeedsSummary,
  SpectrogramPreview,
} from "../report-data.ts";

export const CLASS_NAMES = ["blues", "classical", "rock"] as const;

/** Nothing but what must be there, with everything of it empty. */
export const EMPTY_REPORT: ReportData = {
  title: "a run",
  createdAt: "2026-03-01T12:00:00.000Z",
  task: "classification",
  data: {
    name: "songs",
    synthetic: false,
    unit: "clip",
    classNames: [],
    facts: [],
    parts: [],
    split: { method: "85/10/5, by group, seed 0", leaks: [], forced: false },
    problems: [],
  },
  model: { name: "mel-cnn", parameters: 1234, facts: [] },
  history: [],
  bestEpoch: null,
  evaluations: [],
  configuration: [],
  environment: [],
  timings: [],
  command: "auricle train ./songs",
};

/** A clip of 6 s in three windows that overlap, all with the same probabilities. */
export function clip(
  id: string,
  truth: number,
  outputs: readonly number[],
  preview?: ExamplePreview,
): ExampleResult {
  const windows = [0, 1.5, 3].map((start) => ({ start, end: start + 3, outputs }));
  return { id, seconds: 6, truth: [truth], outputs, windows, preview };
}

/** `[frames, bins]` of bytes that rise with the bin. */
export function spectrogram(frames: number, bins: number): SpectrogramPreview {
  return {
    values: Uint8Array.from({ length: frames * bins }, (_, i) => Math.floor((255 * (i % bins)) / bins)),
    frames,
    bins,
    frequencies: Array.from({ length: bins }, (_, bin) => (11_025 * (bin + 1)) / bins),
  };
}

/** A preview whose sound has the given number of bytes, which no player would take for a WAV file. */
export function preview(bytes: number): ExamplePreview {
  return { spectrogram: spectrogram(20, 8), audio: { wav: new Uint8Array(bytes).fill(7), start: 1, end: 4 } };
}

/** Counts and scores of clips, by the definitions. */
export function classification(name: string, clips: readonly ExampleResult[]): ClassificationEvaluation {
  const confusionMatrix = CLASS_NAMES.map(() => CLASS_NAMES.map(() => 0));
  for (const { truth, outputs } of clips) confusionMatrix[truth[0]][outputs.indexOf(Math.max(...outputs))]++;
  const right = CLASS_NAMES.reduce((sum, _, c) => sum + confusionMatrix[c][c], 0);
  const classes = CLASS_NAMES.map((className, c) => {
    const support = confusionMatrix[c].reduce((a, b) => a + b, 0);
    const predicted = confusionMatrix.reduce((sum, row) => sum + row[c], 0);
    const precision = predicted > 0 ? confusionMatrix[c][c] / predicted : 0;
    const recall = support > 0 ? confusionMatrix[c][c] / support : 0;
    const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
    return { name: className, precision, recall, f1, support };
  });
  return {
    task: "classification",
    name,
    examples: clips.length,
    loss: 0.5,
    results: clips,
    accuracy: right / clips.length,
    accuracyInterval: [0.4, 0.95],
    macroF1: classes.reduce((sum, { f1 }) => sum + f1, 0) / classes.length,
    classes,
    confusionMatrix,
  };
}

/** Six test clips, of which blues/b.wav is taken for rock (0.9 sure) and rock/c.wav for classical (0.6 sure). */
export const TEST_RESULTS: readonly ExampleResult[] = [
  clip("blues/a.wav", 0, [0.8, 0.1, 0.1], preview(300)),
  clip("blues/b.wav", 0, [0.05, 0.05, 0.9], preview(300)),
  clip("classical/a.wav", 1, [0.1, 0.7, 0.2], preview(300)),
  clip("classical/b.wav", 1, [0.3, 0.4, 0.3], preview(300)),
  clip("rock/a.wav", 2, [0.1, 0.1, 0.8], preview(300)),
  clip("rock/c.wav", 2, [0.3, 0.6, 0.1], preview(300)),
];

/** Two seeds, for `withSeeds`. */
export const EXAMPLE_SEEDS: SeedsSummary = {
  metrics: ["test accuracy", "test macro-F1"],
  runs: [
    { seed: 0, values: [0.5, 0.4] },
    { seed: 1, values: [0.7, 0.6] },
  ],
};

/** Everything a classification can have. */
export const EXAMPLE_REPORT: ReportData = {
  ...EMPTY_REPORT,
  title: "songs, seed 0",
  data: {
    ...EMPTY_REPORT.data,
    classNames: CLASS_NAMES,
    facts: [{ name: "Licence", value: "CC0" }],
    parts: [
      { name: "train", classCounts: [20, 21, 22], examples: 63, seconds: 378 },
      { name: "validation", classCounts: [1, 1, 1], examples: 3, seconds: 18 },
      { name: "test", classCounts: [2, 2, 2], examples: 6, seconds: 36 },
    ],
    problems: [{ file: "rock/b.wav", problem: "empty file" }],
  },
  model: { ...EMPTY_REPORT.model, summary: "layer   output\nconv2d  [64,64,16]" },
  history: [1, 2, 3, 4].map((epoch) => ({
    epoch,
    loss: 2 / epoch,
    accuracy: 1 - 0.5 / epoch,
    validationLoss: [1.9, 1.2, 0.9, 1.1][epoch - 1],
    validationAccuracy: [0.4, 0.6, 0.8, 0.7][epoch - 1],
    validationMacroF1: [0.35, 0.55, 0.75, 0.65][epoch - 1],
    learningRate: 0.001,
    seconds: 2.5,
  })),
  bestEpoch: 3,
  evaluations: [
    classification("test", TEST_RESULTS),
    classification("validation", [
      clip("blues/d.wav", 0, [0.9, 0.05, 0.05]),
      clip("classical/d.wav", 1, [0.2, 0.5, 0.3]),
      clip("rock/d.wav", 2, [0.6, 0.2, 0.2]),
    ]),
  ],
  filters: {
    layer: "conv2d",
    shape: [2, 3, 1, 2],
    data: Float32Array.from({ length: 12 }, (_, i) => i - 6),
    sampleRate: 43,
  },
  configuration: [{ name: "Seed", value: "0" }],
  environment: [{ name: "Auricle", value: "0.2.0" }],
  timings: [
    { name: "decode", seconds: 3, note: "sum over 2 workers" },
    { name: "train", seconds: 9 },
  ],
};
