import { describe, expect, it } from "vitest";
import { memorySource } from "./byte-source.ts";
import { decodeAudio } from "./decode-audio.ts";
import { openAudio } from "./open-audio.ts";
import {
  auFile,
  cafFile,
  joinBytes,
  packed,
  sphereFile,
  w64File,
  wavFile,
  type CafFields,
} from "./testing/containers.ts";

/** 0.5 and -0.25 as signed numbers of 16 bits: 0x4000 and 0xe000. */
const BIG = Uint8Array.of(0x40, 0, 0xe0, 0);
const LITTLE = Uint8Array.of(0, 0x40, 0, 0xe0);

async function samplesOf(bytes: Uint8Array): Promise<number[][]> {
  const audio = await decodeAudio(bytes, "x");
  expect(audio.sampleRate).toBe(8000);
  return audio.channels.map((channel) => Array.from(channel));
}

async function infoOf(bytes: Uint8Array) {
  return (await openAudio(memorySource(bytes, "x"))).info;
}

describe("caf", () => {
  const caf = (fields: Partial<CafFields>): Uint8Array =>
    cafFile({ format: "lpcm", packetBytes: 2, bits: 16, data: BIG, ...fields });

  it("whole numbers and floats, in both orders", async () => {
    expect(await samplesOf(caf({}))).toEqual([[0.5, -0.25]]);
    expect(await samplesOf(caf({ flags: 2, data: LITTLE }))).toEqual([[0.5, -0.25]]);
    expect(await samplesOf(caf({ packetBytes: 4, channels: 2 }))).toEqual([[0.5], [-0.25]]);
    expect(await samplesOf(caf({ packetBytes: 1, bits: 8, data: Uint8Array.of(0x40, 0xe0) }))).toEqual([
      [0.5, -0.25],
    ]);
    const three = Uint8Array.of(0x40, 0, 0, 0xe0, 0, 0);
    expect(await samplesOf(caf({ packetBytes: 3, bits: 24, data: three }))).toEqual([[0.5, -0.25]]);
    const four = Uint8Array.of(0, 0, 0, 0x40, 0, 0, 0, 0xe0);
    expect(await samplesOf(caf({ packetBytes: 4, bits: 32, flags: 2, data: four }))).toEqual([[0.5, -0.25]]);
    // 0.75 as float32 and float64.
    const float = packed("big", { u32: 0x3f400000 });
    expect(await samplesOf(caf({ packetBytes: 4, bits: 32, flags: 1, data: float }))).toEqual([[0.75]]);
    const double = packed("little", { f64: 0.75 });
    expect(await samplesOf(caf({ packetBytes: 8, bits: 64, flags: 3, data: double }))).toEqual([[0.75]]);
  });

  it("mu-law and A-law", async () => {
    const law = { packetBytes: 1, bits: 8, data: Uint8Array.of(0x80) };
    expect(await samplesOf(caf({ ...law, format: "ulaw" }))).toEqual([[32124 / 32768]]);
    expect(await samplesOf(caf({ ...law, format: "alaw", data: Uint8Array.of(0xaa) }))).toEqual([
      [32256 / 32768],
    ]);
  });

  it("of unknown size it goes on to the file's end", async () => {
    for (const dataSize of [-1, 0]) {
      expect(await samplesOf(caf({ dataSize }))).toEqual([[0.5, -0.25]]);
      expect((await infoOf(caf({ dataSize }))).warnings).toEqual([]);
    }
  });

  it("the packet table takes off what fills up the last packet", async () => {
    const table = packed("big", { u64: 1 }, { u64: 50 }, { u32: 0 }, { u32: 14 });
    const before = packed("big", { text: "pakt" }, { u64: table.length }, table);
    const fields = { format: "ima4", packetBytes: 34, packetFrames: 64, data: new Uint8Array(34) };
    expect((await infoOf(cafFile({ ...fields, before }))).frames).toBe(50);
    expect((await infoOf(cafFile(fields))).frames).toBe(64);
  });

  it("truncated, and what cannot be decoded", async () => {
    expect((await infoOf(caf({ dataSize: 16_004 }))).warnings).toEqual([
      "truncated: the header says 1.0 s, the file holds 0.0 s",
    ]);
    await expect(samplesOf(caf({ format: "MAC3" }))).rejects.toThrow(
      /caf files with "MAC3" of 16 bits are not supported; convert it/,
    );
    await expect(samplesOf(caf({}).subarray(0, 52))).rejects.toThrow(/without samples/);
  });
});

describe("w64", () => {
  const format = wavFile({ tag: 1, bits: 16, data: LITTLE }).subarray(20, 36);

  it("what a wav file may hold, with sizes of 64 bits", async () => {
    expect(await samplesOf(w64File(format, LITTLE))).toEqual([[0.5, -0.25]]);
    expect(await infoOf(w64File(format, LITTLE))).toMatchObject({ format: "w64", warnings: [] });
  });

  it("sizes that were never filled in", async () => {
    // Eight bytes, so that no padding follows.
    const data = joinBytes(LITTLE, LITTLE);
    for (const size of [0, 24, -1]) {
      expect(await samplesOf(w64File(format, data, size))).toEqual([[0.5, -0.25, 0.5, -0.25]]);
    }
  });
});

describe("sphere", () => {
  const fields = (...more: string[]): string[] => ["sample_rate -i 8000", "sample_n_bytes -i 2", ...more];

  it("samples in both orders, of several channels, and mu-law", async () => {
    const big = "sample_byte_format -s2 10";
    expect(await samplesOf(sphereFile(fields(big), BIG))).toEqual([[0.5, -0.25]]);
    expect(await samplesOf(sphereFile(fields("sample_byte_format -s2 01"), LITTLE))).toEqual([[0.5, -0.25]]);
    expect(await samplesOf(sphereFile(fields(big, "channel_count -i 2"), BIG))).toEqual([[0.5], [-0.25]]);
    expect(await samplesOf(sphereFile(fields("sample_coding -s4 ulaw"), Uint8Array.of(0x80)))).toEqual([
      [32124 / 32768],
    ]);
  });

  it("the number of samples is that of each channel", async () => {
    const short = fields("sample_byte_format -s2 10", "sample_count -i 1");
    expect(await samplesOf(sphereFile(short, BIG))).toEqual([[0.5]]);
    expect((await infoOf(sphereFile(fields("sample_count -i 8000"), BIG))).warnings).toEqual([
      "truncated: the header says 1.0 s, the file holds 0.0 s",
    ]);
  });

  it("names what is compressed", async () => {
    const shortened = fields("sample_coding -s26 pcm,embedded-shorten-v2.00");
    await expect(samplesOf(sphereFile(shortened, BIG))).rejects.toThrow(
      /samples in "pcm,embedded-shorten-v2.00", which cannot be decoded; convert it with sph2pipe/,
    );
  });
});

describe("au", () => {
  it("little-endian ones", async () => {
    const bytes = auFile(3, LITTLE);
    const swapped = bytes.map((byte, i) => (i < 24 ? bytes[i ^ 3] : byte));
    expect(await samplesOf(swapped)).toEqual([[0.5, -0.25]]);
  });
});
