import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { music, scaled } from "../../data/audio/inspect/testing/music.ts";
import { writeSounds } from "../../data/audio/inspect/testing/recordings.ts";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";

const sound = (seed: number) => music({ seed, seconds: 4 });

/** Six recordings of two classes with nothing wrong. */
async function goodFolder(): Promise<string> {
  const folder = await temporaryFolder();
  const names = ["x/1.wav", "x/2.wav", "x/3.wav", "y/4.wav", "y/5.wav", "y/6.wav"];
  await writeSounds(folder, Object.fromEntries(names.map((name, i) => [name, sound(i)])));
  return folder;
}

async function badFolder(): Promise<string> {
  const folder = await goodFolder();
  await writeSounds(folder, {
    "y/a copy of the first recording, under a name that is much longer than a line/1.wav": sound(0),
    "y/quieter.wav": scaled(sound(3), 0.5),
    "y/silent\nand two lines.wav": new Float32Array(8000),
  });
  await writeFile(join(folder, "x", "empty.wav"), "");
  return folder;
}

function inspect(folder: string, ...options: string[]) {
  return auricle(["inspect", folder, "--feature-folder", join(folder, ".cache"), ...options]);
}

const SPLIT = ["--split", "0.5/0.25/0.25"];

describe("inspect", () => {
  it("says that nothing is wrong, and what to do next", async () => {
    const folder = await goodFolder();
    const { code, stdout, stderr } = await inspect(folder, "--strict", ...SPLIT);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/: 6 recordings, 24\.0 s, 2 classes$/m);
    expect(stdout).toMatch(/^x +3 +12\.0 s +4\.0 s +4\.0 s +4\.0 s$/m);
    expect(stdout).toContain("16,000 Hz");
    expect(stdout).not.toContain("Problems");
    expect(stdout.trimEnd().split("\n").slice(-2)).toEqual([
      "No problems found.",
      `Next: auricle train ${folder}`,
    ]);
  });

  it("names what is wrong in 80 columns", async () => {
    const folder = await badFolder();
    const { code, stdout } = await inspect(folder, ...SPLIT);
    expect(code).toBe(0);
    expect(stdout).toContain("Problems: 2 in 2 files");
    expect(stdout).toContain("    x/empty.wav: empty file (0 bytes)");
    expect(stdout).toContain("    y/silent\\nand two lines.wav: digital silence");
    expect(stdout).toContain("Duplicates: 2 pairs among 4 clips");
    expect(stdout).toMatch(/^ {2}x\/1\.wav\n {4}…[^\n]*longer than a line\/1\.wav +the same file$/m);
    expect(stdout).toMatch(/^ {2}y\/4\.wav\n {4}y\/quieter\.wav +\d+ % alike for [34]\.\d s$/m);
    expect(stdout).toContain("Duplicates with different labels: 1 pair");
    expect(stdout).toMatch(/decide which label is correct where duplicates differ/);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.pop()).toBe(`Next: auricle train ${folder}`);
    for (const line of lines) expect([...line].length, line).toBeLessThanOrEqual(80);
  });

  it("fails with --strict where anything is wrong", async () => {
    const folder = await badFolder();
    expect((await inspect(folder, "--strict")).code).toBe(1);
  });

  it("gives everything as one JSON object", async () => {
    const folder = await badFolder();
    const { code, stdout, stderr } = await inspect(folder, "--json", "--seed", "3", ...SPLIT);
    expect([code, stderr]).toEqual([0, ""]);
    const [inspection, ...others] = jsonLines(stdout);
    expect(others).toEqual([]);
    expect(inspection).toMatchObject({
      event: "inspected",
      folder,
      summary: { clips: 9, files: 9 },
      problems: [
        { kind: "empty", path: join(folder, "x", "empty.wav") },
        { kind: "silent", path: join(folder, "y", "silent\nand two lines.wav"), problem: "digital silence" },
      ],
      duplicates: [
        { a: "x/1.wav", kind: "file", offset: 0, overlap: 4, similarity: 1 },
        { a: "y/4.wav", b: "y/quieter.wav", kind: "recording" },
      ],
      conflicts: [{ a: "x/1.wav", labelOfA: "x", labelOfB: "y" }],
      split: { leaks: [], report: { origin: "random" } },
    });
    expect(JSON.stringify(inspection.split)).toContain("seed 3");
  });

  it("does without duplicates, and without the split of the data's authors", async () => {
    const folder = await temporaryFolder();
    await writeSounds(folder, {
      "train/x/1.wav": sound(1),
      "train/x/2.wav": sound(2),
      "train/y/3.wav": sound(3),
      "train/y/4.wav": sound(4),
      "validation/x/5.wav": sound(5),
      "test/x/6.wav": sound(1),
    });
    const leaking = await inspect(folder, "--strict");
    expect(leaking.code).toBe(1);
    expect(leaking.stdout).toContain('duplicate "test/x/6.wav = train/x/1.wav" (train 1, test 1)');
    expect(leaking.stdout).toContain("--no-official-split");
    const own = await inspect(folder, "--no-official-split", ...SPLIT);
    expect(own.stdout).toContain("No leaks: the parts share no recordings.");
    const blind = await inspect(folder, "--no-duplicates", "--strict");
    expect(blind.code).toBe(0);
    expect(blind.stdout).toContain("No search for duplicates was made.");
  });

  it("refuses what holds no recordings, and shares that are none", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "x"));
    const empty = await inspect(folder);
    expect(empty.code).toBe(1);
    expect(empty.stderr).toContain("it contains no recordings");
    const { code, stderr } = await inspect(folder, "--split", "1/2");
    expect(code).toBe(2);
    expect(stderr).toContain("three shares with sum 1");
  });

  it("has help with examples in 80 columns", async () => {
    const { code, stdout } = await auricle(["inspect", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Examples:\n  $ auricle inspect");
    for (const line of stdout.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(80);
  });
});
