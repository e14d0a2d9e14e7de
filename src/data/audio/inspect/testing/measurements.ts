/** @file Measurements that nobody measured. */

import { Generator } from "../../../../random/generator.ts";
import type { AudioClip } from "../../collection.ts";
import type { FileToJudge } from "../find-problems.ts";
import type { Measurement } from "../measure/measurement.ts";
import { clipsOf } from "./recordings.ts";

/** The measurement of a good recording of 10 s, except for the given values. */
export function measurementOf(given: Partial<Measurement> = {}): Measurement {
  const { sampleRate = 22_050 } = given;
  const frames = given.frames ?? 10 * sampleRate;
  return {
    format: "wav",
    codec: "16-bit PCM",
    sampleRate,
    channels: 1,
    bitDepth: 16,
    claimedFrames: frames,
    frames,
    warnings: [],
    isFinite: true,
    peak: 0.5,
    rms: 0.1,
    dcOffset: 0,
    clipped: 0,
    quiet: { loudest: 0.2, seconds: 0, longest: { start: 0, seconds: 0 } },
    samplesHash: String(new Generator(frames).uint32()),
    fingerprint: new Uint32Array(0),
    ...given,
  };
}

/** Files with a clip each, below /data; more about a clip can be given beside its measurement. */
export function filesOf(
  files: Readonly<Record<string, Partial<Measurement> & { readonly clip?: Partial<AudioClip> }>>,
): FileToJudge[] {
  return Object.entries(files).map(([name, { clip, ...given }]) => {
    const [whole] = clipsOf("/data", [name]);
    return { path: whole.path, measurement: measurementOf(given), clips: [{ ...whole, ...clip }] };
  });
}
