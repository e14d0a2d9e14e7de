import { describe, expect, it } from "vitest";
import { Generator } from "../../random/generator.ts";
import { parseMpegFrame } from "./mpeg-frames.ts";
import { joinBytes, packed, wavFile } from "./testing/containers.ts";
import { decoded, openBytes } from "./testing/packets.ts";
import { audioFixture } from "./testing/signal.ts";

/** 41 frames of one channel, 22,050 Hz, layer III, without any header. */
const FRAMES = framesOfFixture("signal-without-header.mp3");
const SAMPLES = 576;

function framesOfFixture(name: string): Uint8Array[] {
  const bytes = audioFixture(name);
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = parseMpegFrame(bytes, at)?.bytes ?? bytes.length;
    frames.push(bytes.subarray(at, at + length));
    at += length;
  }
  return frames;
}

function id3v1(): Uint8Array {
  return packed("big", { text: `TAG${"x".repeat(125)}` });
}

/** A tag of the second version that holds `length` bytes. */
function id3v2(length: number): Uint8Array {
  const size = [21, 14, 7, 0].map((shift) => (length >> shift) & 0x7f);
  return joinBytes(Uint8Array.of(0x49, 0x44, 0x33, 4, 0, 0, ...size), new Uint8Array(length).fill(0x58));
}

function apeTag(length: number): Uint8Array {
  const header = [{ u32: 2000 }, { u32: length }, { u32: 1 }, { u32: 0 }, { u32: 0 }, { u32: 0 }];
  return packed("little", { text: "APETAGEX" }, ...header, new Uint8Array(length));
}

/** The first channel, and the warnings. */
async function leftOf(bytes: Uint8Array): Promise<{ samples: Float32Array; warnings: readonly string[] }> {
  const reader = await openBytes(bytes);
  const [samples] = await decoded(reader);
  expect(reader.info.frames).toBe(samples.length);
  return { samples, warnings: reader.info.warnings };
}

const whole = joinBytes(...FRAMES);

describe("short files", () => {
  it.each([1, 2, 3])("%i frames, with and without tags", async (count) => {
    const sound = joinBytes(...FRAMES.slice(0, count));
    for (const bytes of [
      sound,
      joinBytes(sound, id3v1()),
      joinBytes(id3v2(50), sound, apeTag(90), id3v1()),
      joinBytes(sound, id3v2(20)),
    ]) {
      const { samples, warnings } = await leftOf(bytes);
      expect(samples).toHaveLength(count * SAMPLES);
      expect(warnings).toEqual([]);
    }
  });

  it("cut off in the second or third frame", async () => {
    for (const count of [1, 2]) {
      const bytes = joinBytes(...FRAMES.slice(0, count), FRAMES[count].subarray(0, 30));
      expect((await leftOf(bytes)).samples).toHaveLength(count * SAMPLES);
    }
  });
});

describe("what stands before the sound", () => {
  it("zeros and other bytes, up to a mebibyte", async () => {
    const { samples: wanted } = await leftOf(whole);
    for (const length of [3, 70_000, 2 ** 20 - 1000]) {
      expect((await leftOf(joinBytes(new Uint8Array(length), whole))).samples).toEqual(wanted);
    }
    const noise = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) >> 4);
    expect((await leftOf(joinBytes(noise, whole))).samples).toEqual(wanted);
    await expect(openBytes(joinBytes(new Uint8Array(2 ** 20), whole))).rejects.toThrow(/begins with 00 00/);
  });

  it("the frame with the header of Fraunhofer's encoders is no sound", async () => {
    const header = FRAMES[0].slice();
    header.fill(0, 4);
    header.set(
      packed(
        "big",
        { text: "VBRI" },
        { u16: 1 },
        { u16: 0 },
        { u16: 75 },
        { u32: 0 },
        { u32: FRAMES.length },
      ),
      36,
    );
    const { samples, warnings } = await leftOf(joinBytes(header, whole));
    expect(samples).toEqual((await leftOf(whole)).samples);
    expect(warnings).toEqual([]);
    const cut = await leftOf(joinBytes(header, ...FRAMES.slice(0, 20)));
    expect(cut.warnings).toEqual(["truncated: the header says 1.1 s, the file holds 0.5 s"]);
  });

  it("a wav file around it", async () => {
    const wanted = (await leftOf(whole)).samples;
    const wrapped = { tag: 0x55, bits: 0, frameBytes: 1, data: whole, sampleRate: 22_050 };
    const reader = await openBytes(wavFile(wrapped));
    expect(reader.info).toMatchObject({
      format: "wav",
      codec: "MPEG-2 layer III",
      sampleRate: 22_050,
      warnings: [],
    });
    expect((await decoded(reader))[0]).toEqual(wanted);
    // From a pipe, and with a chunk behind.
    expect((await leftOf(wavFile({ ...wrapped, dataSize: 0xffffffff }))).samples).toEqual(wanted);
    expect(
      (await leftOf(joinBytes(wavFile(wrapped), packed("little", { text: "LIST" }, { u32: 0 })))).samples,
    ).toEqual(wanted);
  });
});

describe("what stands between the frames", () => {
  /** Long enough for several chunks of what is read at once. */
  const long = Array.from({ length: 40 }, () => FRAMES).flat();

  it("other bytes cost no frame, wherever they are, and a warning counts them", async () => {
    const generator = new Generator(2);
    const junk = Uint8Array.from({ length: 333 }, (_, i) => i % 255);
    const near = Math.floor(65_536 / FRAMES[0].length);
    for (const at of [near - 3, near - 2, near - 1, near, 1 + generator.integer(long.length - 1)]) {
      const bytes = joinBytes(...long.slice(0, at), junk, ...long.slice(at));
      const { samples, warnings } = await leftOf(bytes);
      expect(samples).toHaveLength(long.length * SAMPLES);
      expect(warnings).toEqual(["damaged: 333 bytes between the frames belong to no frame and are left out"]);
    }
  });

  it("tags of files that were put one behind the other", async () => {
    const tags = joinBytes(apeTag(40), id3v1(), id3v2(100_000));
    const { samples, warnings } = await leftOf(joinBytes(whole, tags, whole));
    expect(samples).toHaveLength(2 * FRAMES.length * SAMPLES);
    expect(warnings).toEqual([]);
  });
});

describe("parts", () => {
  it.each(["signal-without-header.mp3", "signal.mp3", "signal.mp2"])(
    "of %s at any place are exact",
    async (name) => {
      const reader = await openBytes(
        joinBytes(...new Array<Uint8Array>(14).fill(joinBytes(...framesOfFixture(name)))),
      );
      const all = await decoded(reader);
      const generator = new Generator(9);
      for (let round = 0; round < 12; round++) {
        const from = generator.integer(all[0].length - 1000);
        const part = await decoded(reader, from, from + 900);
        expect(part).toEqual(all.map((channel) => channel.slice(from, from + 900)));
      }
    },
  );
});
