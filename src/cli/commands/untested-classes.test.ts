/** @file The command's messages about classes that cannot be learnt, and about test sets too small to tell anything. */

import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { isWritten } from "../../runs/run-folder.ts";
import { writeRecording, writeToneFolder } from "../../runs/testing/recordings.ts";
import { jsonLines } from "../testing/command-line.ts";
import { readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();

async function place(): Promise<{ data: string; out: string }> {
  const folder = await temporaryFolder();
  return { data: join(folder, "tones"), out: join(folder, "run") };
}

const ALL = ["low", "middle", "high"];

/** Rows of a list beside three classes of tones, by class and number of the recording. */
async function writeListed(
  data: string,
  header: string,
  row: (name: string, i: number) => string | undefined,
) {
  await writeToneFolder(data, { classes: ALL, clips: 4 });
  const rows = ALL.flatMap((name) => [0, 1, 2, 3].map((i) => ({ name, i, columns: row(name, i) })));
  const kept = rows.filter(({ columns }) => columns !== undefined);
  const lines = kept.map(({ name, i, columns }) => `${name}/${name}-${i}.wav,${name}${columns ?? ""}`);
  await writeRecording(join(data, "list.csv"), `path,label${header}\n${lines.join("\n")}\n`);
}

describe("a class that is not in training", () => {
  it("is refused where test folders alone have it, found by inspect, and told where it is insisted on", async () => {
    const { data, out } = await place();
    await writeToneFolder(join(data, "train"), { clips: 3 });
    await writeToneFolder(join(data, "test"), { classes: ALL, clips: 2, seed: 5 });
    const refused = await tests.train(data, out);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/training has no clip of "middle" \(test 2\).*--no-official-split/s);

    const inspected = await tests.run(["inspect", data, "--strict"]);
    expect(inspected.code).toBe(1);
    expect(inspected.stdout).not.toContain("No problems found");
    expect(inspected.stdout).toMatch(
      /In the test or validation part, but not in training:\n {2}"middle" \(test 2\)/,
    );
    expect(inspected.stdout).toMatch(/To do: add training clips of the classes that training lacks/);
    const [json] = jsonLines((await tests.run(["inspect", data, "--json"])).stdout);
    expect(json).toMatchObject({
      split: { untrained: [{ name: "middle", clips: { validation: 0, test: 2 } }] },
    });

    const forced = await tests.train(data, out, "--force-split", "--split", "0.6/0.2/0.2");
    expect(forced.code).toBe(0);
    expect(forced.stderr + forced.stdout).toMatch(
      /Training has no clip of "middle" \(test 2\): the model cannot/,
    );
    const told = expect.arrayContaining([
      expect.stringMatching(/^Training has no clip of "middle"/),
    ]) as unknown;
    expect(await readRunJson(out, "result.json")).toMatchObject({ notes: told });
    expect(await readFile(join(out, "report.html"), "utf8")).toContain("Training has no clip of");
  });

  it("is refused where a list puts it into validation alone", async () => {
    const { data, out } = await place();
    await writeListed(data, ",split", (name, i) =>
      name === "middle" ? ",valid" : `,${["train", "train", "valid", "test"][i]}`,
    );
    const { code, stderr } = await tests.train(data, out);
    expect([code, stderr]).toEqual([1, expect.stringContaining('no clip of "middle" (validation 4)')]);
  });

  it("is refused where all its training clips are broken", async () => {
    const { data, out } = await place();
    await writeListed(data, ",split", (_, i) => `,${["train", "train", "valid", "test"][i]}`);
    for (const i of [0, 1]) await writeRecording(join(data, "middle", `middle-${i}.wav`), "no sound");
    const { code, stderr } = await tests.train(data, out);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('no clip of "middle" (validation 1, test 1)'),
    ]);
    expect(stderr).toMatch(/2 files cannot be used: .*middle-0.wav: .*; .*middle-1.wav/s);
  });

  it("is refused where the fold that is held out has all its clips", async () => {
    const { data, out } = await place();
    await writeListed(data, ",group", (name, i) => (name === "middle" ? ",one" : `,${name}${i}`));
    const codes: number[] = [];
    for (const fold of ["1/2", "2/2"]) {
      const { code, stderr } = await tests.train(data, `${out}-${fold[0]}`, "--fold", fold);
      codes.push(code);
      if (code === 1) expect(stderr).toContain('no clip of "middle" (test 4)');
    }
    expect(codes.sort()).toEqual([0, 1]);
  });

  it("is a warning among tags", async () => {
    const { data, out } = await place();
    await writeListed(
      data,
      ",split",
      (name, i) =>
        `${name === "middle" && i === 3 ? "|odd" : "|tone"},${["train", "train", "valid", "test"][i]}`,
    );
    const { code, stdout, stderr } = await tests.train(data, out);
    expect(code).toBe(0);
    expect(stdout + stderr).toMatch(/Training has no clip of "odd" \(test 1\)/);
    const inspected = await tests.run(["inspect", data]);
    expect(inspected.stdout).toMatch(
      /In the test or validation part, but not in training:\n {2}"odd" \(test 1\)/,
    );
  });
});

