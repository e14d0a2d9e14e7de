import { describe, expect, it } from "vitest";
import { Generator } from "../../random/generator.ts";
import { joinBytes } from "./testing/containers.ts";
import { decoded, openBytes, takeApart, type Sounding } from "./testing/packets.ts";
import { audioFixture, fixtureSignal, signalToNoise } from "./testing/signal.ts";
import { trackEntry, webmFile, type WebmBlockFields, type WebmFields } from "./testing/webm-writer.ts";

/** By fixture in Ogg: the codec's name in WebM, and its headers as one. */
const CODECS: Readonly<
  Record<string, { codecId: string; setup: (headers: readonly Uint8Array[]) => Uint8Array }>
> = {
  "signal.opus": { codecId: "A_OPUS", setup: (headers) => headers[0] },
  "signal.ogg": { codecId: "A_VORBIS", setup: vorbisSetup },
  "signal-flac.ogg": { codecId: "A_FLAC", setup: (headers) => headers[0].subarray(9) },
};

function vorbisSetup(headers: readonly Uint8Array[]): Uint8Array {
  const lengths = headers
    .slice(0, 2)
    .flatMap(({ length }) => [...new Array<number>(Math.floor(length / 255)).fill(255), length % 255]);
  return joinBytes(Uint8Array.of(2, ...lengths), ...headers);
}

/** Packets of a fixture in blocks of chance lengths and lacings, with their times. */
function blocksOf({ packets, codec }: Sounding, generator: Generator, begin = 0): WebmBlockFields[] {
  const blocks: WebmBlockFields[] = [];
  let samples = 0;
  for (let at = 0; at < packets.length;) {
    const count = 1 + generator.integer(4);
    const some = packets.slice(at, at + count);
    const isEven = some.every(({ length }) => length === some[0].length);
    const kinds = [...(some.length === 1 ? ["none" as const] : []), "xiph" as const, "ebml" as const];
    const lacing = isEven && some.length > 1 ? "fixed" : kinds[generator.integer(kinds.length)];
    blocks.push({ time: begin + Math.round((1000 * samples) / codec.sampleRate), packets: some, lacing });
    some.forEach((packet, i) => (samples += codec.samplesOf(packet, packets[at + i - 1])));
    at += some.length;
  }
  return blocks;
}

async function fieldsOf(
  name: string,
  generator = new Generator(1),
): Promise<WebmFields & { fixture: Sounding }> {
  const fixture = await takeApart(name);
  const { codecId, setup } = CODECS[name];
  return { fixture, codecId, setup: setup(fixture.headers), blocks: blocksOf(fixture, generator) };
}

async function expectParts(bytes: Uint8Array): Promise<Float32Array[]> {
  const reader = await openBytes(bytes);
  const whole = await decoded(reader);
  const { length } = whole[0];
  expect(reader.info.frames).toBe(length);
  for (const at of [0.02, 0.49, 0.98]) {
    const [from, to] = [Math.floor(at * length), Math.min(length, Math.floor(at * length) + 700)];
    expect(await decoded(reader, from, to)).toEqual(whole.map((channel) => channel.slice(from, to)));
  }
  return whole;
}

describe("files as programs write them", () => {
  it.each([
    ["signal-opus.webm", 48_000, 48_000],
    // The end of Vorbis is not told in WebM: the last block is there as a whole, as with FFmpeg.
    ["signal-vorbis.webm", 22_050, 22_144],
  ])("%s, by FFmpeg: the signal, at its place", async (name, rate, frames) => {
    const reader = await openBytes(audioFixture(name));
    expect(reader.info).toMatchObject({
      format: "webm",
      sampleRate: rate,
      channels: 2,
      frames,
      warnings: [],
    });
    const audio = await expectParts(audioFixture(name));
    const wanted = fixtureSignal(rate);
    const [from, to] = [Math.round(0.05 * rate), Math.round(0.95 * rate)];
    audio.forEach((channel, c) => {
      const right = signalToNoise(channel, wanted[c], from, to);
      expect(right).toBeGreaterThan(16);
      expect(right).toBeGreaterThan(signalToNoise(channel.subarray(1), wanted[c], from, to));
      expect(right).toBeGreaterThan(signalToNoise(channel, wanted[c].subarray(1), from, to));
    });
  });

  it("a recording of a browser: 11 packets of 60 ms, without samples before the sound", async () => {
    const reader = await openBytes(audioFixture("recorded.webm"));
    expect(reader.info).toMatchObject({ codec: "Opus", channels: 2, frames: 11 * 2880, warnings: [] });
    const [left] = await expectParts(audioFixture("recorded.webm"));
    // An oscillator of 440 Hz and amplitude 1: power 1/2, and 2 * 440 changes of sign a second.
    const middle = left.subarray(9600, 9600 + 14_400);
    expect(middle.reduce((sum, value) => sum + value ** 2, 0) / middle.length).toBeCloseTo(0.5, 1);
    const changes = middle.filter((value, i) => i > 0 && value * middle[i - 1] < 0).length;
    expect(Math.abs(changes - 2 * 440 * 0.3)).toBeLessThanOrEqual(1);
  });
});

