import { describe, expect, it } from "vitest";
import { memorySource } from "./byte-source.ts";
import { decodeAudio } from "./decode-audio.ts";
import { openAudio } from "./open-audio.ts";
import { aiffFile, auFile, chunk, joinBytes, packed, wavFile, type WavFields } from "./testing/containers.ts";

/** Six little-endian samples of `sampleBytes` bytes each, for one, two or three channels. */
function littleBytes(sampleBytes: number): Uint8Array {
  return Uint8Array.from({ length: 6 * sampleBytes }, (_, i) => (i * 89 + 41) & 255);
}

/** The six samples that `data` encodes, from -1 to 1: signed integers, or unsigned ones where a sample is one byte. */
function meaningOf(data: Uint8Array, sampleBytes: number): number[] {
  return Array.from({ length: 6 }, (_, i) => {
    const bytes = Array.from(data.subarray(i * sampleBytes, (i + 1) * sampleBytes));
    if (sampleBytes === 1) return (bytes[0] - 128) / 128;
    const unsigned = bytes.reduce((sum, byte, place) => sum + byte * 256 ** place, 0);
    const full = 256 ** sampleBytes;
    return Math.fround((unsigned >= full / 2 ? unsigned - full : unsigned) / (full / 2));
  });
}

async function interleaved(bytes: Uint8Array): Promise<number[]> {
  const { channels } = await decodeAudio(bytes, "x.wav");
  const frames = channels[0].length;
  return Array.from({ length: frames * channels.length }, (_, i) => {
    return channels[i % channels.length][Math.floor(i / channels.length)];
  });
}

async function infoOf(bytes: Uint8Array) {
  return (await openAudio(memorySource(bytes, "x.wav"))).info;
}

/** The end of WAVE_FORMAT_EXTENSIBLE: its length, valid bits, loudspeakers, and a GUID that begins with the tag. */
function extensible(validBits: number): Uint8Array {
  const rest = Uint8Array.of(0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113);
  return packed("little", { u16: 22 }, { u16: validBits }, { u32: 0 }, { u16: 1 }, rest);
}

describe("block align against bits", () => {
  const cases = [8, 12, 16, 20, 24, 32].flatMap((bits) =>
    [1, 2, 3].flatMap((channels) =>
      [0, 1, 2, 4, 6, 8, 2 * channels * bits].map((frameBytes) => ({ bits, channels, frameBytes })),
    ),
  );

  it("the bits decide, and a contradiction is a warning: 126 headers", async () => {
    for (const { bits, channels, frameBytes } of cases) {
      const sampleBytes = Math.ceil(bits / 8);
      const inFourBytes = sampleBytes === 3 && frameBytes === 4 * channels;
      if (inFourBytes) continue;
      const data = littleBytes(sampleBytes);
      const wanted = meaningOf(data, sampleBytes);
      const plain = wavFile({ tag: 1, bits, channels, frameBytes, data });
      const extended = wavFile({
        tag: 0xfffe,
        bits: 8 * sampleBytes,
        channels,
        frameBytes,
        data,
        extension: extensible(bits),
      });
      for (const bytes of [plain, extended]) {
        expect(await interleaved(bytes), `${bits} ${channels} ${frameBytes}`).toEqual(wanted);
        const { warnings, frames } = await infoOf(bytes);
        expect(frames).toBe(6 / channels);
        const contradiction = [expect.stringContaining("the header contradicts itself") as unknown];
        expect(warnings).toEqual(frameBytes === sampleBytes * channels ? [] : contradiction);
      }
    }
  });

  it("says what contradicts what", async () => {
    const { warnings } = await infoOf(wavFile({ tag: 1, bits: 16, frameBytes: 4, data: littleBytes(2) }));
    expect(warnings).toEqual([
      "the header contradicts itself: 1 sample of 16 bits in 4 bytes; read as 16-bit PCM, 2 bytes a frame",
    ]);
  });

  it.each([1, 2])("24 and 20 bits in 4 bytes, %i channels: the highest 24 of 32", async (channels) => {
    const data = littleBytes(4);
    for (const bits of [24, 20]) {
      const bytes = wavFile({ tag: 1, bits, channels, frameBytes: 4 * channels, data });
      expect(await interleaved(bytes)).toEqual(meaningOf(data, 4));
      expect((await infoOf(bytes)).warnings).toEqual([]);
    }
  });

  it("without a number of bits that makes sense the blocks decide", async () => {
    const data = littleBytes(2);
    expect(await interleaved(wavFile({ tag: 1, bits: 0, frameBytes: 2, data }))).toEqual(meaningOf(data, 2));
    // A fmt chunk of 14 bytes, from before there was such a number.
    const format = packed("little", { u16: 1 }, { u16: 1 }, { u32: 8000 }, { u32: 16_000 }, { u16: 2 });
    const body = joinBytes(chunk("little", "fmt ", format), chunk("little", "data", data));
    const old = packed("little", { text: "RIFF" }, { u32: body.length + 4 }, { text: "WAVE" }, body);
    expect(await interleaved(old)).toEqual(meaningOf(data, 2));
  });

  it("floats and mu-law are what they are, whatever the blocks say", async () => {
    const floats = packed("little", { u32: 0x3f400000 }, { u32: 0xbfc00000 });
    expect(await interleaved(wavFile({ tag: 3, bits: 32, frameBytes: 8, data: floats }))).toEqual([
      0.75, -1.5,
    ]);
    const law = wavFile({ tag: 7, bits: 16, frameBytes: 2, data: Uint8Array.of(0, 128) });
    expect(await interleaved(law)).toEqual([-32124 / 32768, 32124 / 32768]);
  });
});

