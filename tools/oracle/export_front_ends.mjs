/**
 * @file Writes for check_front_ends.py, which runs it, the front ends as programs of PyTorch, each with waveforms and the library's features:
 *
 *     node tools/oracle/export_front_ends.mjs <folder>
 *
 * These are all presets, and options that no preset has. Needs `npm run build`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../dist/index.js";
import { FRONT_END_PRESETS, frontEnd } from "../../dist/audio/index.js";
import { pythonFrontEnd } from "../../dist/formats/pytorch/python-front-end.js";
import { deriveKey, Generator } from "../../dist/random/generator.js";

const [folder] = process.argv.slice(2);

const OTHERS = {
  "mfcc-deltas": { kind: "mfcc", coefficients: 13, lifter: 22, dctNorm: "none", deltas: {} },
  "mel-deltas-nearest": {
    kind: "melSpectrogram",
    scale: { kind: "decibels", reference: 0.5, topDb: 60 },
    deltas: { order: 1, width: 5, mode: "nearest" },
  },
  "analyser-bins": {
    kind: "spectrogram",
    sampleRate: 44100,
    hopLength: 1024,
    window: "blackman",
    center: false,
    bins: 232,
    scale: { kind: "decibels", topDb: null },
  },
  "hamming-power": { kind: "spectrogram", fftSize: 512, windowLength: 300, window: "hamming", power: 2 },
  "rectangular-reflect": {
    kind: "complexSpectrogram",
    fftSize: 256,
    window: "rectangular",
    padMode: "reflect",
  },
  "htk-window-frames": {
    kind: "melSpectrogram",
    fftSize: 512,
    windowLength: 399,
    center: false,
    frameLength: "window",
    melBands: 40,
    melScale: "htk",
    melTriangles: "mel",
  },
  "constant-q-deltas": {
    kind: "constantQ",
    bins: 40,
    binsPerOctave: 7,
    minFrequency: 60,
    padMode: "reflect",
    deltas: {},
  },
};

/** Tones, noise and, in the second, digital silence. */
function waveforms(samples, name) {
  const random = new Generator(deriveKey("waveform", name));
  return Float32Array.from({ length: 2 * samples }, (_, i) => {
    const n = i % samples;
    if (i >= samples && n > samples / 2) return 0;
    return 0.3 * Math.sin(n / 7) * Math.cos(n / 3000) + 0.1 * Math.sin(n * n * 1e-6) + 0.01 * random.normal();
  });
}

const cases = [];
for (const [name, options] of Object.entries({ ...FRONT_END_PRESETS, ...OTHERS })) {
  const front = frontEnd(options);
  const samples = Math.round(1.3 * front.sampleRate);
  const data = waveforms(samples, name);
  const run = compile((waveform) => front.apply(waveform), [[2, samples, 1]]);
  const features = run({ shape: [2, samples, 1], data });
  writeFileSync(
    join(folder, `${name}.py`),
    `import math\n\nimport torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n\n${pythonFrontEnd(options)}`,
  );
  writeFileSync(join(folder, `${name}.waveform`), new Uint8Array(data.buffer));
  writeFileSync(join(folder, `${name}.features`), new Uint8Array(Float32Array.from(features.data).buffer));
  cases.push({ name, samples, shape: features.shape });
}
writeFileSync(join(folder, "cases.json"), JSON.stringify(cases));
