/** @file The signal in tools/oracle/fixtures/audio, computed anew, and measures of what came out of a decoder. */

import { readFileSync } from "node:fs";

const FOLDER = new URL("../../../../tools/oracle/fixtures/audio/", import.meta.url);

/** The bytes of a file that tools/oracle/make_audio_files.sh made. */
export function audioFixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, FOLDER)));
}

/** Path of such a file. */
export function audioFixturePath(name: string): string {
  return new URL(name, FOLDER).pathname;
}

/** One second of the signal at any rate: left and right. */
export function fixtureSignal(sampleRate: number): [Float32Array, Float32Array] {
  const tone = (frequency: number, i: number, phase = 0): number =>
    Math.sin((2 * Math.PI * frequency * i) / sampleRate + phase);
  return [
    Float32Array.from({ length: sampleRate }, (_, i) => 0.5 * tone(440, i) + 0.2 * tone(1500, i)),
    Float32Array.from({ length: sampleRate }, (_, i) => 0.4 * tone(1000, i, 1)),
  ];
}

/** The ratio of `wanted` to the difference, in decibels, over the samples `from` … `to`. */
export function signalToNoise(
  got: Float32Array,
  wanted: Float32Array,
  from = 0,
  to: number = wanted.length,
): number {
  let signal = 0;
  let noise = 0;
  for (let i = from; i < to; i++) {
    signal += wanted[i] ** 2;
    noise += (got[i] - wanted[i]) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}
