import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { memorySource } from "./byte-source.ts";
import { decodeAudio } from "./decode-audio.ts";
import { openAudio } from "./open-audio.ts";
import { aiffFile, auFile, chunk, joinBytes, packed, wavFile } from "./testing/containers.ts";

/** Two samples in big-endian order, and what they mean. */
const SIGNED: Readonly<Record<number, [number[], number[]]>> = {
  // -128 / 128 and 64 / 128
  8: [
    [0x80, 0x40],
    [-1, 0.5],
  ],
  // 0x7fff = 32767, 0xc000 = -16384
  16: [
    [0x7f, 0xff, 0xc0, 0x00],
    [32767 / 32768, -0.5],
  ],
  // 0x7fffff = 2^23 - 1, 0xffffff = -1
  24: [
    [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff],
    [1 - 2 ** -23, -(2 ** -23)],
  ],
  // -2^31, 2^29
  32: [
    [0x80, 0, 0, 0, 0x20, 0, 0, 0],
    [-1, 0.25],
  ],
};
/** IEEE 754: 0.75 = 0x3f400000 and 0x3fe8…, -1.5 = 0xbfc00000 and 0xbff8…. */
const FLOAT: Readonly<Record<number, [number[], number[]]>> = {
  32: [
    [0x3f, 0x40, 0, 0, 0xbf, 0xc0, 0, 0],
    [0.75, -1.5],
  ],
  64: [
    [0x3f, 0xe8, 0, 0, 0, 0, 0, 0, 0xbf, 0xf8, 0, 0, 0, 0, 0, 0],
    [0.75, -1.5],
  ],
};
/** G.711's largest and smallest values, as 16-bit numbers: mu-law +-32124 and 0, A-law +-32256 and +-8. */
const MU_LAW: [number[], number[]] = [
  [0x00, 0x80, 0xff, 0x7f],
  [-32124 / 32768, 32124 / 32768, 0, 0],
];
const A_LAW: [number[], number[]] = [
  [0x2a, 0xaa, 0x55, 0xd5],
  [-32256 / 32768, 32256 / 32768, -8 / 32768, 8 / 32768],
];

/** The samples' bytes the other way round. */
function reversed(bytes: readonly number[], bits: number): number[] {
  const size = bits / 8;
  return bytes.map((_, i) => bytes[i - (i % size) + size - 1 - (i % size)]);
}

async function samplesOf(bytes: Uint8Array): Promise<number[][]> {
  const audio = await decodeAudio(bytes, "test");
  expect(audio.sampleRate).toBe(8000);
  // Adding 0 takes the sign from a zero.
  return audio.channels.map((channel) => Array.from(channel, (value) => value + 0));
}

/** As float32 holds them. */
function rounded(values: readonly number[]): number[] {
  return values.map(Math.fround);
}

async function problemOf(bytes: Uint8Array): Promise<string> {
  const error: unknown = await decodeAudio(bytes, "x.wav").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AuricleError);
  const { code, message } = error instanceof AuricleError ? error : { code: "", message: "" };
  expect(code).toBe("file");
  expect(message).toMatch(/^x\.wav: /);
  return message;
}

describe("encodings", () => {
  for (const [bits, [bytes, values]] of Object.entries(SIGNED).map(([b, row]) => [Number(b), row] as const)) {
    it(`${bits}-bit whole numbers`, async () => {
      const little = reversed(bytes, bits);
      // wav counts 8-bit samples from 0 to 255 around 128.
      const wavBytes = bits === 8 ? bytes.map((byte) => byte ^ 0x80) : little;
      const expected = [rounded(values)];
      expect(await samplesOf(wavFile({ tag: 1, bits, data: Uint8Array.from(wavBytes) }))).toEqual(expected);
      expect(await samplesOf(aiffFile(bits, Uint8Array.from(bytes), 2))).toEqual(expected);
      expect(await samplesOf(aiffFile(bits, Uint8Array.from(little), 2, 1, "sowt"))).toEqual(expected);
      expect(await samplesOf(auFile(1 + bits / 8, Uint8Array.from(bytes)))).toEqual(expected);
    });
  }

  for (const [bits, [bytes, values]] of Object.entries(FLOAT).map(([b, row]) => [Number(b), row] as const)) {
    it(`${bits}-bit floats`, async () => {
      const expected = [rounded(values)];
      const little = Uint8Array.from(reversed(bytes, bits));
      expect(await samplesOf(wavFile({ tag: 3, bits, data: little }))).toEqual(expected);
      expect(await samplesOf(aiffFile(bits, Uint8Array.from(bytes), 2, 1, `fl${bits}`))).toEqual(expected);
      expect(await samplesOf(auFile(bits === 32 ? 6 : 7, Uint8Array.from(bytes)))).toEqual(expected);
    });
  }

  it.each([
    ["mu-law", MU_LAW, 7, "ulaw", 1],
    ["A-law", A_LAW, 6, "alaw", 27],
  ] as const)("%s", async (_, [bytes, values], tag, compression, encoding) => {
    const data = Uint8Array.from(bytes);
    expect(await samplesOf(wavFile({ tag, bits: 8, data }))).toEqual([rounded(values)]);
    expect(await samplesOf(aiffFile(8, data, 4, 1, compression))).toEqual([rounded(values)]);
    expect(await samplesOf(auFile(encoding, data))).toEqual([rounded(values)]);
  });

  it("several channels, sample by sample", async () => {
    const data = Uint8Array.of(0, 64, 0, 128, 0, 32, 0, 192, 0, 16, 0, 224);
    const expected = [
      [0.5, -0.5],
      [-1, 0.125],
      [0.25, -0.25],
    ];
    expect(await samplesOf(wavFile({ tag: 1, bits: 16, channels: 3, data }))).toEqual(expected);
  });
});

