import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Audio } from "../audio.ts";
import { memorySource } from "./byte-source.ts";
import { decodeAudio } from "./decode-audio.ts";
import { openAudio } from "./open-audio.ts";
import { readMono } from "./read-mono.ts";
import { packed, wavFile } from "./testing/containers.ts";
import { audioFixture, fixtureSignal, signalToNoise } from "./testing/signal.ts";

/**
 * SHA-256 of the samples as interleaved little-endian numbers of 16 bits, by libsndfile 1.2.2 through Python's soundfile:
 * `soundfile.read(name, dtype="int16")[0][:frames].astype("<i2").tobytes()`. libsndfile does not read ima4 in caf; the
 * packets are those of the aiff-c file.
 */
const FILES: readonly { name: string; codec: string; frames: number; hash: string }[] = [
  {
    name: "adpcm.wav",
    codec: "Microsoft ADPCM",
    frames: 2205,
    hash: "0317fb767106b3b09c105aaf3d5b0f8ec2f29d3f910d95ef8070aea7cd14d40c",
  },
  {
    name: "adpcm-ima.wav",
    codec: "IMA ADPCM",
    frames: 2205,
    hash: "0d24282299a00d2fcca6d3f5430a75768f645e2aa00d7f6e635ad04e1223e389",
  },
  {
    name: "ima4.aifc",
    codec: "IMA ADPCM",
    frames: 2240,
    hash: "471d5b72d7e86a7fb371ea0838fb9f342a5804cefa1a1e1e158d1903bd6b8c94",
  },
  {
    name: "ima4.caf",
    codec: "IMA ADPCM",
    frames: 2240,
    hash: "471d5b72d7e86a7fb371ea0838fb9f342a5804cefa1a1e1e158d1903bd6b8c94",
  },
];

function hashOf({ channels }: Audio): string {
  const whole = new Int16Array(channels.length * channels[0].length);
  channels.forEach((samples, channel) => {
    samples.forEach((value, i) => (whole[i * channels.length + channel] = value * 32768));
  });
  return createHash("sha256").update(new Uint8Array(whole.buffer)).digest("hex");
}

/** Bytes 0, 1, 2, … scrambled: any code, also in headers. */
function anyBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 167 + (i >> 3) * 59) & 255);
}

describe("adpcm", () => {
  it.each(FILES)("$name: the bits of libsndfile, and the signal", async ({ name, codec, frames, hash }) => {
    const { info } = await openAudio(memorySource(audioFixture(name), name));
    expect(info).toMatchObject({ codec, frames, channels: 2, sampleRate: 22_050, warnings: [] });
    const audio = await decodeAudio(audioFixture(name), name);
    expect(hashOf(audio)).toBe(hash);
    audio.channels.forEach((samples, c) => {
      expect(signalToNoise(samples, fixtureSignal(22_050)[c], 200, 2100)).toBeGreaterThan(15);
    });
  });

  // Tag, channels, bytes of a block.
  it.each([
    [2, 1, 32],
    [2, 2, 256],
    [17, 1, 36],
    [17, 2, 256],
    [17, 5, 400],
  ])(
    "tag %i, %i channels in blocks of %i bytes: parts are those of the whole",
    async (tag, channels, block) => {
      // Four blocks and a half.
      const data = anyBytes(4.5 * block);
      const extension = packed("little", { u16: 2 }, { u16: 0 });
      const fields = { tag, bits: 4, channels, frameBytes: block, extension, data };
      const reader = await openAudio(memorySource(wavFile(fields), "x"));
      // Microsoft: 2 samples in 7 bytes, then 2 a byte. IMA: 1 sample in 4 bytes, then 8 samples in 4 bytes.
      const inBlock = (bytes: number): number =>
        tag === 2
          ? 2 + (2 * (bytes - 7 * channels)) / channels
          : 1 + 8 * Math.floor((bytes - 4 * channels) / (4 * channels));
      const frames = 4 * inBlock(block) + inBlock(block / 2);
      expect(reader.info.frames).toBe(frames);
      const whole = await readMono(reader, "x");
      expect(whole.samples).toHaveLength(frames);
      for (let start = 0; start < frames; start += 13) {
        const part = await readMono(reader, "x", { start: start / 8000, duration: 20 / 8000 });
        expect(part.samples).toEqual(whole.samples.slice(start, start + 20));
      }
    },
  );

  it("the number of samples takes off what fills up the last block, and nothing more", async () => {
    const fact = (frames: number): Uint8Array =>
      packed("little", { text: "fact" }, { u32: 4 }, { u32: frames });
    const framesWith = async (claimed: number): Promise<number | undefined> => {
      const fields = { tag: 17, bits: 4, frameBytes: 36, data: anyBytes(72), before: fact(claimed) };
      return (await openAudio(memorySource(wavFile(fields), "x"))).info.frames;
    };
    // Two blocks of 1 + 8 * 8 samples.
    expect(await framesWith(100)).toBe(100);
    expect(await framesWith(130)).toBe(130);
    expect(await framesWith(60)).toBe(130);
    expect(await framesWith(1000)).toBe(130);
  });

  it("codes of other sizes, and more channels than Microsoft's has, are named", async () => {
    const open = (fields: object): Promise<unknown> =>
      decodeAudio(wavFile({ tag: 2, bits: 4, frameBytes: 64, data: anyBytes(64), ...fields }), "x.wav");
    await expect(open({ channels: 3 })).rejects.toThrow(/Microsoft ADPCM are not supported; convert it/);
    await expect(open({ tag: 17, bits: 3 })).rejects.toThrow(/IMA ADPCM are not supported/);
    await expect(open({ frameBytes: 6 })).rejects.toThrow(/Microsoft ADPCM are not supported/);
  });
});
