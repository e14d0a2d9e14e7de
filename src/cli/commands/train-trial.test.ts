/** @file `auricle train --dry-run` and `--overfit-one-batch`. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeDigitsFolder } from "../../runs/testing/idx-folder.ts";
import { writeToneFolder } from "../../runs/testing/recordings.ts";
import { NOT_LEARNED } from "../context.ts";
import { jsonLines } from "../testing/command-line.ts";
import { soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
let data: string;

/** One second of a tone is 20 windows of each clip and epoch. */
const COMMON = ["--model", "notebook", "--window", "0.1", "--split", "0.5/0.25/0.25", "--threads", "1"];

beforeAll(async () => {
  data = join(tests.folder, "tones");
  await writeToneFolder(data);
});

const trial = (...options: string[]) => tests.run(["train", data, ...COMMON, ...options]);

describe("auricle train --dry-run", () => {
  it("tells what the same command would train, and leaves nothing behind", async () => {
    const before = await readdir(tests.folder);
    const { code, stdout } = await trial("--epochs", "1", "--dry-run", "--json");
    expect(code).toBe(0);
    const [figures, ...others] = jsonLines(stdout);
    expect(others).toEqual([]);
    expect(await readdir(tests.folder)).toEqual(before);

    const out = join(tests.folder, "run");
    const run = await trial("--epochs", "1", "--out", out, "--json");
    const start = jsonLines(run.stdout).find(({ event }) => event === "start");
    expect(figures).toMatchObject({
      event: "dry-run",
      config: start?.config,
      network: { trainableParameters: start?.parameters },
      examplesPerEpoch: (start?.examples as { train: number }).train,
      split: { train: 8, validation: 4, test: 4 },
      read: 12,
      problems: [],
      // Two classes.
      step: { examples: 32, guessing: Math.LN2 },
      evaluation: { examples: 4 },
    });
    const { step, memory, seconds, stepsPerEpoch, network } = figures as Record<
      string,
      Record<string, number>
    >;
    // 160 windows in batches of 32.
    expect(stepsPerEpoch).toBe(5);
    expect(step.loss).toBeGreaterThan(0);
    expect(step.gradientNorm).toBeGreaterThan(0);
    // Weights, gradients and Adam's two moments, 4 bytes each.
    expect(memory).toBeGreaterThan(16 * network.parameters);
    expect(seconds.epoch).toBeGreaterThan(0);
  });

  it("reads only as many clips as a batch and its evaluation need", async () => {
    const { stdout } = await trial("--dry-run", "--batch-size", "2", "--json");
    expect(jsonLines(stdout)[0]).toMatchObject({ read: 4, step: { examples: 2 } });
  });

  it("names files that cannot be used", async () => {
    const damaged = join(tests.folder, "damaged");
    await writeToneFolder(damaged, { clips: 4 });
    await writeFile(join(damaged, "low", "broken.wav"), "RIFF");
    const { code, stdout, stderr } = await tests.run(["train", damaged, ...COMMON, "--dry-run"]);
    expect(code).toBe(0);
    expect(stdout).toContain("1 file cannot be used");
    expect(stdout + stderr).toContain("broken.wav");
  });

  it("says in 80 columns what would be trained", async () => {
    const { stdout } = await trial("--dry-run");
    expect(stdout).toMatch(/^Dry run on tones: everything works, and nothing was kept\.$/m);
    expect(stdout).toMatch(/^data +16 clips, of which 12 were read$/m);
    expect(stdout).toMatch(/^first step +loss \d\.\d{4} \(that of guessing: 0\.6931\), gradient norm /m);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("tries images as well", async () => {
    const digits = join(tests.folder, "digits");
    await mkdir(digits, { recursive: true });
    await writeDigitsFolder(digits, { train: 60, test: 10 });
    const quick = ["train", digits, "--threads", "1", "--batch-size", "8"];
    const { code, stdout, stderr } = await tests.run([...quick, "--dry-run", "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(jsonLines(stdout)[0]).toMatchObject({
      config: { kind: "images", model: "lenet5" },
      network: { inputShape: [28, 28, 1], outputShape: [10] },
      step: { examples: 8, guessing: Math.log(10) },
      // A batch of training, and the six images that are held out.
      read: 14,
    });
    const learnt = await tests.run([...quick, "--overfit-one-batch", "--json"]);
    expect(learnt.code).toBe(0);
    expect(jsonLines(learnt.stdout)[0]).toMatchObject({ reached: true, examples: 8 });
  });

  it("is refused with options that it has no use for", async () => {
    for (const others of [
      ["--resume"],
      ["--seeds", "3"],
      ["--overfit-one-batch"],
      ["--out", "x"],
      ["--profile"],
    ]) {
      const { code, stderr } = await trial("--dry-run", ...others);
      expect(code).toBe(2);
      expect(stderr).toContain(others[0]);
    }
  });
});

describe("auricle train --overfit-one-batch", () => {
  it("memorises a batch, and keeps the figures with --out alone", async () => {
    const before = await readdir(tests.folder);
    const plain = await trial("--overfit-one-batch");
    expect(plain.code).toBe(0);
    expect(plain.stdout.replaceAll("\n", " ")).toMatch(
      /The batch is memorised after \d+ steps: the loss is below 0\.0069/,
    );
    expect(new Set(await readdir(tests.folder))).toEqual(new Set([...before, "features"]));

    const out = join(tests.folder, "kept");
    const { code, stdout } = await trial("--overfit-one-batch", "--out", out, "--json");
    expect(code).toBe(0);
    const [outcome] = jsonLines(stdout);
    expect(outcome).toMatchObject({
      event: "overfit-one-batch",
      passed: true,
      reached: true,
      examples: 32,
      limit: 300,
      config: { augmentation: "none", labelSmoothing: 0, weightDecay: 0, schedule: "constant" },
    });
    const kept = join(out, "overfit-one-batch.json");
    expect(outcome).toEqual({
      ...JSON.parse(await readFile(kept, "utf8")),
      event: "overfit-one-batch",
      file: kept,
    });
    const losses = outcome.losses as number[];
    // The last loss is the first one that is near 0.
    expect(losses.findIndex((loss) => loss <= 0.01 * Math.LN2)).toBe(losses.length - 1);
  });

  it("exits with 3 and says what to look at where nothing is learnt", async () => {
    const { code, stdout } = await trial(
      "--overfit-one-batch",
      "--learning-rate",
      "1e-9",
      "--batch-size",
      "4",
    );
    expect(code).toBe(NOT_LEARNED);
    const text = stdout.replaceAll("\n", " ");
    expect(text).toMatch(/Not learnt: the loss of the batch went from .* in 300 steps/);
    expect(text).toContain("Likely causes: targets that do not belong to their inputs");
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("writes into no folder that holds other things", async () => {
    const out = join(tests.folder, "others");
    await mkdir(out);
    await writeFile(join(out, "notes.txt"), "mine");
    const { code, stderr } = await trial("--overfit-one-batch", "--out", out);
    expect(code).toBe(1);
    expect(stderr).toContain("others");
  });
});
