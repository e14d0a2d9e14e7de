/** @file Small recordings for tests. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FrontEndOptions } from "../../../../audio/front-end/config.ts";
import { encodeWav } from "../../../../audio/write/encode-wav.ts";
import { Generator } from "../../../../random/generator.ts";
import type { AudioClip } from "../../collection.ts";
import { clipOf } from "./memory-store.ts";

export const RATE = 8000;

/** 100 steps of 16 mel bands a second at RATE. */
export const MEL = {
  kind: "melSpectrogram",
  sampleRate: RATE,
  fftSize: 256,
  hopLength: 80,
  melBands: 16,
  scale: { kind: "decibels" },
} as const satisfies FrontEndOptions;

/** Noise, another for each seed. */
export function noise(samples: number, seed: number): Float32Array {
  const random = new Generator(seed);
  return Float32Array.from({ length: samples }, () => random.uniform() - 0.5);
}

/** Writes a wav file of 32-bit floats, and returns its clip. */
export async function recording(
  folder: string,
  name: string,
  samples: Float32Array,
  rate = RATE,
): Promise<AudioClip> {
  const path = join(folder, name);
  await writeFile(path, encodeWav({ sampleRate: rate, channels: [samples] }, { bitDepth: "32-float" }));
  return { ...clipOf(name, 0, 2), path };
}
