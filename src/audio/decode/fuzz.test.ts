import { describe, expect, it, vi } from "vitest";
import { AuricleError } from "../../errors.ts";
import { Generator } from "../../random/generator.ts";
import { FUZZ_TIMES } from "../../testing/fuzz.ts";
import { memorySource } from "./byte-source.ts";
import { openAudio } from "./open-audio.ts";
import { readMono } from "./read-mono.ts";
import {
  aiffFile,
  auFile,
  cafFile,
  chunk,
  joinBytes,
  sphereFile,
  w64File,
  wavFile,
} from "./testing/containers.ts";
import { flacFile } from "./testing/flac-writer.ts";
import { aacTrackOf, fragmentedFile } from "./testing/mp4-writer.ts";
import { oggFile, packetsOf } from "./testing/ogg-writer.ts";
import { audioFixture } from "./testing/signal.ts";

/** The number of rounds for each file; decoders that are programs of their own take longer. */
const ROUNDS = { parsers: 300 * FUZZ_TIMES, decoders: 40 * FUZZ_TIMES };

/** Beginnings of files are tried with every length up to this, in bytes: most headers end before. */
const LONGEST_BEGINNING = 250;

const SOUND = Uint8Array.from({ length: 200 }, (_, i) => i);

function floats(count: number): Uint8Array {
  const bytes = new Uint8Array(4 * count);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) view.setFloat32(4 * i, Math.sin(i), false);
  return bytes;
}

/** Small files, so that most changes hit a header. */
const FILES: Readonly<Record<string, () => Uint8Array | Promise<Uint8Array>>> = {
  wav: () => wavFile({ tag: 1, bits: 16, data: SOUND, channels: 2, before: chunk("little", "LIST", SOUND) }),
  aiff: () => aiffFile(16, SOUND, 50, 2),
  aifc: () => aiffFile(32, floats(50), 50, 1, "fl32"),
  au: () => auFile(3, SOUND, 2),
  caf: () => cafFile({ format: "lpcm", packetBytes: 4, channels: 2, bits: 16, data: SOUND }),
  w64: () => w64File(wavFile({ tag: 1, bits: 16, data: SOUND }).subarray(20, 36), SOUND),
  sphere: () => sphereFile(["sample_rate -i 8000", "sample_n_bytes -i 2", "channel_count -i 1"], SOUND),
  "adpcm.wav": () => audioFixture("adpcm.wav").subarray(0, 1600),
  "adpcm-ima.wav": () => audioFixture("adpcm-ima.wav").subarray(0, 1600),
  "ima4.aifc": () => audioFixture("ima4.aifc").subarray(0, 1000),
  "ima4.caf": () => audioFixture("ima4.caf").subarray(0, 1000),
  webm: () => audioFixture("signal-opus.webm").subarray(0, 2500),
  flac: () => flacFile({ samples: new Int16Array(300).fill(77), blockSize: 64 }),
  mp3: () => audioFixture("signal.mp3").subarray(0, 2000),
  m4a: () => audioFixture("signal.m4a"),
  "fragmented.mp4": async () =>
    fragmentedFile(await aacTrackOf(audioFixture("noise.m4a"), 1, 22_050), {
      base: "default",
      durations: "packet",
      perFragment: 4,
      secondOffset: false,
      edits: [{ duration: 300, mediaTime: 1024 }],
    }),
  aac: () => audioFixture("signal.aac").subarray(0, 1500),
};

/** Numbers that a hostile header holds. */
const NUMBERS = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0,
];

