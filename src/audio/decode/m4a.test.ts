import { beforeAll, describe, expect, it, vi } from "vitest";
import { Generator } from "../../random/generator.ts";
import { memorySource } from "./byte-source.ts";
import { decodeAudio } from "./decode-audio.ts";
import { openAudio } from "./open-audio.ts";
import { readMono } from "./read-mono.ts";
import { cafFile, joinBytes, packed } from "./testing/containers.ts";
import {
  aacDescription,
  aacTrackOf,
  box,
  fragmentedFile,
  mp4File,
  soundDescription,
  type FragmentLayout,
} from "./testing/mp4-writer.ts";
import { packetsOf } from "./testing/ogg-writer.ts";
import { audioFixture, fixtureSignal, signalToNoise } from "./testing/signal.ts";

const RATE = 22_050;
/** Samples of a packet. */
const PACKET = 1024;

let signal: Awaited<ReturnType<typeof aacTrackOf>>;
/** All that the packets of `signal` decode to. */
let media: readonly Float32Array[];
let noise: Awaited<ReturnType<typeof aacTrackOf>>;

beforeAll(async () => {
  signal = await aacTrackOf(audioFixture("signal.m4a"), 2, RATE);
  noise = await aacTrackOf(audioFixture("noise.m4a"), 1, RATE);
  media = (await decodeAudio(mp4File(signal), "media")).channels;
});

/** The same bits; `toEqual` takes long for so many numbers. */
function expectSame(got: Float32Array, wanted: Float32Array, what?: string): void {
  const bits = (samples: Float32Array): Buffer =>
    Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  expect(got.length, what).toBe(wanted.length);
  expect(bits(got).equals(bits(wanted)), what).toBe(true);
}

function expectChannels(got: readonly Float32Array[], wanted: readonly Float32Array[], what?: string): void {
  expect(got.length).toBe(wanted.length);
  got.forEach((samples, c) => expectSame(samples, wanted[c], what));
}

async function wholeOf(bytes: Uint8Array) {
  return { info: await infoOf(bytes), samples: (await decodeAudio(bytes, "x")).channels };
}

async function infoOf(bytes: Uint8Array) {
  return (await openAudio(memorySource(bytes, "x.m4a"))).info;
}

describe("where packets are", () => {
  it("all of them come out, the first one too, and the signal is at its place", () => {
    expect(media[0]).toHaveLength(signal.packets.length * PACKET);
    // FFmpeg's encoder puts one packet before the sound.
    media.forEach((samples, c) => {
      const wanted = fixtureSignal(RATE)[c];
      expect(signalToNoise(samples.subarray(PACKET), wanted, 1000, 21_000)).toBeGreaterThan(16);
    });
  });

  it.each([
    ["the index first, sound up to the file's end", { data: "rest" }],
    ["sizes of 64 bits", { data: "long", offsets: "co64" }],
    ["sizes of packets in 16 bits", { sizes: "stz2" }],
    ["a picture beside the sound", { picture: true }],
  ] as const)("%s", async (_, layout) => {
    expectChannels((await decodeAudio(mp4File(signal, layout), "x")).channels, media);
  });

  it("fragments, however they say where packets are and how long: 45 kinds", async () => {
    for (const base of ["flag", "default", "field"] as const) {
      for (const durations of ["movie", "fragment", "packet"] as const) {
        for (const perFragment of [1, 5, 100]) {
          for (const picture of base === "default" ? [false] : [false, true]) {
            const secondOffset = perFragment === 5;
            const layout: FragmentLayout = { base, durations, perFragment, picture, secondOffset };
            const bytes = fragmentedFile(signal, layout);
            const { channels } = await decodeAudio(bytes, "x");
            expectChannels(channels, media, JSON.stringify(layout));
            expect((await infoOf(bytes)).warnings).toEqual([]);
          }
        }
      }
    }
  });

  it("a recording in fragments that was cut off: what is there, and a warning", async () => {
    const layout = { base: "flag", durations: "movie", perFragment: 6, secondOffset: true } as const;
    const bytes = fragmentedFile(signal, layout);
    const cut = bytes.subarray(
      0,
      bytes.length - signal.packets.slice(-2).reduce((n, p) => n + p.length, 0) + 5,
    );
    const { channels } = await decodeAudio(cut, "x");
    const frames = (signal.packets.length - 2) * PACKET;
    expectChannels(
      channels,
      media.map((samples) => samples.slice(0, frames)),
    );
    expect((await infoOf(cut)).warnings).toEqual([expect.stringMatching(/^truncated: /)]);
    await expect(decodeAudio(bytes.subarray(0, 300), "x")).rejects.toThrow(/without its index/);
  });

  it("names what it cannot decode", async () => {
    const other = {
      ...signal,
      description: soundDescription("ac-3", 2, RATE, box("dac3", new Uint8Array(3))),
    };
    await expect(decodeAudio(mp4File(other), "x.mp4")).rejects.toThrow(
      "x.mp4: an mp4 file without audio in AAC, ALAC, Opus or FLAC, only in AC-3; convert it to flac: ffmpeg -i x.mp4 -vn x.flac",
    );
  });
});

