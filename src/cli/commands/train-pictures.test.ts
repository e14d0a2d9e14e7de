/** @file `auricle train`, `eval` and `predict` on folders and lists of pictures. */

import { copyFile, cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { picture } from "../../image/testing/pictures.ts";
import { stripesFile, writePicture, writeStripesFolder } from "../../runs/testing/pictures.ts";
import { auricle, jsonLines, type CommandResult } from "../testing/command-line.ts";
import { bitsOf, readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
const RECIPE = ["--epochs", "3", "--batch-size", "8", "--threads", "1", "--split", "0.5/0.25/0.25"];

/** Options with which a network tells the stripes apart. */
const LEARNS = ["--model", "fashion-cnn", "--epochs", "12", "--learning-rate", "0.003"];

let data: string;
let run: string;

/** `auricle train` with a quick recipe, which options overrule. */
function train(
  place: string,
  out: string,
  options: string[] = [],
  interruptAt?: RegExp,
): Promise<CommandResult> {
  return tests.run(["train", place, "--out", out, ...RECIPE, ...options], interruptAt);
}

async function runFolder(): Promise<string> {
  return join(await temporaryFolder(), "run");
}

beforeAll(async () => {
  data = join(tests.folder, "stripes");
  await writeStripesFolder(data, 16);
  run = join(tests.folder, "run");
  const { code } = await train(data, run, LEARNS);
  expect(code).toBe(0);
});

describe("train on a folder of pictures", () => {
  it("reads what can be read, names what cannot, and learns", async () => {
    const folder = join(await temporaryFolder(), "pictures");
    await writeStripesFolder(folder, 16);
    await writePicture(join(folder, "lying", "png-called.jpg"), picture("png RGB").bytes);
    await writePicture(join(folder, "lying", "cut.jpg"), picture("jpeg 4:2:0").bytes.subarray(0, 500));
    await writePicture(join(folder, "lying", "text.png"), "no picture");
    await writePicture(join(folder, "standing", "empty.gif"), "");
    const out = await runFolder();
    const { code, stdout } = await train(folder, out, ["--size", "16", ...LEARNS]);
    expect(code).toBe(0);
    const said = stdout.replaceAll(/\s+/g, " ");
    for (const name of ["cut.jpg", "text.png", "empty.gif"]) expect(said).toContain(name);
    expect(said).not.toContain("png-called.jpg");
    expect(said).toContain("Images become 16 × 16 pixels, in colour; those of another shape are cropped.");
    expect(said).toContain("fashion-cnn on pictures: 17 training images, 8 validation images");
    for (const line of stdout.split("\n")) {
      if (!line.includes(folder) && !line.includes(out))
        expect([...line].length, line).toBeLessThanOrEqual(80);
    }
    const config = await readRunJson(out, "config.json");
    expect(config).toMatchObject({
      kind: "images",
      pixels: { width: 16, height: 16, channels: 3, fit: "crop" },
    });
    const result = await readRunJson(out, "result.json");
    expect(result.evaluations).toMatchObject([{ name: "test", accuracy: 1 }, { name: "validation" }]);
    const report = await readFile(join(out, "report.html"), "utf8");
    expect(report).toContain("Learned filters");
    expect(report).toContain("cut.jpg");
  });

  it("goes on after Ctrl-C and ends with the bits of a run never interrupted, augmented and balanced", async () => {
    const [whole, broken] = [await runFolder(), await runFolder()];
    const options = ["--augment", "--mixup", "0.2", "--flip", "both", "--balance", "sampling"];
    expect((await train(data, whole, options)).code).toBe(0);
    expect((await train(data, broken, options, /1\/3/)).code).toBe(130);
    expect((await tests.run(["train", "--resume", broken, "--threads", "2"])).code).toBe(0);
    expect(await bitsOf(broken)).toEqual(await bitsOf(whole));
  });

  it("augments in long trainings, unless told not to", async () => {
    const printed = async (...options: string[]) => {
      const { code, stdout } = await tests.run(["train", data, ...options, "--print-config"]);
      expect(code).toBe(0);
      return (JSON.parse(stdout) as { augment: boolean }).augment;
    };
    expect(await printed()).toBe(false);
    expect(await printed("--epochs", "200")).toBe(true);
    expect(await printed("--epochs", "200", "--no-augment")).toBe(false);
  });

  it("trains with several seeds, and by folds", async () => {
    const out = await runFolder();
    const seeds = await train(data, out, ["--seeds", "2", "--json"]);
    expect(seeds.code).toBe(0);
    expect(jsonLines(seeds.stdout).at(-1)).toMatchObject({
      event: "seeds",
      runs: [{ seed: 0 }, { seed: 1 }],
    });
    const fold = await runFolder();
    expect((await train(data, fold, ["--fold", "2/4"])).code).toBe(0);
    const { parts } = (await readRunJson(fold, "split.json")) as { parts: Record<string, string[]> };
    expect(parts.test).toHaveLength(8);
  });

  it("starts from another run's weights and tests on pictures that these do not know", async () => {
    const other = join(await temporaryFolder(), "others");
    await writeStripesFolder(other, 8, 1);
    const known = ((await readRunJson(run, "split.json")) as { parts: { train: string[] } }).parts.train;
    for (const [i, id] of known.slice(0, 4).entries()) {
      await copyFile(join(data, id), join(other, id.split("/")[0], `known-${i}.bmp`));
    }
    const out = await runFolder();
    const { code, stdout } = await train(other, out, ["--from", run, "--freeze"]);
    expect(code).toBe(0);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("were trained on 4 of these images");
    const { parts } = (await readRunJson(out, "split.json")) as { parts: Record<string, string[]> };
    expect(parts.train.filter((id) => id.includes("known"))).toHaveLength(4);
  });

  it("trains a network of one's own, which the run keeps", async () => {
    const file = join(await temporaryFolder(), "network.json");
    await writeFile(file, (await auricle(["models", "lenet5"])).stdout);
    const out = await runFolder();
    const { code, stdout: told } = await train(data, out, ["--model", file, "--epochs", "1"]);
    expect(code).toBe(0);
    expect(told).toContain("network on stripes: 16 training images");
    await rm(file);
    const { stdout } = await tests.run(["train", "--resume", out]);
    expect(stdout).toContain("This run is finished");
    const { network } = await readRunJson(out, "config.json");
    expect(network).toMatchObject({ inputs: [{ shape: [16, 16, 3] }] });
  });

  it("learns tags and numbers of a list", async () => {
    const folder = await temporaryFolder();
    const rows = Array.from({ length: 16 }, (_, i) => ({ stands: i % 2 === 0, seed: i }));
    for (const row of rows) await writePicture(join(folder, `${row.seed}.bmp`), stripesFile(row));
    const tags = rows.map(({ stands, seed }) => `${seed}.bmp,${stands ? "standing;stripes" : "stripes"}`);
    await writeFile(join(folder, "tags.csv"), ["path,label", ...tags].join("\n"));
    const numbers = rows.map(({ stands, seed }) => `${seed}.bmp,${stands ? 90.5 : 0.5}`);
    await writeFile(join(folder, "numbers.csv"), ["path,label", ...numbers].join("\n"));
    for (const task of ["tagging", "regression"] as const) {
      const list = join(folder, task === "tagging" ? "tags.csv" : "numbers.csv");
      const out = await runFolder();
      expect((await train(list, out, ["--task", task])).code, task).toBe(0);
      expect((await readRunJson(out, "result.json")).evaluations).toMatchObject([{ task }, { task }]);
      const predicted = await auricle(["predict", out, join(folder, "0.bmp"), "--json"]);
      const key = task === "tagging" ? "tags" : "values";
      expect(jsonLines(predicted.stdout)[0], task).toHaveProperty(key);
    }
  });
});

describe("what train on pictures refuses", () => {
  it.each<[string, Record<string, Uint8Array | string>, RegExp]>([
    [
      "one class",
      { "a/1.bmp": stripesFile({ stands: true, seed: 0 }) },
      /all 1 images are of one class, "a"/,
    ],
    ["nothing to read", { "a/1.png": "x", "b/2.png": "x" }, /none can be used/],
    ["no pictures", { "a/1.txt": "x" }, /it contains no recordings/],
  ])("a folder with %s", async (_, files, message) => {
    const folder = await temporaryFolder();
    for (const [name, content] of Object.entries(files)) await writePicture(join(folder, name), content);
    const { code, stderr } = await train(folder, await runFolder());
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("    at ");
  });

  it("nothing where a class has one picture, which is trained on and told", async () => {
    const folder = await temporaryFolder();
    await writeStripesFolder(folder, 8);
    await writePicture(join(folder, "rare", "0.bmp"), stripesFile({ stands: true, seed: 77 }));
    const { code, stdout } = await train(folder, await runFolder());
    expect(code).toBe(0);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("There is only one image of");
  });

  it.each([
    [["--window", "1"], 2, "--window is for sound, and these data are images"],
    [["--model", "mel-cnn"], 2, "mel-cnn is for sound; for images there are lenet5, "],
    [["--size", "0"], 2, "a width and a height from 1 to 65536"],
    [["--zoom", "2/1"], 2, "two factors above 0, the smaller first"],
    [["--from", "x", "--size", "8"], 2, "the size and the form of images are those of that network"],
    [["--model", "lenet5-1998"], 1, "input must be [28,28,1] or [32,32,1] with 10 classes"],
    [["--train-size", "1000"], 1, "the training size must be at most 16"],
  ])("%j", async (options, exit, message) => {
    const { code, stderr } = await train(data, await runFolder(), options);
    expect(code).toBe(exit);
    expect(stderr).toContain(message);
  });
});

describe("eval and predict", () => {
  it("tell the pictures that the model knows, wherever they are", async () => {
    const other = join(await temporaryFolder(), "copy");
    await writeStripesFolder(other, 8, 2);
    const { parts } = (await readRunJson(run, "split.json")) as { parts: Record<string, string[]> };
    await copyFile(join(data, parts.train[0]), join(other, parts.train[0].split("/")[0], "a copy.bmp"));
    const { code, stdout } = await tests.run(["eval", run, other]);
    expect(code).toBe(0);
    expect(stdout).toContain("16 of 17 images are new to this model.");
    expect(stdout).toMatch(/\nSeen in training: accuracy .*\n1 image/);
    const json = await tests.run(["eval", run, other, "--json"]);
    const event = jsonLines(json.stdout).find((one) => one.event === "evaluated") ?? {};
    expect(event).toMatchObject({ seen: { new: 16, validation: 0, training: 1 } });
    expect(event).not.toHaveProperty("heard");
    const [fresh, seen] = event.evaluations as { name: string; clips: object[] }[];
    expect([fresh.name, seen.name, seen.clips.length]).toEqual(["test", "seen in training", 1]);
    expect(Object.keys(seen.clips[0])).toEqual(["id", "truth", "outputs"]);
    const csv = await tests.run(["eval", run, "--csv", "-"]);
    expect(csv.stdout.trimEnd().split("\n")).toHaveLength(1 + parts.test.length + parts.validation.length);
  });

  it("and the report of such a run speak of images alone", async () => {
    const other = join(await temporaryFolder(), "others");
    await writeStripesFolder(other, 8, 3);
    await copyFile(join(data, "lying", "1.bmp"), join(other, "lying", "known.bmp"));
    await writePicture(join(other, "standing", "cut.png"), picture("png RGB").bytes.subarray(0, 400));
    const out = await runFolder();
    const trained = await train(other, out, ["--from", run, "--transfer", "whole", "--force-split"]);
    expect(trained.code).toBe(0);
    const evaluated = await tests.run(["eval", out, data]);
    const predicted = await auricle(["predict", out, "--index", "0..2"]);
    const page = (await readFile(join(out, "report.html"), "utf8")).replaceAll(
      /<(script|style)\b[^>]*>.*?<\/\1>|="[^"]*"/gs,
      "",
    );
    const said = [trained, evaluated, predicted].flatMap(({ stdout, stderr }) => [stdout, stderr]);
    for (const text of [...said, page]) {
      expect(
        /.*\b(clips?|recordings?|hear|heard|listen\w*|windows?|sounds?|songs?)\b.*/i.exec(text)?.[0],
      ).toBeUndefined();
    }
    // A file that is left out is named once.
    const notes = trained.stdout.split("\n").filter((line) => line.includes("cut.png"));
    expect(notes).toHaveLength(1);
    expect(notes[0].split("cut.png")).toHaveLength(2);
    expect(page.split("cut.png")).toHaveLength(2);
  });

  it("a run of an earlier version is told what it is, and its model still predicts", async () => {
    const earlier = join(await temporaryFolder(), "earlier");
    await cp(run, earlier, { recursive: true });
    // Such runs named the files of their data, and no kind.
    await writeFile(join(earlier, "config.json"), JSON.stringify({ files: {}, model: "fashion-cnn" }));
    const told = "a run on images that an earlier version of Auricle made";
    for (const argv of [
      ["eval", earlier],
      ["predict", earlier, "--index", "0"],
      ["train", "--resume", earlier],
    ]) {
      const { code, stderr } = await auricle(argv);
      expect([code, stderr.replaceAll(/\s+/g, " ").includes(told)], argv.join(" ")).toEqual([1, true]);
    }
    const { code, stdout } = await auricle(["predict", earlier, join(data, "lying", "0.bmp")]);
    expect(code).toBe(0);
    expect(stdout).toContain("lying");
  });

  it("predict files and folders, and go on behind one that is damaged", async () => {
    const folder = await temporaryFolder();
    await copyFile(join(data, "lying", "0.bmp"), join(folder, "one.bmp"));
    await writePicture(join(folder, "two.png"), "no picture");
    await writePicture(join(folder, "three.jpg"), picture("jpeg 4:2:0").bytes);
    const { code, stdout, stderr } = await auricle(["predict", run, folder, "--threads", "1"]);
    expect(code).toBe(1);
    expect(stderr).toContain("two.png");
    expect(stdout).toContain("Summary: 2 of 3 images predicted");
    const json = await auricle(["predict", run, join(folder, "one.bmp"), "--json"]);
    expect(jsonLines(json.stdout)).toMatchObject([{ event: "prediction", class: "lying" }]);
    const table = await auricle(["predict", run, folder, "--csv", "-"]);
    expect(table.stdout.split(/\r?\n/)[0]).toBe(
      "source,example,class,true class,seen in,problem,probability of lying,probability of standing",
    );
    expect((await auricle(["predict", run, join(folder, "two.png")])).code).toBe(1);
  });
});
