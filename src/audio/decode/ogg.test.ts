import { describe, expect, it } from "vitest";
import { Generator } from "../../random/generator.ts";
import type { AudioReader } from "./audio-reader.ts";
import { joinBytes } from "./testing/containers.ts";
import { oggFile, oggStream } from "./testing/ogg-writer.ts";
import { decoded, OGG_FIXTURES, openBytes, stamped, takeApart } from "./testing/packets.ts";
import { audioFixture } from "./testing/signal.ts";

/** Arrays one after the other, channel by channel. */
function joined(...parts: readonly (readonly Float32Array[])[]): Float32Array[] {
  return parts[0].map((_, c) => Float32Array.from(parts.flatMap((part) => Array.from(part[c]))));
}

/** Decodes all of a recording, and compares short parts all over it with that. */
async function wholeAndParts(reader: AudioReader): Promise<Float32Array[]> {
  const whole = await decoded(reader);
  const { length } = whole[0];
  expect(reader.info.frames).toBe(length);
  for (const at of [0.02, 0.49, 0.98]) {
    const [from, to] = [Math.floor(at * length), Math.min(length, Math.floor(at * length) + 700)];
    const part = await decoded(reader, from, to);
    expect(part).toEqual(whole.map((channel) => channel.slice(from, to)));
  }
  return whole;
}

/** A fixture's file with the serial number changed, and its checksums. */
async function withSerial(
  name: string,
  serial: number,
  options: { begin?: number } = {},
): Promise<Uint8Array> {
  const fixture = await takeApart(name);
  const end = (await openBytes(audioFixture(name))).info.frames ?? 0;
  const sound = stamped(fixture, options.begin);
  // The encoder's padding is no sound.
  sound[sound.length - 1].granule = (options.begin ?? 0) + end + fixture.codec.preSkip;
  return joinBytes(...oggStream(fixture.headers, sound, { serial, segments: 40 }));
}

describe("streams one after the other", () => {
  it.each(OGG_FIXTURES)("%s: all are read, with other serial numbers and with the same", async (name) => {
    const single = await decoded(await openBytes(audioFixture(name)));
    for (const serials of [
      [1, 2, 3],
      [5, 5],
    ]) {
      const files = await Promise.all(serials.map((serial) => withSerial(name, serial)));
      const reader = await openBytes(joinBytes(...files));
      expect(reader.info.warnings).toEqual([]);
      expect(await wholeAndParts(reader)).toEqual(joined(...serials.map(() => single)));
    }
  });

  it("of one rate are joined whatever their codecs", async () => {
    const [vorbis, flac] = [audioFixture("signal.ogg"), audioFixture("signal-flac.ogg")];
    const reader = await openBytes(joinBytes(vorbis, flac));
    expect(reader.info).toMatchObject({ codec: "Vorbis, 16-bit FLAC", sampleRate: 22_050, frames: 44_100 });
    expect(await wholeAndParts(reader)).toEqual(
      joined(await decoded(await openBytes(vorbis)), await decoded(await openBytes(flac))),
    );
  });

  it("of another rate are left out, and a warning says how much", async () => {
    const reader = await openBytes(joinBytes(audioFixture("signal.opus"), audioFixture("signal.ogg")));
    expect(reader.info.frames).toBe(48_000);
    expect(reader.info.warnings).toEqual([
      "incomplete: 1 of 2 streams in the file are left out (1.0 s), since they have 22050 Hz with 2 channels and the " +
        "first has 48000 Hz with 2",
    ]);
    expect(await wholeAndParts(reader)).toEqual(await decoded(await openBytes(audioFixture("signal.opus"))));
  });

  it("one whose headers are damaged is left out, and a warning says so", async () => {
    const fixture = await takeApart("signal.ogg");
    const broken = joinBytes(
      ...oggStream([fixture.headers[0], fixture.headers[1]], stamped(fixture), { serial: 9 }),
    );
    const reader = await openBytes(joinBytes(audioFixture("signal.ogg"), broken));
    expect(reader.info.warnings).toEqual([
      "damaged: the headers of a stream (vorbis) cannot be read, and it is left out",
    ]);
    expect((await wholeAndParts(reader))[0]).toHaveLength(22_050);
  });

  it("streams that play at the same time: the first, and a warning", async () => {
    const fixture = await takeApart("signal.opus");
    const first = oggStream(fixture.headers, stamped(fixture), { serial: 1, segments: 20 });
    const second = oggStream(fixture.headers, stamped(fixture).slice(10), { serial: 2, segments: 30 });
    const mixed = [first[0], second[0]];
    for (let i = 1; i < first.length || i < second.length; i++)
      mixed.push(...first.slice(i, i + 1), ...second.slice(i, i + 1));
    const reader = await openBytes(joinBytes(...mixed));
    expect(reader.info.warnings).toEqual([
      "incomplete: 1 streams play at the same time as others and are left out",
    ]);
    expect(await wholeAndParts(reader)).toEqual(await decoded(await openBytes(joinBytes(...first))));
  });
});