describe("chunks", () => {
  const data = littleBytes(2);
  const wanted = meaningOf(data, 2);

  it("padding that was forgotten, before the format and before the samples", async () => {
    const list = packed("little", { text: "LIST" }, { u32: 7 }, { text: "INFO123" });
    const format = packed(
      "little",
      { u16: 1 },
      { u16: 1 },
      { u32: 8000 },
      { u32: 16_000 },
      { u16: 2 },
      { u16: 16 },
    );
    const chunks = [list, chunk("little", "fmt ", format), list, chunk("little", "data", data)];
    const body = joinBytes(...chunks);
    const bytes = packed("little", { text: "RIFF" }, { u32: body.length + 4 }, { text: "WAVE" }, body);
    expect(await interleaved(bytes)).toEqual(wanted);
  });

  it("an odd number of bytes: the last is no sample", async () => {
    const odd = joinBytes(data, Uint8Array.of(1));
    expect(await interleaved(wavFile({ tag: 1, bits: 16, data: odd }))).toEqual(wanted);
  });

  it("RIFX: all of it big-endian", async () => {
    const big = data.map((_, i) => data[i ^ 1]);
    const format = packed(
      "big",
      { u16: 1 },
      { u16: 1 },
      { u32: 8000 },
      { u32: 16_000 },
      { u16: 2 },
      { u16: 16 },
    );
    const body = joinBytes(chunk("big", "fmt ", format), chunk("big", "data", big));
    const bytes = packed("big", { text: "RIFX" }, { u32: body.length + 4 }, { text: "WAVE" }, body);
    expect(await interleaved(bytes)).toEqual(wanted);
  });
});

describe("sizes that the writer did not know", () => {
  const data = littleBytes(2);
  /** sox, lame --decode, opusdec, FFmpeg, arecord; and round them. */
  const sizes = [
    0x7ffff000, 0x7fffffff, 0x7fffff00, 0x7fffffdb, 0x80000000, 0x80000024, 0xffffffff, 0xffffffd0,
    0xfffffff0, 0x7f000000,
  ];

  it.each(sizes)("wav, %i bytes: the length is the file's, and nothing is wrong", async (size) => {
    for (const riffSize of [size, size + 36, 48]) {
      const bytes = wavFile({ tag: 1, bits: 16, data, dataSize: size, riffSize: riffSize % 2 ** 32 });
      expect(await infoOf(bytes)).toMatchObject({ frames: 6, warnings: [] });
      expect(await interleaved(bytes)).toEqual(meaningOf(data, 2));
    }
  });

  it.each([...sizes, 0])("au and aiff, %i bytes", async (size) => {
    expect(await infoOf(auFile(3, data, 1, size))).toMatchObject({ frames: 6, warnings: [] });
    // COMM counts frames, here of two bytes; the size of the sound's chunk is as unknown.
    for (const frames of [size, Math.floor(size / 2)]) {
      const aiff = aiffFile(16, data, frames, 1, undefined, size);
      expect(await infoOf(aiff)).toMatchObject({ frames: 6, warnings: [] });
    }
  });

  it("aiff without a number of frames: the chunk's size says it", async () => {
    const trailing = joinBytes(aiffFile(16, data, 0), chunk("big", "ANNO", littleBytes(1)));
    expect(await infoOf(trailing)).toMatchObject({ frames: 6, warnings: [] });
  });

  it("a recording that was cut off says so", async () => {
    const truncated = [expect.stringMatching(/^truncated: /) as unknown];
    for (const size of [1000, 30_000_000, 0x70000000, 0xf0000000]) {
      expect((await infoOf(wavFile({ tag: 1, bits: 16, data, dataSize: size }))).warnings).toEqual(truncated);
      expect((await infoOf(auFile(3, data, 1, size))).warnings).toEqual(truncated);
      expect((await infoOf(aiffFile(16, data, size / 2))).warnings).toEqual(truncated);
    }
    const fields: WavFields = { tag: 17, bits: 4, frameBytes: 36, data: new Uint8Array(80), dataSize: 360 };
    // 10 blocks of 65 samples; two, and 1 + 8 * 1 samples are there.
    expect(await infoOf(wavFile(fields))).toMatchObject({
      frames: 139,
      warnings: ["truncated: the header says 0.1 s, the file holds 0.0 s"],
    });
  });
});