describe("any file", () => {
  it.each(Object.keys(CODECS))(
    "%s in blocks and clusters by chance: as the packets one by one",
    async (name) => {
      const generator = new Generator(4);
      const { fixture, codecId, setup } = await fieldsOf(name);
      const plain = fixture.packets.map((packet, i) => ({ time: 20 * i, packets: [packet] }));
      const wanted = await expectParts(webmFile({ codecId, setup, blocks: plain }));
      for (let round = 0; round < 4; round++) {
        const file = webmFile({
          codecId,
          setup,
          blocks: blocksOf(fixture, generator, generator.integer(2) * 7000),
          clusterBlocks: 1 + generator.integer(9),
          live: generator.uniform() < 0.5,
        });
        expect(await expectParts(file)).toEqual(wanted);
      }
    },
  );

  it("samples before and after the sound: by the header, by the track, and by what a block says", async () => {
    const { fixture, setup, ...fields } = await fieldsOf("signal.opus");
    const all = fixture.packets.length * 960;
    const { preSkip } = fixture.codec;
    const frames = async (more: Partial<WebmFields>): Promise<number | undefined> =>
      (await openBytes(webmFile({ ...fields, setup, ...more }))).info.frames;
    expect(await frames({})).toBe(all - preSkip);
    // As written by FFmpeg for 8,000 Hz: a sixth of the truth.
    expect(await frames({ codecDelay: 1_083_333 })).toBe(all - preSkip);
    const silent = setup.slice();
    silent.set([0, 0], 10);
    expect(await frames({ setup: silent, codecDelay: 6_500_000 })).toBe(all - 312);
    const blocks = fields.blocks.map((block, i) =>
      i === 0 ? { ...block, discard: -5_000_000 } : i === 3 ? { ...block, discard: 2_500_000 } : block,
    );
    expect(await frames({ blocks })).toBe(all - preSkip - 240 - 120);
    const whole = await decoded(await openBytes(webmFile({ ...fields, setup: silent })));
    const cut = await expectParts(webmFile({ ...fields, setup: silent, blocks }));
    const behind = blocks.slice(0, 4).reduce((sum, { packets }) => sum + 960 * packets.length, 0);
    expect(cut[0]).toEqual(
      Float32Array.from([...whole[0].subarray(240, behind - 120), ...whole[0].subarray(behind)]),
    );
  });

  it("bytes that were taken off every packet come back", async () => {
    const { fixture, ...fields } = await fieldsOf("signal-flac.ogg");
    const prefix = fixture.packets[0].subarray(0, 2);
    const blocks = fixture.packets.map((packet, i) => ({ time: 20 * i, packets: [packet.subarray(2)] }));
    expect(await expectParts(webmFile({ ...fields, blocks, prefix }))).toEqual(
      await decoded(await openBytes(webmFile(fields))),
    );
  });

  it("PCM, as browsers record on request", async () => {
    const values = Float32Array.from({ length: 2000 }, (_, i) => Math.fround(Math.sin(i)));
    const bytes = new Uint8Array(values.buffer);
    const blocks = [0, 1, 2, 3, 4].map((i) => ({
      time: 25 * i,
      packets: [bytes.subarray(1600 * i, 1600 * (i + 1))],
    }));
    const file = webmFile({
      codecId: "A_PCM/FLOAT/IEEE",
      setup: new Uint8Array(0),
      blocks,
      channels: 2,
      sampleRate: 8000,
      bitDepth: 32,
    });
    const [left, right] = await expectParts(file);
    expect(left).toEqual(values.filter((_, i) => i % 2 === 0));
    expect(right).toEqual(values.filter((_, i) => i % 2 === 1));
  });

  it("several files in one follow one another", async () => {
    const { ...fields } = await fieldsOf("signal.opus");
    const [one, two] = [webmFile(fields), webmFile({ ...fields, live: true })];
    const single = await decoded(await openBytes(one));
    const both = await expectParts(joinBytes(one, two));
    expect(both[0]).toEqual(Float32Array.from([...single[0], ...single[0]]));
  });
});