type Mutation = (bytes: Uint8Array, generator: Generator) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  function flipBits(bytes, generator) {
    const result = bytes.slice();
    for (let count = 1 + generator.integer(4); count > 0; count--) {
      result[generator.integer(result.length)] ^= 1 << generator.integer(8);
    }
    return result;
  },
  function putNumber(bytes, generator) {
    const result = bytes.slice();
    const at = generator.integer(Math.min(result.length - 4, 700));
    const value = NUMBERS[generator.integer(NUMBERS.length)];
    new DataView(result.buffer).setUint32(at, value, generator.uniform() < 0.5);
    return result;
  },
  function cut(bytes, generator) {
    return bytes.slice(0, generator.integer(bytes.length));
  },
  function remove(bytes, generator) {
    const begin = generator.integer(bytes.length);
    return joinBytes(bytes.subarray(0, begin), bytes.subarray(begin + 1 + generator.integer(40)));
  },
  function repeat(bytes, generator) {
    const begin = generator.integer(bytes.length);
    const end = begin + generator.integer(300);
    return joinBytes(bytes.subarray(0, end), bytes.subarray(begin));
  },
];

/** The samples, or the code of the error; anything else fails. Nothing may take longer than the test, nor more memory. */
async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    const reader = await openAudio(memorySource(bytes, "fuzz"));
    const { samples } = await readMono(reader, "fuzz");
    await readMono(reader, "fuzz", {
      start: 0.4 * (samples.length / reader.info.sampleRate),
      duration: 0.01,
    });
    // A frame of the densest format, silence in flac, has 65,535 samples in some 10 bytes.
    expect(samples.length).toBeLessThanOrEqual(7000 * bytes.length);
    return "samples";
  } catch (error) {
    if (!(error instanceof AuricleError)) throw error;
    expect(error.message).toMatch(/^fuzz: /);
    return error.code;
  }
}

describe("damaged files", () => {
  it.each(Object.keys(FILES))("%s: an error that names the file, or samples", async (name) => {
    // The libraries that decode write to the console what they find.
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const original = await FILES[name]();
    expect(await outcome(original)).toBe("samples");
    const generator = new Generator(11);
    const counts: Record<string, number> = {};
    for (
      let round = 0;
      round < (!/^(flac|mp3|m4a|aac|fragmented)/.test(name) ? ROUNDS.parsers : ROUNDS.decoders);
      round++
    ) {
      const mutate = MUTATIONS[round % MUTATIONS.length];
      let bytes = mutate(original, generator);
      if (generator.uniform() < 0.3 && bytes.length > 8) bytes = MUTATIONS[0](bytes, generator);
      const result = await outcome(bytes);
      counts[result] = (counts[result] ?? 0) + 1;
    }
    expect(Object.keys(counts).filter((key) => !["samples", "file", "argument"].includes(key))).toEqual([]);
    // Both happen, so both were tested.
    expect(counts["file"]).toBeGreaterThan(0);
    expect(counts["samples"]).toBeGreaterThan(0);
    vi.restoreAllMocks();
  });

  it.each([...Object.keys(FILES), "signal.ogg", "signal.opus"])("%s: each beginning", async (name) => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const original = await (FILES[name]?.() ?? audioFixture(name));
    for (let length = 0; length < Math.min(LONGEST_BEGINNING, original.length); length++)
      expect(["samples", "file", "argument"]).toContain(await outcome(original.slice(0, length)));
    vi.restoreAllMocks();
  });

  it.each([
    ["signal.ogg", 3],
    ["signal.opus", 2],
    ["signal-flac.ogg", 2],
  ])("%s: packets that are damaged inside of sound pages", async (name, headers) => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const packets = (await packetsOf(audioFixture(name))).slice(0, headers + 12);
    const generator = new Generator(12);
    for (let round = 0; round < ROUNDS.decoders; round++) {
      const victim = generator.integer(packets.length);
      const mutate = MUTATIONS[round % MUTATIONS.length];
      const damaged = packets.map((packet, i) =>
        i === victim && packet.length > 8 ? mutate(packet, generator) : packet,
      );
      const pages = damaged.map((packet, i) => ({
        packets: [packet.subarray(0, 60_000)],
        granule: i < headers ? 0 : (i - headers + 1) * 960,
        flags: i === 0 ? 2 : i === damaged.length - 1 ? 4 : 0,
      }));
      expect(["samples", "file", "argument"]).toContain(await outcome(oggFile(pages)));
    }
    vi.restoreAllMocks();
  });
});
