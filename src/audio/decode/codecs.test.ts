import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { memorySource } from "./byte-source.ts";
import { decodeAudio } from "./decode-audio.ts";
import { openAudio } from "./open-audio.ts";
import { readMono } from "./read-mono.ts";
import { audioFixture, fixtureSignal, signalToNoise } from "./testing/signal.ts";

const LOSSLESS = ["signal.flac", "signal-flac.ogg", "signal-alac.m4a"];

const LOSSY: readonly { name: string; rate: number; format: string }[] = [
  { name: "signal.mp3", rate: 22_050, format: "mp3" },
  { name: "signal.ogg", rate: 22_050, format: "ogg" },
  { name: "signal.opus", rate: 48_000, format: "ogg" },
  { name: "signal.m4a", rate: 22_050, format: "m4a" },
];

describe("lossless formats", () => {
  it.each(LOSSLESS)("%s gives the samples back exactly", async (name) => {
    const audio = await decodeAudio(audioFixture(name), name);
    const wanted = fixtureSignal(22_050);
    expect(audio.sampleRate).toBe(22_050);
    audio.channels.forEach((channel, c) => {
      // The encoder rounded to 16 bits; a value that lies half-way may have gone either way.
      const steps = channel.map((value, i) => Math.abs(value - wanted[c][i]) * 32768);
      expect(channel).toHaveLength(22_050);
      expect(Math.max(...steps)).toBeLessThan(0.51);
      expect(channel.every((value) => Number.isInteger(value * 32768))).toBe(true);
    });
  });

  it("the same bits in each of them", async () => {
    const [first, ...others] = await Promise.all(
      LOSSLESS.map((name) => decodeAudio(audioFixture(name), name)),
    );
    for (const other of others) expect(other).toEqual(first);
  });
});

describe("lossy formats", () => {
  it.each(LOSSY)("$name: the signal, at its place", async ({ name, rate, format }) => {
    const { info } = await openAudio(memorySource(audioFixture(name), name));
    expect(info).toMatchObject({
      format,
      sampleRate: rate,
      channels: 2,
      frames: rate,
      duration: 1,
      warnings: [],
    });
    const audio = await decodeAudio(audioFixture(name), name);
    const wanted = fixtureSignal(rate);
    expect(audio.channels).toHaveLength(2);
    audio.channels.forEach((channel, c) => {
      expect(channel).toHaveLength(rate);
      // Without the edges, where the encoder's windows reach beyond the sound.
      const [from, to] = [Math.round(0.05 * rate), Math.round(0.95 * rate)];
      const late = signalToNoise(channel.subarray(1), wanted[c], from, to);
      const right = signalToNoise(channel, wanted[c], from, to);
      const early = signalToNoise(channel, wanted[c].subarray(1), from, to);
      expect(right).toBeGreaterThan(16);
      expect(right).toBeGreaterThan(Math.max(late, early));
    });
  });

  it("an mp3 without a header keeps the delays of encoder and decoder: 576 + 529 samples", async () => {
    const audio = await decodeAudio(audioFixture("signal-without-header.mp3"), "x");
    // 41 frames of 576 samples.
    expect(audio.channels.map(({ length }) => length)).toEqual([23_616]);
    const [left, right] = fixtureSignal(22_050);
    const mean = left.map((value, i) => (value + right[i]) / 2);
    const shifted = audio.channels[0].subarray(576 + 529);
    expect(signalToNoise(shifted, mean, 1000, 20_000)).toBeGreaterThan(25);
  });

  it("layer II has no header, and 481 samples of delay", async () => {
    const audio = await decodeAudio(audioFixture("signal.mp2"), "x");
    const left = audio.channels[0].subarray(481);
    expect(signalToNoise(left, fixtureSignal(48_000)[0], 2000, 40_000)).toBeGreaterThan(25);
  });

  it("a bare AAC stream has no times in it: the sound is there, at its length within two frames", async () => {
    const { info } = await openAudio(memorySource(audioFixture("signal.aac"), "x"));
    const audio = await decodeAudio(audioFixture("signal.aac"), "x");
    expect(audio.channels[0]).toHaveLength(info.frames ?? 0);
    expect(Math.abs((info.duration ?? 0) - 1)).toBeLessThan((2 * 1024) / 22_050);
    const squares = audio.channels[0].reduce((sum, value) => sum + value ** 2, 0);
    // Of the left channel, in one second: (0.5^2 + 0.2^2) / 2.
    expect(squares / audio.sampleRate).toBeCloseTo(0.145, 2);
  });
});