/** Applies edits to the media as the standard defines them; `scale` is the movie's time scale, in units per second. */
function edited(edits: readonly { duration: number; mediaTime: number }[], scale: number): Float32Array[] {
  const played = edits.filter(({ mediaTime }) => mediaTime >= 0);
  return media.map((samples) => {
    const parts = played.map(({ duration, mediaTime }) => {
      const end = duration === 0 ? samples.length : mediaTime + Math.round((duration * RATE) / scale);
      // Less than a unit of the movie's time before the end is meant for the end.
      return samples.subarray(mediaTime, end + RATE / scale > samples.length ? samples.length : end);
    });
    const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  });
}

describe("edits", () => {
  it.each([
    ["cut within the first packet, as FFmpeg's -c copy does", [{ duration: 900, mediaTime: 592 }]],
    ["up to the end", [{ duration: 0, mediaTime: 1024 }]],
    [
      "an empty edit before the sound",
      [
        { duration: 1500, mediaTime: -1 },
        { duration: 500, mediaTime: 1024 },
      ],
    ],
    [
      "two parts in another order",
      [
        { duration: 200, mediaTime: 9000 },
        { duration: 300, mediaTime: 100 },
      ],
    ],
    [
      "one part twice",
      [
        { duration: 100, mediaTime: 500 },
        { duration: 100, mediaTime: 500 },
      ],
    ],
    ["beyond the end", [{ duration: 9000, mediaTime: 20_000 }]],
  ])("%s", async (_, edits) => {
    const wanted = edited(edits, 1000);
    for (const bytes of [
      mp4File(signal, { edits }),
      fragmentedFile(signal, {
        edits,
        base: "flag",
        durations: "movie",
        perFragment: 4,
        secondOffset: false,
      }),
    ]) {
      expect((await infoOf(bytes)).frames).toBe(wanted[0].length);
      expectChannels((await decodeAudio(bytes, "x")).channels, wanted);
    }
  });

  it("any list of edits, and any part of it: 40 files", async () => {
    const generator = new Generator(3);
    for (let file = 0; file < 40; file++) {
      // In samples, so that nothing is rounded.
      const edits = Array.from({ length: 1 + generator.integer(3) }, () => ({
        duration: 1 + generator.integer(8000),
        mediaTime: generator.integer(15_000),
      }));
      const reader = await openAudio(memorySource(mp4File(signal, { edits, movieScale: RATE }), "x"));
      const [left, right] = edited(edits, RATE);
      expect(reader.info.frames).toBe(left.length);
      const start = generator.integer(left.length);
      const length = 1 + generator.integer(left.length - start);
      const part = await readMono(reader, "x", { start: start / RATE, duration: length / RATE });
      const mean = left.map((value, i) => Math.fround(Math.fround(value + right[i]) * 0.5));
      expectSame(part.samples, mean.slice(start, start + length));
    }
  });

  it("fragments of a stream that began long before: the sound begins with the first", async () => {
    const layout = { base: "flag", durations: "movie", perFragment: 8, secondOffset: false } as const;
    const bytes = fragmentedFile(signal, {
      ...layout,
      begin: 1e6,
      edits: [{ duration: 0, mediaTime: 1024 }],
    });
    expectChannels((await decodeAudio(bytes, "x")).channels, media);
  });

  it("without edits iTunes' tag says what encoders put before and after", async () => {
    const value = " 00000000 00000840 000001CA 00003F31 00000000 00000000";
    const text = (name: string, contents: string): Uint8Array =>
      box(
        name,
        packed(
          "big",
          { u32: name === "data" ? 1 : 0 },
          { text: (name === "data" ? "\0\0\0\0" : "") + contents },
        ),
      );
    const tag = joinBytes(text("mean", "com.apple.iTunes"), text("name", "iTunSMPB"), text("data", value));
    const meta = joinBytes(packed("big", { u32: 0 }), box("ilst", box("----", tag)));
    const bytes = mp4File(signal, { userData: box("meta", meta) });
    // 0x840 = 2112 samples before, 0x3f31 = 16,177 of sound.
    const { channels } = await decodeAudio(bytes, "x");
    expectChannels(
      channels,
      media.map((samples) => samples.slice(2112, 2112 + 16_177)),
    );
  });
});

