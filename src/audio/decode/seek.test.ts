import { describe, expect, it } from "vitest";
import { Generator } from "../../random/generator.ts";
import { memorySource, type ByteSource } from "./byte-source.ts";
import { openAudio } from "./open-audio.ts";
import { blocksOfMono, readMono } from "./read-mono.ts";
import { joinBytes } from "./testing/containers.ts";
import { flacFile } from "./testing/flac-writer.ts";
import { oggFile, packetsOf, type PageFields } from "./testing/ogg-writer.ts";
import { audioFixture } from "./testing/signal.ts";

/** A source that counts what is read. */
function countingSource(bytes: Uint8Array): { source: ByteSource; read: () => number } {
  const inner = memorySource(bytes, "long");
  let total = 0;
  const source: ByteSource = {
    ...inner,
    read: async (offset, length) => {
      const result = await inner.read(offset, length);
      total += result.length;
      return result;
    },
  };
  return { source, read: () => total };
}

/** Short parts all over a recording: the same bits as when it is decoded from its start, and little is read. */
async function expectSeeking(bytes: Uint8Array, readShare: number): Promise<void> {
  const reader = await openAudio(memorySource(bytes, "long"));
  const whole = await readMono(reader, "long");
  const seconds = reader.info.duration ?? 0;
  expect(whole.samples).toHaveLength(reader.info.frames ?? 0);
  for (const at of [0.013, 0.31, 0.5, 0.77, 0.97]) {
    const counting = countingSource(bytes);
    const part = await readMono(await openAudio(counting.source), "long", {
      start: at * seconds,
      duration: 0.05,
    });
    const first = Math.round(at * seconds * whole.sampleRate);
    expect(part.samples).toEqual(whole.samples.slice(first, first + Math.round(0.05 * whole.sampleRate)));
    expect(counting.read()).toBeLessThan(readShare * bytes.length);
  }
}

/** Noise: of all sounds the one where nothing looks like anything else. */
function noise(length: number): Int16Array {
  const generator = new Generator(5);
  return Int16Array.from({ length }, () => generator.integer(65_536) - 32_768);
}

/** An Ogg file with a fixture's sound many times over; every packet of sound lasts `samples`. */
async function repeatedOgg(
  name: string,
  headers: number,
  samples: (packet: Uint8Array) => number,
  times: number,
) {
  const packets = await packetsOf(audioFixture(name));
  const sound = packets.slice(headers);
  const pages: PageFields[] = [
    { packets: [packets[0]], granule: 0, flags: 2 },
    { packets: packets.slice(1, headers), granule: 0 },
  ];
  let granule = 0;
  for (let time = 0; time < times; time++) {
    for (let at = 0; at < sound.length; at += 5) {
      const group = sound.slice(at, at + 5);
      granule += group.reduce((sum, packet) => sum + samples(packet), 0);
      const last = time === times - 1 && at + 5 >= sound.length;
      pages.push({ packets: group, granule, flags: last ? 4 : 0 });
    }
  }
  return oggFile(pages);
}

describe("seeking", () => {
  it("flac: by the frames' numbers", async () => {
    await expectSeeking(flacFile({ samples: noise(1_200_000), blockSize: 576 }), 0.4);
  });

  it("opus: by going through the pages once, to see which streams there are and where packets begin", async () => {
    // All packets of the fixture last 20 ms.
    await expectSeeking(await repeatedOgg("signal.opus", 2, () => 960, 100), 1.2);
  });

  it("mp3: by going through the frames' headers, once to count them and once to find the place", async () => {
    const fixture = audioFixture("signal-without-header.mp3");
    await expectSeeking(joinBytes(...new Array<Uint8Array>(40).fill(fixture)), 2.6);
  });
});

describe("blocks", () => {
  it("put together are the whole, also at another rate", async () => {
    for (const sampleRate of [22_050, 16_000]) {
      const reader = await openAudio(memorySource(audioFixture("signal.flac"), "x"));
      const whole = await readMono(reader, "x", { sampleRate, start: 0.1 });
      const parts: number[] = [];
      const lengths: number[] = [];
      for await (const block of blocksOfMono(reader, "x", { sampleRate, start: 0.1, seconds: 0.25 })) {
        parts.push(...block.samples);
        lengths.push(block.samples.length);
      }
      expect(Float32Array.from(parts)).toEqual(whole.samples);
      expect(lengths.slice(0, 3)).toEqual(new Array(3).fill(Math.round(0.25 * sampleRate)));
    }
  });
});

describe("damaged flac", () => {
  it("a damaged frame is left out, the others are there", async () => {
    const samples = noise(20_000);
    const bytes = flacFile({ samples, blockSize: 1000 });
    bytes[bytes.length / 2] ^= 1;
    const reader = await openAudio(memorySource(bytes, "x"));
    const { samples: got } = await readMono(reader, "x");
    expect(got).toHaveLength(19_000);
    expect(got[0]).toBe(samples[0] / 32768);
    expect(got[18_999]).toBe(samples[19_999] / 32768);
    expect(reader.info.warnings).toEqual(["damaged: parts of it are missing"]);
  });

  it("with a tag behind the last frame all of it is decoded", async () => {
    const samples = noise(2500);
    const bytes = joinBytes(
      flacFile({ samples, blockSize: 1000 }),
      new TextEncoder().encode(`TAG${"x".repeat(125)}`),
    );
    const { samples: got } = await readMono(await openAudio(memorySource(bytes, "x")), "x");
    expect(got).toEqual(Float32Array.from(samples, (value) => value / 32768));
  });

  it("a header that claims more than is there is named", async () => {
    const bytes = flacFile({ samples: noise(8000), blockSize: 1000, claimedFrames: 80_000 });
    const { info } = await openAudio(memorySource(bytes, "x"));
    expect(info.warnings).toEqual(["truncated: the header says 10.0 s, the file holds 1.0 s"]);
  });
});
