/** @file The waveform of tools/oracle/make_spectral.py, to the bit. For tests. */
import { mix32 } from "../../../random/generator.ts";

/** Frequency in Hz, beginning in seconds, amplitude, decay per second. */
const NOTES = [
  [110, 0, 0.2, 2],
  [277.2, 0.02, 0.25, 4],
  [440, 0.1, 0.3, 3],
  [1318.5, 0.15, 0.2, 8],
  [2793.8, 0.05, 0.15, 10],
  [5274, 0.2, 0.1, 20],
] as const;
const NOISE = 0.05;

/** The kinds of make_spectral.py's signal(). */
export type TestSound = "plain" | "without-noise" | "quiet" | "clipped" | "constant" | "silence";

/** Decaying notes of a rounded wave (two parabolas a period) and noise; the operations are make_spectral.py's, one by one. */
export function testSignal(samples: number, sampleRate: number, kind: TestSound = "plain"): Float32Array {
  return Float32Array.from({ length: samples }, (_, index) => {
    const time = index / sampleRate;
    let total = 0;
    for (const [frequency, start, amplitude, decay] of NOTES) {
      const cycles = frequency * time;
      const phase = cycles - Math.floor(cycles);
      const wave = phase < 0.5 ? 16 * phase * (0.5 - phase) : -16 * (phase - 0.5) * (1 - phase);
      const envelope = time >= start ? amplitude / (1 + decay * Math.max(time - start, 0)) : 0;
      total += envelope * wave;
    }
    if (kind !== "without-noise") total += NOISE * ((mix32(index) / 2 ** 32) * 2 - 1);
    return ofKind(total, kind);
  });
}

function ofKind(sample: number, kind: TestSound): number {
  switch (kind) {
    case "plain":
    case "without-noise":
      return sample;
    case "quiet":
      return sample / 2 ** 20;
    case "clipped":
      return Math.max(-1, Math.min(1, sample * 16));
    case "constant":
      return 0.75;
    case "silence":
      return 0;
  }
}
