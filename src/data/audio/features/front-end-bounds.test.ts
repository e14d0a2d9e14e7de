/**
 * @file Front ends on music, whose quiet bins are far below its loud ones: kernels against the reference loops, which compute
 * in double precision. docs/sound.md states these bounds; src/audio/front-end/librosa.test.ts has them against other tools.
 * With AURICLE_RECORDINGS, a folder, on some of its recordings too.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  FeatureExtractor,
  FRONT_END_PRESETS,
  frontEnd,
  resample,
  type FrontEndOptions,
} from "../../../audio/index.ts";
import { readAudioFile } from "../../../audio/node.ts";
import { renderStyle } from "../../synthesis/styles/render-style.ts";

const SECONDS = 0.4;
const MOST_RECORDINGS = 20;

const known = new Map<number, Promise<Record<string, Float32Array>>>();

function sounds(sampleRate: number): Promise<Record<string, Float32Array>> {
  let made = known.get(sampleRate);
  if (!made) {
    made = Promise.all([music(sampleRate), recordings(sampleRate)]).then((both) =>
      Object.assign({}, ...both),
    );
    known.set(sampleRate, made);
  }
  return made;
}

/** As it is, as over a telephone, very quiet, clipped at full scale, and after silence. */
async function music(sampleRate: number): Promise<Record<string, Float32Array>> {
  const { samples } = renderStyle("jazz", { seed: 7, seconds: SECONDS, sampleRate });
  const narrow = await resample({ sampleRate, samples }, 8000);
  const telephone = (await resample(narrow, sampleRate)).samples;
  const late = new Float32Array(samples.length);
  const end = samples.subarray(0, samples.length / 4);
  late.set(end, late.length - end.length);
  return {
    music: samples,
    telephone,
    quiet: samples.map((sample) => sample * 1e-6),
    clipped: samples.map((sample) => Math.max(-1, Math.min(1, 30 * sample))),
    late,
  };
}

/** The beginnings of recordings, spread evenly over the folder. */
async function recordings(sampleRate: number): Promise<Record<string, Float32Array>> {
  const folder = process.env.AURICLE_RECORDINGS;
  if (!folder) return {};
  const entries = await readdir(folder, { recursive: true });
  const names = entries.filter((name) => /\.(wav|flac|ogg|aiff|mp3)$/i.test(name)).sort();
  const every = Math.ceil(names.length / MOST_RECORDINGS);
  const found: Record<string, Float32Array> = {};
  for (const name of names.filter((_, i) => i % every === 0)) {
    const { samples } = await readAudioFile(join(folder, name), { sampleRate, duration: 2 * SECONDS });
    // Long enough for each front end's window to be mirrored.
    const padded = new Float32Array(Math.max(samples.length, SECONDS * sampleRate));
    padded.set(samples);
    found[name] = padded;
  }
  return found;
}

/** How far a number may be from the exact one, in a frame with this largest magnitude. */
function allowed(options: FrontEndOptions, value: number, largest: number): number {
  const scale = "scale" in options ? options.scale : undefined;
  if (options.kind === "mfcc") return 1e-4 + 2e-7 * largest;
  if (scale?.kind === "decibels") return 1e-4;
  return scale ? 2e-6 : 1e-6 * Math.abs(value) + 1e-12 * largest;
}

const ALL = { kind: "decibels", topDb: null } as const;
const FRONT_ENDS: Record<string, FrontEndOptions> = {
  ...FRONT_END_PRESETS,
  "magnitudes without a floor but amin": { kind: "spectrogram", scale: ALL },
  "any size": { kind: "complexSpectrogram", fftSize: 720, windowLength: 551 },
  "linear constant-Q": { kind: "constantQ" },
  "a natural logarithm": { kind: "melSpectrogram", scale: { kind: "naturalLog" } },
};

describe.each(Object.entries(FRONT_ENDS))("on music %s", (_, options) => {
  it("is within the stated bounds of the exact features", async () => {
    const front = frontEnd(options);
    const [actual, exact] = (["wasm", "reference"] as const).map(
      (target) => new FeatureExtractor(front, { target, threads: 1, blockFrames: 16 }),
    );
    for (const [name, samples] of Object.entries(await sounds(front.sampleRate))) {
      const [frames, ...rest] = front.outputShape(samples.length);
      const size = rest.reduce((a, b) => a * b, 1);
      const [found, expected] = [actual.extract(samples), exact.extract(samples)];
      for (let frame = 0; frame < frames; frame++) {
        const values = expected.subarray(frame * size, (frame + 1) * size);
        const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        values.forEach((value, i) => {
          const error = Math.abs(found[frame * size + i] - value);
          if (error <= allowed(options, value, largest)) return;
          expect.fail(
            `${name}, frame ${frame}, number ${i}: ${found[frame * size + i]}, exactly ${value}, largest ${largest}`,
          );
        });
      }
    }
  });
});