describe("places of samples", () => {
  it("are any address: 16 bits at even and at odd ones give the same", async () => {
    const samples = Uint8Array.from({ length: 400 }, (_, i) => (i * 7919) % 256);
    const file = wavFile({ tag: 1, channels: 2, bits: 16, data: samples });
    const moved = new Uint8Array(file.length + 1);
    moved.set(file, 1);
    const [even, odd] = [await decodeAudio(file.slice()), await decodeAudio(moved.subarray(1))];
    expect(odd.channels).toEqual(even.channels);
    const view = new DataView(samples.buffer);
    const right = Array.from({ length: 100 }, (_, i) => view.getInt16(4 * i + 2, true) / 32_768);
    expect([...even.channels[1]]).toEqual(right);
  });
});

describe("wav headers", () => {
  const data = Uint8Array.of(0, 64, 0, 128);
  const expected = [[0.5, -1]];

  it("extensible: the format is in the GUID", async () => {
    const guid = packed("little", { u16: 22 }, { u16: 16 }, { u32: 4 }, { u16: 1 }, new Uint8Array(14));
    expect(await samplesOf(wavFile({ tag: 0xfffe, bits: 16, data, extension: guid }))).toEqual(expected);
  });

  it("24 bits in a container of 32, the lowest 8 empty", async () => {
    const wide = Uint8Array.of(0, 0, 0, 64, 0, 0, 0, 128);
    expect(await samplesOf(wavFile({ tag: 1, bits: 24, frameBytes: 4, data: wide }))).toEqual(expected);
  });

  it("other chunks before the samples, of an odd length, too", async () => {
    const before = joinBytes(
      chunk("little", "LIST", new Uint8Array(7)),
      chunk("little", "bext", new Uint8Array(600)),
    );
    expect(await samplesOf(wavFile({ tag: 1, bits: 16, data, before }))).toEqual(expected);
  });

  it("RF64: the length is in the ds64 chunk", async () => {
    const sizes = chunk("little", "ds64", packed("little", { u32: 0 }, { u32: 0 }, { u32: 2 }, { u32: 0 }));
    const long = wavFile({ tag: 1, bits: 16, data, magic: "RF64", dataSize: 2 ** 32 - 1, before: sizes });
    expect(await samplesOf(long)).toEqual([[0.5]]);
  });

  it.each([
    ["written to a pipe", { dataSize: 2 ** 32 - 1 }, []],
    ["never completed", { dataSize: 0, riffSize: 0 }, ["never completed"]],
    // 4,000 bytes are 0.25 s at 8,000 Hz and 2 bytes; 4 bytes are there.
    ["truncated", { dataSize: 4000 }, ["truncated: the header says 0.3 s, the file holds 0.0 s"]],
    // 3,200,000,000 bytes are 200,000 s.
    ["claiming 3 GB", { dataSize: 3.2e9 }, ["truncated: the header says 200000.0 s"]],
  ])("%s: what is there is read", async (_, fields, warnings) => {
    const bytes = wavFile({ tag: 1, bits: 16, data, ...fields });
    expect(await samplesOf(bytes)).toEqual(expected);
    const { info } = await openAudio(memorySource(bytes, "test"));
    expect(info.frames).toBe(2);
    expect(info.warnings).toEqual(warnings.map((text) => expect.stringContaining(text) as unknown));
  });

  it("says what it cannot read", async () => {
    const broken = (fields: object): Promise<string> =>
      problemOf(wavFile({ tag: 1, bits: 16, data, ...fields }));
    expect(await broken({ tag: 2, bits: 4 })).toContain("Microsoft ADPCM are not supported");
    expect(await broken({ tag: 0x1234 })).toContain("format tag 4660");
    expect(await broken({ channels: 0, frameBytes: 2 })).toContain("0 channels");
    expect(await broken({ sampleRate: 0 })).toContain("sample rate of 0 Hz");
    expect(await broken({ data: new Uint8Array(0) })).toContain("no samples");
    expect(await problemOf(wavFile({ tag: 1, bits: 16, data }).subarray(0, 36))).toContain("no data chunk");
    expect(await problemOf(new Uint8Array(0))).toContain("empty file");
    expect(await problemOf(new TextEncoder().encode("path,label\n1.wav,rock"))).toContain(
      'begins with "path,label',
    );
  });
});

describe("aiff and au headers", () => {
  it("an au without a length goes on to the end, and its comment is skipped", async () => {
    expect(await samplesOf(auFile(3, Uint8Array.of(64, 0, 128, 0), 1, 2 ** 32 - 1))).toEqual([[0.5, -1]]);
  });

  it("truncated ones give what is there, and say so", async () => {
    for (const bytes of [
      auFile(3, Uint8Array.of(64, 0), 1, 80_000),
      aiffFile(16, Uint8Array.of(64, 0), 40_000),
    ]) {
      expect(await samplesOf(bytes)).toEqual([[0.5]]);
      const { info } = await openAudio(memorySource(bytes, "test"));
      expect(info.warnings).toEqual(["truncated: the header says 5.0 s, the file holds 0.0 s"]);
    }
  });

  it("says what it cannot read", async () => {
    expect(await problemOf(auFile(23, new Uint8Array(8)))).toContain("encoding 23");
    expect(await problemOf(aiffFile(16, new Uint8Array(8), 4, 1, "MAC3"))).toContain('"MAC3"');
    expect(await problemOf(aiffFile(16, new Uint8Array(0), 4))).toContain("no samples");
  });
});
