/** @file The commands beside `train`, on one small run. */

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import type { AccuracyCost, EvaluationFigures } from "../../runs/index.ts";
import { supportsPrecision } from "../../runtime/precision.ts";
import { chooseTarget } from "../../runtime/target.ts";
import { idxBytes, writeDigitsFolder } from "../../runs/testing/idx-folder.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";

/** Runs have the default target. */
const hasBfloat16 = supportsPrecision(chooseTarget(), "bfloat16");

let folder: string;
let data: string;
let run: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "auricle-test-"));
  data = folder;
  run = join(folder, "run");
  await writeDigitsFolder(data, { train: 200, test: 40 });
  const { code } = await auricle(["train", data, "--out", run, "--epochs", "3", "--batch-size", "10"]);
  expect(code).toBe(0);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("eval", () => {
  it("gives the result of the training again", async () => {
    const { code, stdout, stderr } = await auricle(["eval", run, "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const { evaluations, split } = JSON.parse(await readFile(join(run, "result.json"), "utf8"));
    const [shown] = jsonLines(stdout);
    expect(shown).toMatchObject({ event: "evaluated", run, data: basename(data), split });
    const without = (shown.evaluations as Record<string, unknown>[]).map(({ clips, ...figures }) => {
      expect(clips).toHaveLength(figures.examples as number);
      return figures;
    });
    expect(without).toEqual(evaluations);
  });

  it("shows tables", async () => {
    const { stdout } = await auricle(["eval", run]);
    expect(stdout).toContain("\n40 images\n");
    expect(stdout).toContain("Confusion matrix");
  });

  it.runIf(hasBfloat16)("shows what bfloat16 costs", async () => {
    const { code, stdout } = await auricle(["eval", run, "--precision", "bfloat16"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^In bfloat16: Test: accuracy \d+\.\d %/m);
    expect(stdout).toMatch(/bfloat16 costs -?\d+\.\d\d percentage points of accuracy\.\n/);
    const json = await auricle(["eval", run, "--precision", "bfloat16", "--json"]);
    const [{ evaluations, precision }] = jsonLines(json.stdout);
    const [{ evaluation, largestDifference, milliseconds }] = precision as AccuracyCost[];
    const [exact] = evaluations as EvaluationFigures[];
    // Rounded to 8 bits, a model of a few layers gives other probabilities, but not by much.
    expect(largestDifference).toBeGreaterThan(0);
    expect(largestDifference).toBeLessThan(0.05);
    expect(evaluation.loss).toBeCloseTo(exact.loss ?? NaN, 1);
    expect(Math.min(milliseconds.float32, milliseconds.bfloat16)).toBeGreaterThan(0);
  });

  it.each([
    ["eval", "run"],
    ["predict", "--index=0"],
  ])("%s refuses bfloat16 where the run's target has none", async (command, option) => {
    const portable = join(await temporaryFolder(), "run");
    await cp(run, portable, { recursive: true });
    const config = join(portable, "config.json");
    const { target, ...others } = JSON.parse(await readFile(config, "utf8"));
    expect(target).toBeTypeOf("string");
    await writeFile(config, JSON.stringify({ ...others, target: "wasm" }));
    const options = option === "run" ? [] : [option];
    const { code, stderr } = await auricle([command, portable, ...options, "--precision", "bfloat16"]);
    expect(code).toBe(1);
    expect(stderr).toContain("precision bfloat16: target wasm has none, it takes target avx512");
  });

  it("tests on other data of the same classes, and refuses those of others", async () => {
    const same = await temporaryFolder();
    await writeDigitsFolder(same, { train: 10, test: 20 });
    expect((await auricle(["eval", run, same])).stdout).toContain("images are new to this model");
    const more = await temporaryFolder();
    await writeDigitsFolder(more, { train: 10, test: 20 });
    const labels = Uint8Array.from({ length: 10 }, (_, i) => i + 1);
    await writeFile(join(more, "train-labels-idx1-ubyte"), idxBytes([10], labels));
    const { code, stderr } = await auricle(["eval", run, more]);
    expect(code).toBe(1);
    expect(stderr).toContain('have the class "10"; the model of');
    expect(stderr).toContain("is for classification of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9");
  });

  it("tells a damaged model file, and tests what is left of the weights", async () => {
    const broken = join(await temporaryFolder(), "run");
    await cp(run, broken, { recursive: true });
    const damage = async (name: string) => {
      const file = join(broken, name);
      const bytes = await readFile(file);
      bytes[bytes.length - 1] ^= 1;
      await writeFile(file, bytes);
    };
    await damage("best.safetensors");
    const fallenBack = await auricle(["eval", broken]);
    expect(fallenBack.code).toBe(0);
    const said = (fallenBack.stdout + fallenBack.stderr).replace(/\s+/g, " ");
    expect(said).toMatch(
      /Warning: best\.safetensors is damaged \(the checksum does not fit.*those of last\.safetensors/,
    );
    for (const name of ["last.safetensors", "previous.safetensors"]) await damage(name);
    const { code, stderr } = await auricle(["eval", broken]);
    expect(code).toBe(1);
    expect(stderr).toContain("the checksum does not fit");
  });
});

describe("predict", () => {
  it("shows the most probable classes of test examples as bars", async () => {
    const { code, stdout } = await auricle(["predict", run, "--index", "0..1,7", "--top", "2"]);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(9);
    expect(lines[0]).toMatch(/^test#0, example 0: \d, (right|wrong: it is \d)$/);
    expect(lines[1]).toMatch(/^ {2}\d +\d+\.\d % {2}[█▏▎▍▌▋▊▉]+$/);
    expect(lines[6]).toContain("example 7");
  });

  it("gives all probabilities as JSON, which sum to 1", async () => {
    const { stdout } = await auricle(["predict", run, "--index", "3", "--json"]);
    const [prediction] = jsonLines(stdout);
    const probabilities = Object.values(prediction.probabilities as Record<string, number>);
    expect(prediction).toMatchObject({ event: "prediction", example: 3 });
    expect(probabilities).toHaveLength(10);
    expect(probabilities.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 6);
    expect(Math.max(...probabilities)).toBe(
      (prediction.probabilities as Record<string, number>)[prediction.class as string],
    );
  });

  it.runIf(hasBfloat16)("computes in bfloat16 if that is asked for", async () => {
    const probabilitiesIn = async (precision: string) => {
      const { stdout } = await auricle(["predict", run, "--index", "3", "--json", "--precision", precision]);
      return Object.values(jsonLines(stdout)[0].probabilities as Record<string, number>);
    };
    const [exact, rounded] = [await probabilitiesIn("float32"), await probabilitiesIn("bfloat16")];
    expect(rounded).not.toEqual(exact);
    rounded.forEach((probability, c) => expect(Math.abs(probability - exact[c])).toBeLessThan(0.05));
  });

  it("says of an IDX file what it says of the test data that are in it", async () => {
    const file = join(data, "t10k-images-idx3-ubyte");
    const ofFile = jsonLines((await auricle(["predict", run, file, "--json"])).stdout);
    const ofData = jsonLines((await auricle(["predict", run, "--index", "0..39", "--json"])).stdout);
    expect(ofFile).toHaveLength(40);
    expect(ofFile.map(({ probabilities }) => probabilities)).toEqual(
      ofData.map(({ probabilities }) => probabilities),
    );
    expect(ofFile[0]).toMatchObject({ source: file, example: 0 });
    expect(ofFile[0]).not.toHaveProperty("trueClass");
  });

  it("refuses examples that there are not, and takes images of another size", async () => {
    const outside = await auricle(["predict", run, "--index", "40"]);
    expect(outside.stderr).toContain("has the examples 0 … 39; got 40");
    const file = join(await temporaryFolder(), "small");
    await writeFile(file, idxBytes([1, 8, 8], new Uint8Array(64)));
    const { code, stdout, stderr } = await auricle(["predict", run, file]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`${file}, example 0: `);
  });
});

describe("summary", () => {
  it("shows the layers of a model by name, and of a run", async () => {
    for (const model of ["lenet5", run]) {
      const { code, stdout } = await auricle(["summary", model]);
      expect(code).toBe(0);
      expect(stdout).toContain("conv2d_2");
      expect(stdout).toContain("61,706");
    }
  });

  it("lists the models where there is no such one", async () => {
    const { code, stderr } = await auricle(["summary", "lenet"]);
    expect(code).toBe(1);
    expect(stderr).toContain('"lenet" is neither the folder of a run nor a model; models: lenet5,');
  });
});

describe("data", () => {
  it("lists the data sets in 80 columns", async () => {
    const { code, stdout } = await auricle(["data"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^digits +Digits drawn by code +10,000 +2,000 +MIT +built in$/m);
    expect(stdout).toMatch(/^mnist +handwritten digits +60,000 +10,000 /m);
    for (const line of stdout.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(80);
  });

  it("tells where the files of a set are, what is missing, and what was passed over", async () => {
    // Files of MNIST's names with other content.
    const { code, stdout } = await auricle(["data", "mnist", "--data-folder", data]);
    expect(code).toBe(0);
    expect(stdout).toContain("licence   CC BY-SA 3.0");
    expect(stdout).toContain(`Skipped ${join(data, "train-images-idx3-ubyte")}: it has`);
    expect(stdout).toContain("train-images-idx3-ubyte.gz");
  });

  it("gives the same as JSON", async () => {
    const objects = jsonLines((await auricle(["data", "--json"])).stdout);
    expect(objects.map(({ name }) => name)).toContain("mnist");
    const digits = objects.find(({ name }) => name === "digits");
    expect(digits).toMatchObject({ examples: { train: 10_000, test: 2_000 }, files: [] });
    const gtzan = objects.find(({ name }) => name === "gtzan");
    expect(gtzan).toMatchObject({ examples: { all: 1000 }, archives: [{ name: "genres.tar.gz" }] });
  });

  it("finds recordings and tells how they are split", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "recordings"));
    await writeFile(join(folder, "recordings", "0_jackson_0.wav"), "x");
    const { code, stdout } = await auricle(["data", "fsdd", "--data-folder", folder]);
    expect(code).toBe(0);
    expect(stdout).toContain("examples  2,250 train, 250 test");
    expect(stdout).toMatch(/splits +official \(.*by-speaker/s);
    expect(stdout).toContain(`In ${folder}`);
    for (const line of stdout.split("\n").slice(0, -2))
      expect([...line].length, line).toBeLessThanOrEqual(80);
  });

  it("says what would be downloaded for recordings that are not here", async () => {
    const { stdout } = await auricle(["data", "gtzan", "--data-folder", await temporaryFolder()]);
    expect(stdout).toMatch(/Not here\. Searched:/);
    expect(stdout).toMatch(/genres\.tar\.gz +about 1\.2 GB/);
    expect(stdout).toMatch(/fault-filtered \(443 \/ 197 \/\s+290 tracks/);
  });

  it("refuses a name that it does not know", async () => {
    const { code, stderr } = await auricle(["data", "minst"]);
    expect(code).toBe(1);
    expect(stderr).toContain('did you mean "mnist"?');
  });
});

describe("help", () => {
  it.each([[[]], [["train"]], [["eval"]], [["predict"]], [["summary"]], [["data"]], [["inspect"]]])(
    "of auricle %j has examples and fits 80 columns",
    async (command) => {
      const { code, stdout, stderr } = await auricle([...command, "--help"]);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toContain(`Examples:\n  $ auricle ${command[0] ?? ""}`);
      for (const line of stdout.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(80);
    },
  );

  it.each(["train", "eval", "predict"])(
    "of auricle %s names no option that docs/command.md does not",
    async (command) => {
      const { stdout } = await auricle([command, "--help"]);
      const options = [...stdout.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option);
      expect(options.length).toBeGreaterThan(5);
      const described = await readFile(new URL("../../../docs/command.md", import.meta.url), "utf8");
      for (const option of options) if (option !== "--help") expect(described).toContain(`\`${option}`);
    },
  );

  it("is shown on stderr, as wrong usage, where no command is given", async () => {
    const { code, stdout, stderr } = await auricle([]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Usage: auricle");
  });

  it("tells the version", async () => {
    expect((await auricle(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
