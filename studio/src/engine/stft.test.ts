import { expect, it } from "vitest";
import { Generator } from "auricle";
import { FeatureExtractor, frontEnd } from "auricle/audio";
import { frequencyRows } from "../figures/frequency-rows.ts";
import { gatherFrames } from "../figures/gather-frames.ts";
import { framesOf } from "../figures/tile-plan.ts";
import { spectraOf, spectrogramTile } from "./stft.ts";

const SAMPLE_RATE = 8000;
const generator = new Generator(2);
const samples = Float32Array.from({ length: 5003 }, () => generator.normal());

function wanted(
  fftSize: number,
  hopLength: number,
  kind: "spectrogram" | "complexSpectrogram",
): Float32Array {
  const front = frontEnd({ kind, sampleRate: SAMPLE_RATE, fftSize, hopLength });
  return new FeatureExtractor(front, { threads: 1 }).extract(samples);
}

it.each([
  [256, 64],
  [512, 200],
  [64, 1001],
])("has the bits of the library's front ends, with frames of %i and a hop of %i", (fftSize, hop) => {
  const frames = framesOf(samples.length, hop);
  const middles = Array.from({ length: frames }, (_, t) => t * hop);
  const gathered = gatherFrames(samples, fftSize, middles);
  expect(spectraOf(gathered, fftSize, "magnitude")).toEqual(wanted(fftSize, hop, "spectrogram"));
  expect(spectraOf(gathered, fftSize, "complex")).toEqual(wanted(fftSize, hop, "complexSpectrogram"));
});

it("seen from afar shows the largest of four frames in a column", () => {
  const frames = gatherFrames(
    samples,
    128,
    Array.from({ length: 40 }, (_, t) => 32 * t),
  );
  const near = spectrogramTile({ frames, fftSize: 128, columns: 40, part: "magnitude" });
  const far = spectrogramTile({ frames, fftSize: 128, columns: 10, part: "magnitude" });
  far.forEach((value, i) => {
    const [column, bin] = [Math.floor(i / 65), i % 65];
    const four = [0, 1, 2, 3].map((frame) => near[(4 * column + frame) * 65 + bin]);
    expect(value).toBe(Math.max(...four));
  });
});

it("has the real and the imaginary part of each frame", () => {
  const frames = gatherFrames(samples, 64, [150, 200, 250]);
  const all = wanted(64, 50, "complexSpectrogram");
  (["real", "imaginary"] as const).forEach((part, channel) => {
    const tile = spectrogramTile({ frames, fftSize: 64, columns: 3, part });
    tile.forEach((value, i) => expect(value).toBe(all[2 * (3 * 33 + i) + channel]));
  });
});

it("joins bins to rows at equal steps of mel, without losing a tone", () => {
  const rows = frequencyRows("mel", 512, SAMPLE_RATE);
  for (const hertz of [60, 440, 3000]) {
    const tone = Float32Array.from({ length: 4000 }, (_, i) =>
      Math.sin((2 * Math.PI * hertz * i) / SAMPLE_RATE),
    );
    const frames = gatherFrames(tone, 512, [1280]);
    const tile = spectrogramTile({ frames, fftSize: 512, columns: 1, part: "magnitude", edges: rows.edges });
    expect(tile).toHaveLength(rows.count);
    const loudest = tile.indexOf(Math.max(...tile));
    expect(rows.hertzAt(loudest / rows.count)).toBeLessThan(hertz + SAMPLE_RATE / 512);
    expect(rows.hertzAt((loudest + 1) / rows.count)).toBeGreaterThan(hertz - SAMPLE_RATE / 512);
    // A tone at full scale has half the sum of Hann's window, fftSize / 4, less what falls between two bins.
    expect(Math.max(...tile)).toBeGreaterThan(0.8 * 128);
    expect(Math.max(...tile)).toBeLessThan(1.02 * 128);
  }
});
