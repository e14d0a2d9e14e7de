/** @file How `auricle train` takes recordings of all kinds: lists and splits, and what is wrong with them. */

import { existsSync } from "node:fs";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { toneFile, writeRecording, writeToneFolder } from "../../runs/testing/recordings.ts";
import { jsonLines } from "../testing/command-line.ts";
import { readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();

interface Split {
  readonly report: { readonly origin: string; readonly method: string; readonly leaks: readonly object[] };
  readonly parts: Readonly<Record<"train" | "validation" | "test", readonly string[]>>;
}

async function splitOf(run: string): Promise<Split> {
  return JSON.parse(await readFile(join(run, "split.json"), "utf8")) as Split;
}

async function place(): Promise<{ data: string; out: string }> {
  const folder = await temporaryFolder();
  return { data: join(folder, "tones"), out: join(folder, "run") };
}

/** Half of the recordings to train on, so that eight are enough for all parts. */
const HALVES = ["--split", "0.5/0.25/0.25"];

/** Eight recordings, `low-0.wav` … `high-3.wav`, and a list of them with the columns of `header` beyond path and label. */
async function writeListed(data: string, header: string, columns: (name: string, i: number) => string) {
  const rows: string[] = [];
  for (const [label, frequency] of Object.entries({ low: 300, high: 2700 })) {
    for (let i = 0; i < 4; i++) {
      const name = `${label}-${i}.wav`;
      await writeRecording(join(data, name), toneFile({ frequencies: [frequency], seed: frequency + i }));
      rows.push(`${name},${label},${columns(name, i)}`);
    }
  }
  await writeRecording(join(data, "list.csv"), `path,label,${header}\n${rows.join("\n")}\n`);
}

describe("splits", () => {
  it("takes that of the data's authors, by folders", async () => {
    const { data, out } = await place();
    for (const [seed, part] of ["train", "valid", "test"].entries()) {
      await writeToneFolder(join(data, part), { clips: 2, seed });
    }
    expect(await tests.train(data, out)).toMatchObject({ code: 0 });
    const { report, parts } = await splitOf(out);
    expect(report).toMatchObject({ origin: "official", method: "official" });
    expect(parts.test).toEqual([
      "test/high/high-0.wav",
      "test/high/high-1.wav",
      "test/low/low-0.wav",
      "test/low/low-1.wav",
    ]);
    expect(parts.validation.every((id) => id.startsWith("valid/"))).toBe(true);
  });

  it("refuses that of the data's authors where it has the same recordings in several parts", async () => {
    const { data, out } = await place();
    for (const part of ["train", "valid", "test"]) await writeToneFolder(join(data, part), { clips: 1 });
    const { code, stderr } = await tests.train(data, out);
    expect(code).toBe(1);
    expect(stderr).toContain("it would leak");
    expect(stderr).toMatch(/duplicate ".*\/high\/high-0\.wav = .*\/high\/high-0\.wav" /);
    expect(await tests.train(data, out, "--no-duplicates")).toMatchObject({ code: 0 });
  });

  it("takes that of a list, and makes its own where asked", async () => {
    const { data, out } = await place();
    await writeListed(data, "split", (_, i) => ["train", "train", "validation", "test"][i]);
    expect(await tests.train(data, out)).toMatchObject({ code: 0 });
    expect((await splitOf(out)).parts.test).toEqual(["low-3.wav", "high-3.wav"]);
    const own = `${out}-own`;
    expect(await tests.train(data, own, "--no-official-split", ...HALVES)).toMatchObject({ code: 0 });
    expect((await splitOf(own)).report.origin).toBe("random");
  });

  it("tests each recording once over all folds", async () => {
    const { data, out } = await place();
    await writeToneFolder(data, { clips: 4 });
    const tested: string[] = [];
    for (const fold of ["1/2", "2/2"]) {
      const folder = `${out}-${fold[0]}`;
      expect(await tests.train(data, folder, "--fold", fold, ...HALVES)).toMatchObject({ code: 0 });
      const { report, parts } = await splitOf(folder);
      expect(report.origin).toBe("fold");
      expect(parts.test).toHaveLength(4);
      tested.push(...parts.test);
    }
    expect(new Set(tested).size).toBe(8);
  });

  it("keeps a group together", async () => {
    const { data, out } = await place();
    await writeListed(data, "group", (_, i) => `singer ${i}`);
    expect(await tests.train(data, out, ...HALVES)).toMatchObject({ code: 0 });
    const { parts } = await splitOf(out);
    const singers = Object.values(parts).map((ids) => new Set(ids.map((id) => /\d/.exec(id)?.[0])));
    expect(singers.map(({ size }) => size)).toEqual([2, 1, 1]);
  });

  it("keeps recordings that are the same together, unless it is told not to look", async () => {
    const { data, out } = await place();
    // Each recording is there twice.
    for (const [label, frequency] of Object.entries({ low: 300, high: 2700 })) {
      for (let i = 0; i < 4; i++) {
        const tone = { frequencies: [frequency], seed: frequency + i };
        for (const copy of ["a", "b"])
          await writeRecording(join(data, label, `${i}${copy}.wav`), toneFile(tone));
      }
    }
    expect(await tests.train(data, out, ...HALVES)).toMatchObject({ code: 0 });
    const { report, parts } = await splitOf(out);
    expect(report.method).toContain("8 pairs of duplicates kept together");
    for (const ids of Object.values(parts)) {
      const originals = new Set(ids.map((id) => id.replace(/[ab]\.wav$/, "")));
      expect(ids).toHaveLength(2 * originals.size);
    }
    const blind = `${out}-blind`;
    expect(await tests.train(data, blind, ...HALVES, "--no-duplicates")).toMatchObject({ code: 0 });
    expect((await splitOf(blind)).report.method).not.toContain("duplicates");
    expect(await tests.run(["train", "--resume", blind])).toMatchObject({ code: 0 });
  });

  it("refuses one that leaks, and marks a forced one wherever its results are shown", async () => {
    const { data, out } = await place();
    // The last singer is in two parts.
    const parts = ["train", "train", "validation", "test"];
    await writeListed(data, "group,split", (name, i) => `${i === 0 ? "Ann" : name},${parts[i]}`);
    const list = join(data, "list.csv");
    const content = await readFile(list, "utf8");
    await writeRecording(list, content.replace("high-3.wav,high,high-3.wav", "high-3.wav,high,Ann"));
    const refused = await tests.train(data, out);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain('it would leak and give results that are too optimistic: group "Ann"');
    expect(existsSync(out)).toBe(false);

    const { code, stdout } = await tests.train(data, out, "--force-split");
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, " ")).toContain("This split was forced: 1 group, recording");
    const mark = /The split was forced although it leaks\.\nSeveral parts share one group/;
    expect(stdout.slice(stdout.indexOf("Time:"))).toMatch(mark);
    expect(await readRunJson(out, "result.json")).toMatchObject({ split: { leaks: 1, forced: true } });
    expect(await readFile(join(out, "report.html"), "utf8")).toContain(
      "The split was forced although it leaks.",
    );
    expect((await splitOf(out)).report.leaks).toEqual([
      { kind: "group", what: "Ann", clips: { train: 2, validation: 0, test: 1 } },
    ]);
    expect((await tests.run(["eval", out])).stdout).toMatch(mark);
    const [event] = jsonLines((await tests.run(["eval", out, "--json"])).stdout);
    expect(event.split).toMatchObject({ leaks: 1, forced: true });
  });
});

