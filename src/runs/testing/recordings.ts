/** @file Small recordings in folders, for tests of runs on sound: tones that differ by their frequency, in noise. */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { encodeWav } from "../../audio/index.ts";
import { deriveKey, Generator } from "../../random/generator.ts";

export interface ToneOptions {
  /** In Hz; several sound together, and none is noise alone. */
  readonly frequencies: readonly number[];
  /** The seed of the phase, the noise and the level. */
  readonly seed: number;
  /** Default 0.5. */
  readonly seconds?: number;
  /** In Hz. Default 22,050. */
  readonly sampleRate?: number;
  /** Default 1; all the same. */
  readonly channels?: number;
  /** The amplitude of each tone. Default: 0.1 to 0.3, by the seed. */
  readonly amplitude?: number;
}

/** A wav file of a tone. */
export function toneFile(options: ToneOptions): Uint8Array {
  const { frequencies, seed, seconds = 0.5, sampleRate = 22_050, channels = 1 } = options;
  const random = new Generator(deriveKey(seed, "tone"));
  const phase = 2 * Math.PI * random.uniform();
  const { amplitude = 0.1 + 0.2 * random.uniform() } = options;
  const samples = Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
    const turn = (2 * Math.PI * i) / sampleRate;
    const tones = frequencies.reduce((sum, frequency) => sum + Math.sin(frequency * turn + phase), 0);
    return amplitude * tones + 0.02 * (random.uniform() - 0.5);
  });
  return encodeWav({ sampleRate, channels: new Array<Float32Array>(channels).fill(samples) });
}

/** Writes a file, and the folders around it. */
export async function writeRecording(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

/** Classes and their frequencies in Hz. */
const TONES: Readonly<Record<string, number>> = { low: 300, middle: 900, high: 2700 };

export interface ToneFolderOptions {
  /** Default: "low" and "high". */
  readonly classes?: readonly string[];
  /** Recordings of each class, with names from `<class>-0.wav`. Default 8. */
  readonly clips?: number;
  /** Other recordings for each; below 1000. Default 0. */
  readonly seed?: number;
}

/** The recordings of such a folder, by their paths below it. */
export function toneFiles(
  options: ToneFolderOptions = {},
): { readonly path: string; readonly file: Uint8Array }[] {
  const { classes = ["low", "high"], clips = 8, seed = 0 } = options;
  return classes.flatMap((name, index) =>
    Array.from({ length: clips }, (_, clip) => ({
      path: `${name}/${name}-${clip}.wav`,
      file: toneFile({ frequencies: [TONES[name]], seed: seed + 10_000 * index + 1000 * clip }),
    })),
  );
}

/** Writes a folder for each class with recordings in it. */
export async function writeToneFolder(folder: string, options: ToneFolderOptions = {}): Promise<void> {
  for (const { path, file } of toneFiles(options)) await writeRecording(join(folder, path), file);
}
