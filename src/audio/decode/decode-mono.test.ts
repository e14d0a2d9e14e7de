import { describe, expect, it } from "vitest";
import { encodeWav } from "../write/encode-wav.ts";
import { audioInfo } from "./audio-info.ts";
import { decodeAudio } from "./decode-audio.ts";
import { decodeMono } from "./decode-mono.ts";
import { toMono } from "./mono.ts";

const RATE = 8000;
const channel = (hertz: number) =>
  Float32Array.from({ length: 30 * RATE }, (_, i) => 0.4 * Math.sin((2 * Math.PI * hertz * i) / RATE));
const wav = Uint8Array.from(encodeWav({ sampleRate: RATE, channels: [channel(300), channel(500)] }));

describe("decodeMono", () => {
  it("gives the mean of the channels, from bytes and from a file of a page", async () => {
    const wanted = toMono(await decodeAudio(wav));
    expect(await decodeMono(wav)).toEqual(wanted);
    expect(await decodeMono(new Blob([wav]))).toEqual(wanted);
  });

  it("reads a part of a file at another rate, and of the file only what that takes", async () => {
    let bytes = 0;
    class Counted extends Blob {
      override slice(start = 0, end = this.size): Blob {
        bytes += Math.min(end, this.size) - start;
        return super.slice(start, end);
      }
    }
    const { samples, sampleRate } = await decodeMono(new Counted([wav]), {
      start: 2,
      duration: 0.25,
      sampleRate: 16_000,
    });
    expect([samples.length, sampleRate]).toEqual([4000, 16_000]);
    expect(bytes).toBeLessThan(wav.length / 2);
  });

  it("names a file that is no recording, and one that can be read no longer", async () => {
    await expect(decodeMono(new Blob(["some words"]), {}, "notes.txt")).rejects.toThrow(/^notes\.txt: /);
    class Gone extends Blob {
      override slice(): Blob {
        return Object.assign(new Blob(), {
          arrayBuffer: () => Promise.reject(new Error("the file was changed")),
        });
      }
    }
    await expect(decodeMono(new Gone([wav]), {}, "song.wav")).rejects.toThrow(
      /^song\.wav: cannot be read: .*changed.*choose it again/,
    );
  });
});

describe("audioInfo", () => {
  it("tells channels, rate and length, from bytes and from a file of a page", async () => {
    for (const content of [wav, new Blob([wav])]) {
      expect(await audioInfo(content)).toMatchObject({
        format: "wav",
        channels: 2,
        sampleRate: RATE,
        frames: 30 * RATE,
        duration: 30,
      });
    }
  });

  it("names what is no recording", async () => {
    await expect(audioInfo(new Blob(["some words"]), "notes.txt")).rejects.toThrow(/^notes\.txt: /);
  });
});