describe("recordings of all kinds", () => {
  it("may have any rate, any number of channels, and be shorter than a window", async () => {
    const { data, out } = await place();
    await writeToneFolder(data, { clips: 3 });
    const odd = { frequencies: [300], seed: 9 };
    await writeRecording(join(data, "low", "slow.wav"), toneFile({ ...odd, sampleRate: 11_025 }));
    await writeRecording(
      join(data, "low", "wide.wav"),
      toneFile({ ...odd, sampleRate: 44_100, channels: 2 }),
    );
    await writeRecording(join(data, "low", "short.wav"), toneFile({ ...odd, seconds: 0.02 }));
    const { code, stderr } = await tests.train(data, out, ...HALVES, "--no-official-split");
    expect([code, stderr]).toEqual([0, ""]);
    const { parts } = await splitOf(out);
    expect(Object.values(parts).flat()).toHaveLength(9);
  });

  it("may be called anything", async () => {
    const { data, out } = await place();
    const names = [
      "two words",
      `it's "quoted"`,
      "línea\nnueva",
      "日本語",
      "-rf $HOME `x`; & | * ?",
      "#1 100%",
    ];
    const [one, other] = ["Ω & <b>low", 'high\'s\n"class"'];
    for (const [i, name] of names.entries()) {
      await writeRecording(join(data, one, `${name}.wav`), toneFile({ frequencies: [300], seed: i }));
      await writeRecording(join(data, other, `${name}.wav`), toneFile({ frequencies: [2700], seed: 50 + i }));
    }
    const odd = `${out} 'of' "all"\tnames é`;
    expect(await tests.train(data, odd, ...HALVES)).toMatchObject({ code: 0, stderr: "" });
    const { parts } = await splitOf(odd);
    const ids = [one, other].flatMap((label) => names.map((name) => `${label}/${name}.wav`));
    expect(Object.values(parts).flat().sort()).toEqual(ids.sort());
    const html = await readFile(join(odd, "report.html"), "utf8");
    expect(html).not.toContain("<b>low");
    const [event] = jsonLines((await tests.run(["eval", odd, "--json"])).stdout);
    expect(event).toMatchObject({ evaluations: [{ classes: [{ name: other }, { name: one }] }, {}] });
  });

  it("passes over dot-files and their like", async () => {
    const { data, out } = await place();
    await writeToneFolder(data, { clips: 4 });
    await writeRecording(join(data, "low", "._low-0.wav"), "AppleDouble");
    await writeRecording(join(data, "__MACOSX", "low", "low-0.wav"), "x");
    await writeRecording(join(data, "low", "cover.jpg"), "x");
    const { code, stdout } = await tests.train(data, out, ...HALVES);
    expect(code).toBe(0);
    expect(stdout).toContain("1 file that is not audio by the extension left out");
    expect(Object.values((await splitOf(out)).parts).flat()).toHaveLength(8);
  });
});