describe("positions", () => {
  it.each(OGG_FIXTURES)("%s that begins late has the same length and sound", async (name) => {
    const single = await decoded(await openBytes(audioFixture(name)));
    for (const begin of [4_800_000, 2 ** 40]) {
      const reader = await openBytes(await withSerial(name, 1, { begin }));
      expect(reader.info.warnings).toEqual([]);
      expect(await wholeAndParts(reader)).toEqual(single);
    }
  });

  it("Vorbis whose first position is less than its samples: the first ones are no sound", async () => {
    const single = await decoded(await openBytes(audioFixture("signal.ogg")));
    const reader = await openBytes(await withSerial("signal.ogg", 1, { begin: -300 }));
    expect(await wholeAndParts(reader)).toEqual(single.map((channel) => channel.slice(300)));
  });

  it("only a last page cuts the end off, also when it is the only one", async () => {
    const { headers, packets, codec } = await takeApart("signal.opus");
    const sound = stamped({ headers, packets: packets.slice(0, 4), codec });
    sound[3].granule = codec.preSkip + 1000;
    const one = await openBytes(joinBytes(...oggStream(headers, sound)));
    expect((await wholeAndParts(one))[0]).toHaveLength(1000);
    const unfinished = await openBytes(joinBytes(...oggStream(headers, sound, { last: 0 })));
    expect((await wholeAndParts(unfinished))[0]).toHaveLength(4 * 960 - codec.preSkip);
    expect(unfinished.info.warnings).toEqual(["truncated: the stream's last page is missing"]);
  });

  it("a page that is missing leaves a gap: the sound goes on without it, and a warning tells", async () => {
    const fixture = await takeApart("signal.opus");
    const pages = oggStream(fixture.headers, stamped(fixture), { segments: 5 });
    const reader = await openBytes(joinBytes(...pages.slice(0, 6), ...pages.slice(7)));
    expect(reader.info.warnings).toEqual(["damaged: parts of it are missing"]);
    const { length } = (await wholeAndParts(reader))[0];
    const { length: all } = (await decoded(await openBytes(joinBytes(...pages))))[0];
    expect(length).toBeLessThan(all);
  });
});

describe("any file", () => {
  it.each(OGG_FIXTURES)(
    "%s in pages of any length, chained by chance: the whole and its parts",
    async (name) => {
      const generator = new Generator(3);
      const fixture = await takeApart(name);
      const { headers, codec } = fixture;
      for (let round = 0; round < 3; round++) {
        const files: Uint8Array[] = [];
        const singles: Float32Array[][] = [];
        for (let link = generator.integer(3); link >= 0; link--) {
          const count = 2 + generator.integer(fixture.packets.length - 2);
          const sound = stamped(
            { headers, packets: fixture.packets.slice(0, count), codec },
            generator.integer(2) * 90_000,
          );
          const options = { serial: generator.integer(2), segments: 1 + generator.integer(60) };
          const file = joinBytes(...oggStream(headers, sound, options));
          const reader = await openBytes(file);
          // Lossless packets, and lossy ones from their beginning, decode to the same in any pages.
          singles.push(await wholeAndParts(reader));
          files.push(file);
        }
        const reader = await openBytes(joinBytes(...files));
        expect(await wholeAndParts(reader)).toEqual(joined(...singles));
      }
    },
  );

  it("one made of nothing but beginnings of pages takes no longer than any other", async () => {
    // Each claims to be some 14 kB long: with a checksum over each that is 15 billion steps.
    const claim = [0x4f, 0x67, 0x67, 0x53, 0, 255, 255, 255];
    const hostile = Uint8Array.from({ length: 2 ** 23 }, (_, i) => claim[i % 8]);
    await expect(openBytes(hostile)).rejects.toThrow(/without a whole first page/);
    // Pages between them are found.
    const reader = await openBytes(joinBytes(hostile.subarray(0, 2 ** 17), audioFixture("signal.ogg")));
    expect(await decoded(reader)).toEqual(await decoded(await openBytes(audioFixture("signal.ogg"))));
  });

  it("a page that would end behind the file hides none that is in it", async () => {
    const page = oggFile([{ packets: [new Uint8Array(40)], granule: 0 }]);
    const claim = joinBytes(page.subarray(0, 26), Uint8Array.of(255), new Uint8Array(255).fill(255));
    const reader = await openBytes(joinBytes(claim, audioFixture("signal.ogg")));
    expect(reader.info.frames).toBe(22_050);
  });
});
