import { expect, it } from "vitest";
import { Generator } from "auricle";
import { FeatureExtractor, frontEnd } from "auricle/audio";
import { frequencyRows } from "../figures/frequency-rows.ts";
import { framesOf } from "../figures/tile-plan.ts";
import { spectraAt, spectrogramTile } from "./stft.ts";

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
  const whole = { samples, offset: 0 };
  expect(spectraAt(whole, fftSize, middles, "magnitude")).toEqual(wanted(fftSize, hop, "spectrogram"));
  expect(spectraAt(whole, fftSize, middles, "complex")).toEqual(wanted(fftSize, hop, "complexSpectrogram"));
});

it("needs of a sound only the stretch of the frames", () => {
  const middles = [1000, 1100, 1200];
  const part = { samples: samples.slice(872, 1328), offset: 872 };
  expect(spectraAt(part, 256, middles, "magnitude")).toEqual(
    spectraAt({ samples, offset: 0 }, 256, middles, "magnitude"),
  );
});

it("seen from afar shows the largest of four frames in a column", () => {
  const shared = { samples, offset: 0, fftSize: 128, hop: 32, firstFrame: 16, part: "magnitude" } as const;
  const near = spectrogramTile({ ...shared, columns: 40, framesPerColumn: 1 });
  const far = spectrogramTile({ ...shared, columns: 10, framesPerColumn: 4 });
  far.forEach((value, i) => {
    const [column, bin] = [Math.floor(i / 65), i % 65];
    const four = [0, 1, 2, 3].map((frame) => near[(4 * column + frame) * 65 + bin]);
    expect(value).toBe(Math.max(...four));
  });
});

it("has the real and the imaginary part of each frame", () => {
  const shared = { samples, offset: 0, fftSize: 64, hop: 50, firstFrame: 3, columns: 5, framesPerColumn: 1 };
  const all = wanted(64, 50, "complexSpectrogram");
  (["real", "imaginary"] as const).forEach((part, channel) => {
    const tile = spectrogramTile({ ...shared, part });
    tile.forEach((value, i) => expect(value).toBe(all[2 * (3 * 33 + i) + channel]));
  });
});

it("joins bins to rows at equal steps of mel, without losing a tone", () => {
  const rows = frequencyRows("mel", 512, SAMPLE_RATE);
  for (const hertz of [60, 440, 3000]) {
    const tone = Float32Array.from({ length: 4000 }, (_, i) =>
      Math.sin((2 * Math.PI * hertz * i) / SAMPLE_RATE),
    );
    const tile = spectrogramTile({
      samples: tone,
      offset: 0,
      fftSize: 512,
      hop: 128,
      firstFrame: 10,
      columns: 1,
      framesPerColumn: 1,
      part: "magnitude",
      edges: rows.edges,
    });
    expect(tile).toHaveLength(rows.count);
    const loudest = tile.indexOf(Math.max(...tile));
    expect(rows.hertzAt(loudest / rows.count)).toBeLessThan(hertz + SAMPLE_RATE / 512);
    expect(rows.hertzAt((loudest + 1) / rows.count)).toBeGreaterThan(hertz - SAMPLE_RATE / 512);
    // A tone at full scale has half the sum of Hann's window, fftSize / 4, less what falls between two bins.
    expect(Math.max(...tile)).toBeGreaterThan(0.8 * 128);
    expect(Math.max(...tile)).toBeLessThan(1.02 * 128);
  }
});
