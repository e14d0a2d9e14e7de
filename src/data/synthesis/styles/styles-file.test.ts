import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { writeNotesFolder } from "./notes-file.ts";
import { NOTE_INSTRUMENTS, notesPlan } from "./notes.ts";
import { renderStyle, STYLE_NAMES } from "./render-style.ts";
import { writeStylesFolder } from "./styles-file.ts";

const SMALL = { tracksPerStyle: 1, seconds: 0.2, sampleRate: 8000, workers: 0 };

describe("writeStylesFolder", () => {
  it("writes a folder for each style, of 16-bit mono wav files", async () => {
    const folder = await temporaryFolder();
    const steps: string[] = [];
    const tracks = await writeStylesFolder(folder, SMALL, ({ done, total }) =>
      steps.push(`${done}/${total}`),
    );
    expect(steps).toEqual(Array.from({ length: 11 }, (_, i) => `${i}/10`));
    const folders = (await readdir(folder)).filter((name) => !name.startsWith("."));
    expect(folders.sort()).toEqual(STYLE_NAMES);
    for (const track of tracks) {
      const bytes = await readFile(join(folder, track.path));
      const { samples } = renderStyle(track.style, track);
      // 44 bytes of header, then two for each sample.
      expect(bytes).toHaveLength(44 + 2 * 1600);
      expect(bytes.readUInt16LE(22)).toBe(1);
      expect(bytes.readUInt32LE(24)).toBe(8000);
      for (let i = 0; i < samples.length; i++) {
        expect(Math.abs(bytes.readInt16LE(44 + 2 * i) / 32_768 - samples[i])).toBeLessThan(2 ** -15);
      }
    }
  });

  it("leaves complete files alone and repairs the others", async () => {
    const folder = await temporaryFolder();
    const tracks = await writeStylesFolder(folder, SMALL);
    const [kept, cut] = tracks.map(({ path }) => join(folder, path));
    const right = await readFile(cut);
    await writeFile(kept, new Uint8Array(right.length));
    await truncate(cut, 100);
    const steps: number[] = [];
    await writeStylesFolder(folder, SMALL, ({ done }) => steps.push(done));
    expect(steps).toEqual([9, 10]);
    expect(await readFile(cut)).toEqual(right);
    expect(await readFile(kept)).toEqual(Buffer.alloc(right.length));
  });

  it("refuses a folder with other things in it, or rendered otherwise", async () => {
    const foreign = await temporaryFolder();
    await writeFile(join(foreign, "holiday.jpg"), "");
    await expect(writeStylesFolder(foreign, SMALL)).rejects.toThrow(/not empty \(holiday\.jpg\)/);
    expect(await readdir(foreign)).toEqual(["holiday.jpg"]);

    const folder = await temporaryFolder();
    await writeStylesFolder(folder, SMALL);
    await expect(writeStylesFolder(folder, { ...SMALL, seed: 1 })).rejects.toThrow(
      /"seed":0.*"seed":1.*choose another/,
    );
  });

  it("refuses numbers out of range, and workers that would have to load TypeScript", async () => {
    const folder = await temporaryFolder();
    await expect(writeStylesFolder(folder, { ...SMALL, workers: -1 })).rejects.toThrow("styles: workers");
    await expect(writeStylesFolder(folder, { ...SMALL, workers: 2 })).rejects.toThrow("built package");
    await expect(writeStylesFolder(folder, { ...SMALL, seconds: 0 })).rejects.toThrow("styles: seconds");
    expect(await readdir(folder)).toEqual([]);
  });

  it("says what to do where no folder can be made", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "file"), "");
    await expect(writeStylesFolder(join(folder, "file", "styles"), SMALL)).rejects.toThrow(
      "cannot use the folder",
    );
  });
});

describe("writeNotesFolder", () => {
  it("writes wav files and a list of their pitches with the timbre as group", async () => {
    const folder = await temporaryFolder();
    const options = { notesPerInstrument: 2, seconds: 0.1, sampleRate: 8000 };
    const list = await writeNotesFolder(folder, options);
    const [header, ...rows] = (await readFile(list, "utf8")).trimEnd().split("\n");
    expect(header).toBe("path,label,group");
    const notes = notesPlan(options);
    expect(rows).toEqual(notes.map(({ path, pitch, group }) => `${path},${pitch},${group}`));
    expect(rows).toHaveLength(2 * NOTE_INSTRUMENTS.length);
    for (const { path } of notes) expect(await readFile(join(folder, path))).toHaveLength(44 + 2 * 800);
  });
});
