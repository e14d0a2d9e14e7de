import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { encodeWav } from "../write/encode-wav.ts";
import { openAudioFile, readAudioFile } from "./audio-file.ts";
import { wavFile } from "./testing/containers.ts";
import { audioFixturePath } from "./testing/signal.ts";

/** Two channels whose mean is a ramp: 0, 1, 2, … steps of 2^-15. */
function ramp(frames: number): Uint8Array {
  const left = Float32Array.from({ length: frames }, (_, i) => (2 * i) / 32768);
  return encodeWav({ sampleRate: 1000, channels: [left, new Float32Array(frames)] });
}

async function problemOf(path: string): Promise<string> {
  return openAudioFile(path).then(
    () => "opened",
    (error: unknown) => (error instanceof Error ? `${error.name} ${error.message}` : ""),
  );
}

describe("readAudioFile", () => {
  it("a part of a file: the mean of its channels, from `start` on", async () => {
    const path = join(await temporaryFolder(), 'räum\'s "x"\n.wav');
    await writeFile(path, ramp(5000));
    const { samples, sampleRate } = await readAudioFile(path, { start: 1.5, duration: 0.003 });
    expect(sampleRate).toBe(1000);
    expect(Array.from(samples, (value) => value * 32768)).toEqual([1500, 1501, 1502]);
  });

  it("what goes beyond the end is left out; a start beyond it is an error", async () => {
    const path = join(await temporaryFolder(), "a.wav");
    await writeFile(path, ramp(1000));
    expect((await readAudioFile(path, { start: 0.9, duration: 5 })).samples).toHaveLength(100);
    await expect(readAudioFile(path, { start: 1 })).rejects.toThrow(
      /start 1 s is not before the recording's end/,
    );
    await expect(readAudioFile(path, { start: -1 })).rejects.toThrow(/got start -1 s/);
    await expect(readAudioFile(path, { duration: 0 })).rejects.toThrow(/duration 0 s/);
    await expect(readAudioFile(path, { sampleRate: 0.5 })).rejects.toThrow(
      /rates must be positive whole numbers/,
    );
  });

  it("names a file with samples that are no numbers, but not for a part without them", async () => {
    const path = join(await temporaryFolder(), "a.wav");
    // Floats that a program wrote as if they were whole numbers of 32 bits can be worked with.
    const values = Float32Array.from({ length: 1000 }, () => 2 ** 31);
    for (const value of [NaN, Infinity, -Infinity, 1e38]) {
      values[700] = value;
      const data = new Uint8Array(values.buffer);
      await writeFile(path, wavFile({ tag: 3, bits: 32, sampleRate: 1000, data }));
      await expect(readAudioFile(path)).rejects.toThrow(
        `${path}: it holds samples that are NaN, infinite or far beyond full scale`,
      );
      await expect(readAudioFile(path, { sampleRate: 2000 })).rejects.toThrow(/NaN, infinite/);
      expect((await readAudioFile(path, { duration: 0.7 })).samples).toHaveLength(700);
    }
  });

  it("has ceil(frames * to / from) samples at another rate", async () => {
    const { samples, sampleRate } = await readAudioFile(audioFixturePath("signal.flac"), {
      sampleRate: 16_000,
    });
    expect(sampleRate).toBe(16_000);
    expect(samples).toHaveLength(16_000);
    const part = await readAudioFile(audioFixturePath("signal.flac"), { sampleRate: 16_000, duration: 0.1 });
    // 0.1 s are 2,205 frames: 2205 * 16000 / 22050 = 1600.
    expect(part.samples).toHaveLength(1600);
  });
});

describe("openAudioFile", () => {
  it("says what is in it without decoding it", async () => {
    const file = await openAudioFile(audioFixturePath("signal.mp3"));
    expect(file.info).toEqual({
      format: "mp3",
      codec: "MPEG-2 layer III",
      sampleRate: 22_050,
      channels: 2,
      bitDepth: undefined,
      frames: 22_050,
      duration: 1,
      warnings: [],
    });
    await file.close();
  });

  it("names what cannot be read, and why", async () => {
    const folder = await temporaryFolder();
    const path = (name: string): string => join(folder, name);
    await writeFile(path("empty.wav"), "");
    await writeFile(path("text.wav"), "this is not sound");
    await mkdir(path("folder.wav"));
    await symlink(path("loop.wav"), path("loop.wav"));
    const expected: Readonly<Record<string, string>> = {
      "missing.wav": "cannot be read: no such file",
      "empty.wav": "an empty file (0 bytes)",
      "text.wav": 'not a recording in a known format: it begins with "this is not ";',
      "folder.wav": "a folder",
      "loop.wav": "cannot be read: a loop of symbolic links",
    };
    for (const [name, problem] of Object.entries(expected)) {
      expect(await problemOf(path(name))).toContain(`AuricleError ${path(name)}: ${problem}`);
    }
  });

  it("names a file that it may not read", async () => {
    const path = join(await temporaryFolder(), "secret.wav");
    await writeFile(path, ramp(10));
    await chmod(path, 0);
    // Root may read everything: become nobody for a moment.
    const user = process.geteuid?.();
    if (user === 0) process.seteuid?.(65_534);
    const problem = await problemOf(path);
    if (user === 0) process.seteuid?.(0);
    expect(problem).toBe(`AuricleError ${path}: cannot be read: permission denied`);
  });
});