describe("AAC", () => {
  it("with noise that the decoder makes up: parts are the same bits as the whole, over 30 s", async () => {
    const packets = Array.from({ length: 60 }, () => noise.packets.slice(1, -1)).flat();
    const reader = await openAudio(memorySource(mp4File({ ...noise, packets }), "x"));
    const whole = await readMono(reader, "x");
    expect(whole.samples).toHaveLength(packets.length * PACKET);
    // The same packets again are other noise: it is made up.
    const again = (noise.packets.length - 2) * PACKET;
    const difference = (i: number): number => Math.abs(whole.samples[i] - whole.samples[i + again]);
    expect(Math.max(...Array.from({ length: 1000 }, (_, i) => difference(4000 + i)))).toBeGreaterThan(0.05);
    const generator = new Generator(4);
    // Beside the places where decoders change, 256 packets apart, and anywhere.
    const starts = [0, 255, 256, 257, 512].map((packet) => packet * PACKET + 100);
    for (const start of [
      ...starts,
      ...Array.from({ length: 10 }, () => generator.integer(whole.samples.length - 3000)),
    ]) {
      const part = await readMono(reader, "x", { start: start / RATE, duration: 3000 / RATE });
      expectSame(part.samples, whole.samples.slice(start, start + 3000));
    }
  });

  it("where decoders change, nothing else does", async () => {
    const packets = Array.from({ length: 20 }, () => signal.packets.slice(2, -2)).flat();
    const { channels } = await decodeAudio(mp4File({ ...signal, packets }), "x");
    const period = (signal.packets.length - 4) * PACKET;
    for (const samples of channels) {
      for (let at = 2 * period; at < samples.length - period; at += period) {
        expectSame(samples.slice(at, at + period), samples.slice(period, 2 * period));
      }
    }
  });

  it("a damaged packet is silence, and the sound stays at its place", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const packets = signal.packets.map((packet, i) => (i === 9 ? packet.map(() => 0xff) : packet));
    const reader = await openAudio(memorySource(mp4File({ ...signal, packets }), "x"));
    const got = await readMono(reader, "x");
    const mean = media[0].map((value, i) => Math.fround(Math.fround(value + media[1][i]) * 0.5));
    expectSame(got.samples.slice(0, 9 * PACKET), mean.slice(0, 9 * PACKET));
    expect(got.samples.slice(9 * PACKET, 10 * PACKET).every((value) => value === 0)).toBe(true);
    expectSame(got.samples.slice(12 * PACKET), mean.slice(12 * PACKET));
    expect(reader.info.warnings).toEqual(["damaged: packets that cannot be decoded are replaced by silence"]);
    vi.restoreAllMocks();
  });
});