describe("what is wrong", () => {
  it("a file that is cut off anywhere gives what is there, and says so", async () => {
    const { fixture, ...fields } = await fieldsOf("signal-flac.ogg");
    const file = webmFile({ ...fields, duration: 1000 });
    const whole = await decoded(await openBytes(file));
    for (const share of [0.3, 0.61, 0.9]) {
      const reader = await openBytes(file.slice(0, Math.floor(share * file.length)));
      const part = await decoded(reader);
      expect(reader.info.warnings.join()).toMatch(/truncated: the header says 1\.0 s|cut off at byte/);
      expect(part[0].length).toBeGreaterThan((share - 0.35) * fixture.packets.length * 1000);
      expect(part[0]).toEqual(whole[0].slice(0, part[0].length));
    }
  });

  it("damage inside costs a cluster, and not what follows", async () => {
    const { fixture, ...fields } = await fieldsOf("signal-flac.ogg");
    const blocks = fixture.packets.map((packet, i) => ({ time: 50 * i, packets: [packet] }));
    const file = webmFile({ ...fields, blocks, clusterBlocks: 1 });
    const clusters = [...file.keys()].filter(
      (i) => file[i] === 0x1f && file[i + 1] === 0x43 && file[i + 2] === 0xb6 && file[i + 3] === 0x75,
    );
    const damaged = file.slice();
    damaged.fill(0, clusters[1], clusters[1] + 30);
    const reader = await openBytes(damaged);
    const lost = fixture.codec.samplesOf(fixture.packets[1], undefined);
    expect((await decoded(reader))[0]).toHaveLength((await decoded(await openBytes(file)))[0].length - lost);
    expect(reader.info.warnings).toContain(`damaged or cut off at byte ${clusters[1]}`);
  });

  it("one made of beginnings of clusters takes time in proportion to its length, and one warning", async () => {
    // A cluster of a length that is none: at each of them reading goes on at the next.
    const claim = [0x1f, 0x43, 0xb6, 0x75, 0];
    const hostile = Uint8Array.from({ length: 2 ** 21 }, (_, i) => claim[i % 5]);
    const reader = await openBytes(joinBytes(audioFixture("recorded.webm"), hostile));
    expect(reader.info.frames).toBe(11 * 2880);
    expect(reader.info.warnings).toHaveLength(1);
    expect(reader.info.warnings[0]).toMatch(
      /^damaged or cut off at byte 112\d\d, and in 4\d{5} places more$/,
    );
  });

  it("packets that are missing are counted by the times of the blocks", async () => {
    const { fixture, ...fields } = await fieldsOf("signal.opus");
    const plain = fixture.packets.map((packet, i) => ({
      time: 20 * i + (i > 10 ? 3000 : 0),
      packets: [packet],
    }));
    const reader = await openBytes(webmFile({ ...fields, blocks: plain }));
    expect(reader.info.warnings).toEqual([
      "incomplete: 3.0 s are missing between packets; the audio continues without them",
    ]);
  });

  it("codecs that are not decoded are named, with a way out; other tracks are left out", async () => {
    const { fixture, ...fields } = await fieldsOf("signal.opus");
    await expect(openBytes(webmFile({ ...fields, codecId: "A_AC3" }))).rejects.toThrow(
      /A_AC3 are not supported.*ffmpeg/s,
    );
    const none = new Uint8Array(0);
    const other = trackEntry({ codecId: "A_AC3", setup: none, blocks: [] }, 2);
    const video = trackEntry({ codecId: "V_VP8", setup: none, blocks: [] }, 3, 1);
    const blocks = fixture.packets.flatMap((packet, i) => [
      { time: 20 * i, packets: [packet] },
      { time: 20 * i, packets: [Uint8Array.of(1, 2, 3)], track: 2 + (i % 2) },
    ]);
    const reader = await openBytes(webmFile({ ...fields, blocks, otherTracks: joinBytes(other, video) }));
    expect(reader.info.warnings).toEqual(["incomplete: 1 other audio tracks are left out"]);
    expect(await decoded(reader)).toEqual(await decoded(await openBytes(webmFile(fields))));
  });
});
