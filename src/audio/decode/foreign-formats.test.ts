import { describe, expect, it } from "vitest";
import { AUDIO_FILE_EXTENSIONS } from "./detect-format.ts";
import { decodeAudio } from "./decode-audio.ts";
import { describeForeign, foreignFormatByName } from "./foreign-formats.ts";

/** A file that begins so; text stands for its letters, a number for so many zeros. */
function fileOf(...parts: readonly (string | number | readonly number[])[]): Uint8Array {
  const bytes = parts.flatMap((part) => {
    if (typeof part === "string") return Array.from(part, (letter) => letter.charCodeAt(0));
    return typeof part === "number" ? new Array<number>(part).fill(0) : part;
  });
  return Uint8Array.from([...bytes, ...new Array<number>(200).fill(0)]);
}

const SOUND: readonly [string, Uint8Array, string][] = [
  ["a.wma", fileOf([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11]), "a Windows Media file (ASF)"],
  ["a.amr", fileOf("#!AMR\n"), "an AMR recording"],
  ["a.awb", fileOf("#!AMR-WB\n"), "an AMR recording"],
  ["a.ape", fileOf("MAC ", 12), "a Monkey's Audio file (APE)"],
  ["a.wv", fileOf("wvpk", 12), "a WavPack file"],
  ["a.mpc", fileOf("MPCK"), "a Musepack file"],
  ["a.dsf", fileOf("DSD "), "a DSD recording (DSF)"],
  ["a.dff", fileOf("FRM8", 8, "DSD "), "a DSD recording (DSDIFF)"],
  ["a.ra", fileOf(".ra", [0xfd]), "a RealAudio file"],
  ["a.tta", fileOf("TTA1"), "a True Audio file (TTA)"],
  ["a.tak", fileOf("tBaK"), "a TAK file"],
  ["a.ac3", fileOf([0x0b, 0x77, 1, 2]), "a Dolby Digital stream (AC-3 or E-AC-3)"],
  ["a.dts", fileOf([0x7f, 0xfe, 0x80, 0x01]), "a DTS stream"],
  ["a.avi", fileOf("RIFF", 4, "AVI "), "an AVI video"],
  ["a.mpg", fileOf([0, 0, 1, 0xba]), "an MPEG video"],
];

const OTHERS: readonly [Uint8Array, string][] = [
  [fileOf("MThd"), "a MIDI file: notes, not audio; render it"],
  [fileOf("RIFF", 4, "RMID"), "a MIDI file: notes"],
  [fileOf("PK\x03\x04"), "a zip archive: unpack it"],
  [fileOf([0x1f, 0x8b, 8]), "a gzip archive: unpack it"],
  [fileOf("\x89PNG"), "a PNG picture, not a recording"],
  [fileOf([0xff, 0xd8, 0xff, 0xe0]), "a JPEG picture, not a recording"],
  [fileOf(4, "ftypheic"), "a HEIF or AVIF picture, not a recording"],
  [fileOf("%PDF-1.7"), "a PDF document"],
  [fileOf("#EXTM3U\n"), "a playlist"],
  [fileOf("\n <!DOCTYPE html><html>"), "a web page (an error page instead of a download?)"],
  [fileOf("<?xml version"), "an XML document"],
  [fileOf("version https://git-lfs.github.com/spec/v1\n"), "a Git LFS pointer"],
];

describe("formats that cannot be decoded", () => {
  it.each(SOUND)(
    "%s: named whatever the file is called, with a way to convert it",
    async (name, bytes, what) => {
      const advice = (stem: string, ending: string): string =>
        `${stem}.${ending}: ${what}, which cannot be decoded; ` +
        `convert it to flac: ffmpeg -i ${stem}.${ending} -vn ${stem}.flac`;
      await expect(decodeAudio(bytes, name)).rejects.toThrow(advice("a", name.slice(2)));
      await expect(decodeAudio(bytes, "b.wav")).rejects.toThrow(advice("b", "wav"));
      expect(foreignFormatByName(`some/folder/${name.toUpperCase()}`)?.name).toBe(what);
    },
  );

  it.each(OTHERS)("what is no sound: %#", async (bytes, what) => {
    await expect(decodeAudio(bytes, "x.mp3")).rejects.toThrow(`x.mp3: ${what}`);
  });

  it("a command that a shell takes as it is", () => {
    const format = { name: "a TAK file", kind: "sound" as const };
    expect(describeForeign("my song's $1.tak", format)).toContain(
      'ffmpeg -i "my song\'s \\$1.tak" -vn "my song\'s \\$1.flac"',
    );
    expect(describeForeign("a.flac", format)).toContain("ffmpeg -i a.flac -vn a.wav");
  });

  it("no ending stands for a format that is decoded and for one that is not", () => {
    expect(AUDIO_FILE_EXTENSIONS.filter((extension) => foreignFormatByName(`x${extension}`))).toEqual([]);
  });
});