describe("Opus and FLAC", () => {
  const layout = { base: "flag", durations: "movie", perFragment: 7, secondOffset: true } as const;

  it("Opus: the same bits as in ogg, with the samples before the sound told by the header or by an edit", async () => {
    const [head, , ...packets] = await packetsOf(audioFixture("signal.opus"));
    const view = new DataView(head.buffer, head.byteOffset);
    const preSkip = view.getUint16(10, true);
    const rate = view.getUint32(12, true);
    const fields = packed("big", { u16: head[9] }, { u16: preSkip }, { u32: rate }, { u16: 0 }, { u16: 0 });
    // A version of 0 and the channels, of which the first number has the place; mapping family 0.
    const inner = box("dOps", fields.subarray(0, 11));
    const track = { packets, description: soundDescription("Opus", 2, 48_000, inner), sampleRate: 48_000 };
    const opus = { ...track, packetFrames: 960 };
    const wanted = (await decodeAudio(audioFixture("signal.opus"), "x")).channels;
    const edits = [{ duration: 0, mediaTime: preSkip }];
    for (const bytes of [
      mp4File(opus),
      mp4File(opus, { edits }),
      fragmentedFile(opus, { ...layout, edits }),
    ]) {
      const { info, samples } = await wholeOf(bytes);
      expect(info).toMatchObject({ format: "m4a", codec: "Opus", frames: packets.length * 960 - preSkip });
      // The Ogg file also says where the sound ends in the last packet.
      expectChannels(
        samples.map((one) => one.subarray(0, wanted[0].length)),
        wanted,
      );
    }
    const cut = mp4File(opus, { edits: [{ duration: 250, mediaTime: 5000 }], movieScale: 1000 });
    const start = 5000 - preSkip;
    const part = wanted.map((one) => one.slice(start, start + 12_000));
    expectChannels((await wholeOf(cut)).samples, part);
  });

  it("FLAC: the same bits as in ogg", async () => {
    const packets = await packetsOf(audioFixture("signal-flac.ogg"));
    // The version, and the stream's header with that of a block: behind "fLaC", 13 bytes into the first packet.
    const inner = box("dfLa", joinBytes(new Uint8Array(4), packets[0].subarray(13, 51)));
    const frames = packets.filter((packet) => packet[0] === 0xff);
    const description = soundDescription("fLaC", 2, RATE, inner);
    const track = { packets: frames, description, sampleRate: RATE, packetFrames: 4096 };
    const wanted = (await decodeAudio(audioFixture("signal-flac.ogg"), "x")).channels;
    for (const bytes of [mp4File(track), fragmentedFile(track, layout)]) {
      expectChannels((await wholeOf(bytes)).samples, wanted);
    }
    const cut = mp4File(track, { edits: [{ duration: 300, mediaTime: 1000 }] });
    expectChannels(
      (await wholeOf(cut)).samples,
      wanted.map((one) => one.slice(1000, 1000 + 6615)),
    );
  });
});

describe("packets in caf", () => {
  /** The packet table's 7 bits in a byte. */
  const sizesOf = (packets: readonly Uint8Array[]): Uint8Array =>
    joinBytes(...packets.map(({ length }) => Uint8Array.of(0x80 | (length >> 7), length & 0x7f)));

  it("AAC: the same bits as in mp4, without what the encoder put before", async () => {
    const { packets, config } = signal;
    const frames = packets.length * PACKET - 1024 - 100;
    const table = packed(
      "big",
      { u64: packets.length },
      { u64: frames },
      { u32: 1024 },
      { u32: 100 },
      sizesOf(packets),
    );
    const cookie = box("esds", new Uint8Array(0)).length; // A box's header, before the version.
    const description = aacDescription(config, 2, RATE);
    const stream = description.subarray(8 + 28 + cookie);
    for (const contents of [stream, stream.subarray(4)]) {
      const chunk = (name: string, bytes: Uint8Array): Uint8Array =>
        packed("big", { text: name }, { u64: bytes.length }, bytes);
      const before = joinBytes(chunk("kuki", contents), chunk("pakt", table));
      const fields = { format: "aac ", packetBytes: 0, packetFrames: PACKET, channels: 2, before };
      const bytes = cafFile({ ...fields, sampleRate: RATE, data: joinBytes(...packets) });
      expect(await infoOf(bytes)).toMatchObject({ format: "caf", codec: "AAC", frames, warnings: [] });
      const { channels } = await decodeAudio(bytes, "x");
      expectChannels(
        channels,
        media.map((samples) => samples.slice(1024, 1024 + frames)),
      );
    }
  });
});