describe("recordings that cannot be used", () => {
  async function withFaults(data: string): Promise<void> {
    await writeToneFolder(data, { clips: 5 });
    await writeRecording(join(data, "low", "text.wav"), "this is no sound");
    await writeRecording(join(data, "high", "empty.wav"), "");
    // A header alone, with no samples behind it.
    await writeRecording(
      join(data, "high", "header.wav"),
      toneFile({ frequencies: [1], seed: 1 }).subarray(0, 44),
    );
    await symlink(data, join(data, "low", "circle"));
  }

  it("are named, and the others are used", async () => {
    const { data, out } = await place();
    await withFaults(data);
    const { code, stdout, stderr } = await tests.train(data, out, ...HALVES);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("Left out, as they cannot be used:\n");
    expect(stdout).toMatch(new RegExp(`^ {2}${join(data, "high", "empty.wav")}: empty file`, "m"));
    expect(stdout).toMatch(new RegExp(`^ {2}${join(data, "low", "text.wav")}: `, "m"));
    expect(stdout).toMatch(new RegExp(`^ {2}${join(data, "high", "header.wav")}: `, "m"));
    const { parts } = await splitOf(out);
    expect(Object.values(parts).flat()).toHaveLength(10);
    expect(await readFile(join(out, "report.html"), "utf8")).toContain("low/text.wav");
    const events = await tests.train(data, `${out}-json`, ...HALVES, "--json");
    expect(jsonLines(events.stdout)).toHaveLength(4);
    expect(events.stderr).toContain("text.wav");
    // The run goes on and is tested without them, too.
    const evaluated = await tests.run(["eval", out]);
    expect(evaluated.code).toBe(0);
    expect(evaluated.stdout).toContain("text.wav");
  });

  it("are told where they can be used all the same: in the log, --json, the report, and when tested", async () => {
    const { data, out } = await place();
    await writeToneFolder(data, { clips: 5 });
    const path = join(data, "low", "recorder.wav");
    const bytes = toneFile({ frequencies: [300], seed: 9 });
    // The bytes of a frame, as some recorders write them: 4 for one channel of 16 bits.
    bytes[32] = 4;
    await writeRecording(path, bytes);
    const warning =
      `used despite problems:\n  ${path}: ` +
      "the header contradicts itself: 1 sample of 16 bits in 4 bytes; read as 16-bit PCM, 2 bytes a frame";
    const { code, stdout } = await tests.train(data, out, ...HALVES, "--json");
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toContainEqual({ event: "warning", text: warning });
    expect(await readRunJson(out, "warnings.json")).toEqual([warning]);
    expect(await readFile(join(out, "report.html"), "utf8")).toContain("the header contradicts itself");
    const evaluated = await tests.run(["eval", out]);
    expect(evaluated.stdout + evaluated.stderr).toContain(
      "recorder.wav: damaged or inconsistent with its header",
    );
  });

  it("are refused by --strict", async () => {
    const { data, out } = await place();
    await withFaults(data);
    const listed = await tests.train(data, out, "--strict");
    expect(listed).toMatchObject({ code: 1, stdout: "" });
    expect(listed.stderr).toContain("empty.wav: empty file (0 bytes); refused because strict is set");
    const other = await place();
    await writeToneFolder(other.data, { clips: 5 });
    await writeRecording(join(other.data, "low", "text.wav"), "this is no sound");
    const decoded = await tests.train(other.data, other.out, "--strict");
    expect(decoded).toMatchObject({ code: 1, stdout: "" });
    expect(decoded.stderr).toMatch(/1 of 11 clips cannot be used:\n .*text\.wav: /);
    for (const run of [out, other.out]) expect(existsSync(run)).toBe(false);
  });

  it("may not be all, nor all but those of one class", async () => {
    const { data, out } = await place();
    for (const label of ["low", "high"]) {
      for (const name of ["a", "b"]) await writeRecording(join(data, label, `${name}.wav`), "no sound");
    }
    const all = await tests.train(data, out);
    expect(all).toMatchObject({ code: 1, stdout: "" });
    expect(all.stderr).toMatch(/^error: 4 of 4 clips cannot be used:\n( .*\.wav: .*\n){4}$/);

    const { data: half, out: halfOut } = await place();
    await writeToneFolder(half, { classes: ["low"] });
    await writeRecording(join(half, "high", "a.wav"), "no sound");
    const one = await tests.train(half, halfOut);
    expect(one).toMatchObject({ code: 1 });
    expect(one.stderr).toMatch(
      /of its 2 classes only "low" has recordings that can be read \(1 cannot: .*a\.wav/,
    );
    for (const run of [out, halfOut]) expect(existsSync(run)).toBe(false);
  });
});

describe("folders with nothing to learn from", () => {
  it("has one class", async () => {
    const { data, out } = await place();
    await writeToneFolder(data, { classes: ["low"], clips: 3 });
    const { code, stderr } = await tests.train(data, out);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'all 3 recordings are of one class, "low"; it must contain a folder of recordings for each class',
    );
    expect(existsSync(out)).toBe(false);
  });

  it("has one recording in a class, which is trained on and told", async () => {
    const { data, out } = await place();
    await writeToneFolder(data, { classes: ["low"] });
    await writeToneFolder(data, { classes: ["high"], clips: 1 });
    const { code, stdout } = await tests.train(data, out, ...HALVES);
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, " ")).toContain('There is only one recording of "high"');
    expect((await splitOf(out)).parts.train).toContain("high/high-0.wav");
  });

  it.each(["an empty folder", "a folder of other files", "a place that is not there"])(
    "is %s",
    async (what) => {
      const { data, out } = await place();
      if (what.includes("folder")) await mkdir(data);
      if (what.includes("other")) await writeRecording(join(data, "a", "notes.txt"), "x");
      const { code, stdout, stderr } = await tests.train(data, out);
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(/^error: .*tones/);
      expect(stderr).not.toContain("fault in Auricle");
      expect(stderr).not.toContain("    at ");
    },
  );
});
