import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { audioFixturePath } from "../../../../audio/decode/testing/signal.ts";
import { temporaryFolder } from "../../../testing/temporary-folder.ts";
import { music, RATE, scaled } from "../testing/music.ts";
import { writeSounds, type Content } from "../testing/recordings.ts";
import { RecordingMeter } from "./measure-recording.ts";
import type { Measurement } from "./measurement.ts";

const meter = new RecordingMeter();

async function measure(path: string): Promise<Measurement> {
  for await (const step of meter.measure(path)) if ("measurement" in step) return step.measurement;
  throw new Error("nothing was measured");
}

async function measureContent(content: Content): Promise<Measurement> {
  const folder = await temporaryFolder();
  await writeSounds(folder, { "a.wav": content });
  return measure(join(folder, "a.wav"));
}

describe("a measurement", () => {
  it("holds what the header says and what was decoded", async () => {
    const left = music({ seed: 1, seconds: 2 });
    const measurement = await measureContent({ channels: [left, scaled(left, 0.5)], bitDepth: 24 });
    expect(measurement).toMatchObject({
      format: "wav",
      codec: "24-bit PCM",
      sampleRate: RATE,
      channels: 2,
      bitDepth: 24,
      claimedFrames: 2 * RATE,
      frames: 2 * RATE,
      warnings: [],
      isFinite: true,
      clipped: 0,
    });
    // 1 + floor(11025 / 64) frames.
    expect(measurement.fingerprint).toHaveLength(173);
  });

  it("has the worst channel's peak, offset and clipping, and the level of all", async () => {
    const constant = (value: number) => new Float32Array(1000).fill(value);
    const measurement = await measureContent({
      channels: [constant(1), constant(0)],
      bitDepth: "32-float",
    });
    expect(measurement).toMatchObject({ peak: 1, dcOffset: 1, clipped: 1, rms: Math.sqrt(0.5) });
  });

  it("listens for silence to the mean of the channels", async () => {
    const left = music({ seed: 1, seconds: 1 });
    const { quiet, rms } = await measureContent({ channels: [left, scaled(left, -1)] });
    // Rounding to 16 bits leaves a step at most.
    expect(quiet.loudest).toBeLessThan(2 ** -15);
    expect(quiet.seconds).toBeCloseTo(1, 9);
    expect(rms).toBeGreaterThan(0.01);
  });

  it("tells samples that are no numbers", async () => {
    for (const value of [NaN, -Infinity, 1e38]) {
      const samples = music({ seed: 1, seconds: 1 });
      samples[100] = value;
      const measurement = await measureContent({ channels: [samples], bitDepth: "32-float" });
      expect(measurement).toMatchObject({ isFinite: false, peak: 0, rms: 0, dcOffset: 0, clipped: 0 });
    }
  });

  it("has the same hash for the same samples in other files", async () => {
    // Without -0, which whole numbers do not have.
    const sound = music({ seed: 1, seconds: 1 }).map((sample) => Math.round(sample * 32768) / 32768 + 0);
    const hashes = await Promise.all(
      (
        [
          { channels: [sound], bitDepth: 16 },
          { channels: [sound], bitDepth: 24 },
          { channels: [sound, sound], bitDepth: "32-float" },
          { channels: [scaled(sound, 0.5)], bitDepth: 24 },
          { channels: [sound], sampleRate: RATE + 1 },
        ] as const
      ).map(async (content) => (await measureContent(content)).samplesHash),
    );
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).toBe(hashes[0]);
    expect(new Set(hashes).size).toBe(3);
  });

  it.each(["signal.mp3", "signal.ogg", "signal.opus", "signal.flac"])("can be had of %s", async (name) => {
    const measurement = await measure(audioFixturePath(name));
    expect(measurement.frames / measurement.sampleRate).toBeCloseTo(1, 1);
    expect(measurement.frames).toBe(measurement.claimedFrames);
    expect(measurement.fingerprint.length).toBeGreaterThanOrEqual(87);
  });
});