describe("files of a list that are missing", () => {
  it("are named by training and inspection where a whole class is gone", async () => {
    const { data, out } = await place();
    await writeListed(data, "", () => "");
    await rm(join(data, "middle"), { recursive: true });
    await rm(join(data, "high"), { recursive: true });
    for (const argv of [
      ["inspect", data],
      ["inspect", data, "--json"],
      ["train", data, "--out", out],
    ]) {
      const { code, stderr } = await tests.run(argv);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /only recordings of "low" can be used.*All 8 files of "middle", "high" are left out/s,
      );
      expect(stderr).toContain(`${join(data, "middle", "middle-0.wav")}: no such file`);
      expect(stderr).toContain("and 3 more");
    }
  });

  it("are told where two classes are left", async () => {
    const { data } = await place();
    await writeListed(data, "", () => "");
    await rm(join(data, "middle"), { recursive: true });
    const [json] = jsonLines((await tests.run(["inspect", data, "--json"])).stdout);
    expect(json.notes).toContainEqual(
      expect.stringMatching(/^No recording of "middle" can be used, so a model cannot/),
    );
    expect(json.problems).toHaveLength(4);
  });
});

describe("a test part", () => {
  it.each([
    [8, "at most|has 1 clip,", 20],
    [40, "has 4 clips,", 51],
  ])("of %i recordings is said to be too small", async (clips, told, least) => {
    const { data } = await place();
    await writeToneFolder(data, { clips: clips / 2 });
    const [json] = jsonLines((await tests.run(["inspect", data, "--split", "0.8/0.1/0.1", "--json"])).stdout);
    expect(json.notes).toContainEqual(
      expect.stringMatching(new RegExp(`The test part (${told}).*between ${least} and 100 %`)),
    );
  });

  it("of one clip has its interval, and a better way proposed, in the log, the result and the report", async () => {
    const { data, out } = await place();
    await writeToneFolder(data, { clips: 5 });
    const { code, stdout, stderr } = await tests.train(data, out);
    expect(code).toBe(0);
    const note =
      /The test part has 1 clip, too few for a reliable result: even 1 of 1 classified correctly mean an accuracy between 20 and 100 %/;
    expect((stdout + stderr).replace(/\s+/g, " ")).toMatch(note);
    expect(stdout).toMatch(/Test: accuracy \d+.\d %.* \(95 %: \d+.\d to \d+.\d\)/);
    expect(await readRunJson(out, "result.json")).toMatchObject({
      notes: expect.arrayContaining([
        expect.stringMatching(/Better: cross-validation \(--fold 1\/5 to 5\/5, and the mean/),
      ]) as unknown,
    });
    expect(await readFile(join(out, "report.html"), "utf8")).toContain("too few for a reliable result");
    // What a killed save leaves of each is removed, so all must be known.
    expect((await readdir(out)).filter((name) => !isWritten(name))).toEqual([]);
  });
});