describe("damage", () => {
  it.each([...LOSSLESS, ...LOSSY.map(({ name }) => name)])("three quarters of %s", async (name) => {
    const bytes = audioFixture(name);
    const part = bytes.subarray(0, 0.75 * bytes.length);
    if (name.endsWith(".m4a")) {
      // The index stands at the file's end.
      await expect(decodeAudio(part, name)).rejects.toThrow(/without its index/);
      return;
    }
    const { info } = await openAudio(memorySource(part, name));
    const audio = await decodeAudio(part, name);
    const whole = await decodeAudio(bytes, name);
    const [got, wanted] = [audio.channels[0], whole.channels[0]];
    expect(info.warnings.join()).toContain("truncated");
    expect(got.length).toBeGreaterThan(0.2 * wanted.length);
    expect(got.length).toBeLessThan(0.95 * wanted.length);
    // Vorbis and mp3 need what follows for their last samples.
    const sure = got.length - 2048;
    expect(got.subarray(0, sure)).toEqual(wanted.subarray(0, sure));
  });

  it("headers alone hold no samples", async () => {
    for (const name of ["signal.flac", "signal.ogg", "signal.opus", "signal.mp3"]) {
      const error: unknown = await decodeAudio(audioFixture(name).subarray(0, 90), name).catch(
        (e: unknown) => e,
      );
      expect(error).toBeInstanceOf(AuricleError);
      expect(error).toMatchObject({ code: "file" });
    }
  });

  it("two mp3 files one behind the other are read to the end", async () => {
    const bytes = audioFixture("signal.mp3");
    const both = new Uint8Array(2 * bytes.length);
    both.set(bytes);
    both.set(bytes, bytes.length);
    const audio = await decodeAudio(both, "x");
    expect(audio.channels[0].length).toBeGreaterThan(44_000);
  });

  it("a file of AAC headers without sound is refused by its beginning, whatever its length", async () => {
    const frame = [0xff, 0xf1, 0x50, 0x80, 0, 0xff, 0xfc];
    const hostile = Uint8Array.from({ length: 2 ** 22 }, (_, i) => frame[i % 7]);
    await expect(decodeAudio(hostile, "x")).rejects.toThrow(/nothing could be decoded/);
  });

  it("ID3 tags before any format are stepped over", async () => {
    // Version 2.3, no flags, 300 = 2 * 128 + 44 bytes.
    const tag = new Uint8Array(10 + 300);
    tag.set([0x49, 0x44, 0x33, 3, 0, 0, 0, 0, 2, 44]);
    for (const name of ["signal.mp3", "signal.flac", "signal.ogg"]) {
      const bytes = audioFixture(name);
      const tagged = new Uint8Array(tag.length + bytes.length);
      tagged.set(tag);
      tagged.set(bytes, tag.length);
      expect(await decodeAudio(tagged, name)).toEqual(await decodeAudio(bytes, name));
    }
  });
});

describe("parts", () => {
  const names = [...LOSSLESS, ...LOSSY.map(({ name }) => name), "signal.mp2", "signal.aac"];
  it.each(names)("of %s are the same bits as of the whole", async (name) => {
    const reader = await openAudio(memorySource(audioFixture(name), name));
    const whole = await readMono(reader, name);
    const part = await readMono(reader, name, { start: 0.4, duration: 0.2 });
    const first = Math.round(0.4 * whole.sampleRate);
    const last = first + Math.round(0.2 * whole.sampleRate);
    expect(part.samples).toEqual(whole.samples.slice(first, last));
  });
});
