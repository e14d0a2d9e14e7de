/** @file `auricle train` on sound beyond one class a recording: tags, numbers, weights of other runs, several seeds. */

import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chdir, cwd } from "node:process";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { loadModel } from "../../nn/checkpoint/model-file.ts";
import { meanAndDeviation } from "../../nn/metrics/index.ts";
import { writeDigitsFolder } from "../../runs/testing/idx-folder.ts";
import { toneFile, writeRecording, writeToneFolder } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { bitsOf, QUICK, readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
let tones: string;

beforeAll(async () => {
  tones = join(tests.folder, "tones");
  await writeToneFolder(tones);
});

async function runFolder(): Promise<string> {
  return join(await temporaryFolder(), "run");
}

interface Listed {
  readonly label: string;
  readonly frequencies: readonly number[];
  readonly amplitude?: number;
}

/** A list of recordings with these labels. */
async function writeList(folder: string, rows: readonly Listed[]): Promise<string> {
  const lines = ["path,label"];
  for (const [i, { label, ...tones }] of rows.entries()) {
    await writeRecording(join(folder, `${i}.wav`), toneFile({ ...tones, seed: i }));
    lines.push(`${i}.wav,${label}`);
  }
  const list = join(folder, "list.csv");
  await writeRecording(list, `${lines.join("\n")}\n`);
  return list;
}

describe("tags", () => {
  it("are learnt, each by itself, and scored by mean average precision", async () => {
    const kinds: Listed[] = [
      { label: "low", frequencies: [300] },
      { label: "high", frequencies: [2700] },
      { label: "low|high", frequencies: [300, 2700] },
      { label: "", frequencies: [] },
    ];
    const rows = Array.from({ length: 24 }, (_, i) => kinds[i % 4]);
    const list = await writeList(await temporaryFolder(), rows);
    const out = await runFolder();
    const options = ["--split", "0.5/0.2/0.3", "--epochs", "4"];
    const { code, stdout, stderr } = await tests.train(list, out, ...options);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Test: mean average precision \d\.\d{4} {3}ROC-AUC \d\.\d{4} {3}\d clips$/m);
    expect(stdout).toMatch(/^tag +average precision +ROC-AUC +F1 +clips$/m);
    const config = await readRunJson(out, "config.json");
    expect(config).toMatchObject({ task: "tagging", classNames: ["high", "low"], data: list });
    const { evaluations } = (await readRunJson(out, "result.json")) as {
      evaluations: { meanAveragePrecision: number; meanRocAuc: number; tags: { support: number }[] }[];
    };
    // Tones in all but silence: anything that has learnt at all ranks them right.
    expect(evaluations[0]).toMatchObject({ meanAveragePrecision: 1, meanRocAuc: 1 });

    const places = [0, 1, 2, 3].map((i) => join(list, "..", `${i}.wav`));
    const predicted = await tests.run(["eval", out, "--json"]);
    expect(jsonLines(predicted.stdout)[0]).toMatchObject({ evaluations: [evaluations[0], evaluations[1]] });
    const { predict } = await predictAll(out, places);
    expect(predict.map(({ tags }) => tags)).toEqual([["low"], ["high"], ["high", "low"], []]);
  });

  it("refuse what needs one class for each recording", async () => {
    const rows = Array.from({ length: 8 }, (_, i) => ({ label: i % 2 ? "a|b" : "b", frequencies: [300] }));
    const list = await writeList(await temporaryFolder(), rows);
    for (const balance of ["weights", "sampling"]) {
      const out = await runFolder();
      const { code, stderr } = await tests.train(list, out, "--balance", balance, "--split", "0.5/0.25/0.25");
      expect(code).toBe(1);
      expect(stderr).toBe(
        `error: train: balance "${balance}" needs one class for each recording; "list.csv" is for tagging: leave it out\n`,
      );
      expect(existsSync(out)).toBe(false);
    }
  });
});

/** Returns the output of `auricle predict --json` for each file. */
async function predictAll(run: string, files: readonly string[]) {
  const { code, stdout } = await auricle(["predict", run, ...files, "--threads", "1", "--json"]);
  return { code, predict: jsonLines(stdout) };
}

describe("numbers", () => {
  it("are learnt and told in their own unit: the level of a tone in dB", async () => {
    const levels = Array.from({ length: 20 }, (_, i) => -40 + 2 * ((i * 7) % 20));
    const rows = levels.map((level) => ({
      label: String(level),
      frequencies: [1000],
      amplitude: 10 ** (level / 20),
    }));
    const list = await writeList(await temporaryFolder(), rows);
    const out = await runFolder();
    // A front end that hears how loud it is, and no augmentation that changes it.
    const hearing = ["--model", "mel-cnn", "--front-end", "vggish", "--window", "0.05", "--no-augment"];
    const options = [...hearing, "--split", "0.6/0.2/0.2", "--epochs", "6"];
    const { code, stdout } = await tests.train(list, out, ...options);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Test: mean absolute error \d.* {3}4 clips$/m);
    expect(stdout).toMatch(/^number +mean absolute error +of predicting the mean$/m);
    const config = await readRunJson(out, "config.json");
    expect(config).toMatchObject({ task: "regression", classNames: ["label"], labelSmoothing: 0 });
    const { evaluations } = (await readRunJson(out, "result.json")) as {
      evaluations: { outputs: { meanAbsoluteError: number; baselineError: number }[] }[];
    };
    const [{ meanAbsoluteError, baselineError }] = evaluations[0].outputs;
    const { parts } = (await readRunJson(out, "split.json")) as { parts: Record<string, string[]> };
    const levelsOf = (ids: string[]) => ids.map((id) => levels[parseInt(id)]);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const guess = mean(levelsOf(parts.train));
    expect(baselineError).toBeCloseTo(mean(levelsOf(parts.test).map((level) => Math.abs(level - guess))), 6);
    expect(meanAbsoluteError).toBeLessThan(baselineError / 3);
    const { test } = (await readRunJson(out, "predictions.json")) as {
      test: { truth: [number]; outputs: [number] }[];
    };
    expect(mean(test.map(({ truth, outputs }) => Math.abs(truth[0] - outputs[0])))).toBeCloseTo(
      meanAbsoluteError,
      6,
    );
    const { predict } = await predictAll(out, [join(list, "..", parts.test[0])]);
    const { values } = predict[0] as { values?: { label: number } };
    expect(values?.label).toBeCloseTo(test[0].outputs[0], 4);
    const evaluated = jsonLines((await tests.run(["eval", out, "--json"])).stdout);
    expect(evaluated[0]).toMatchObject({ evaluations });
  });

  it("have nothing to do with label smoothing", async () => {
    const rows = Array.from({ length: 8 }, (_, i) => ({ label: `${i}.5`, frequencies: [300] }));
    const list = await writeList(await temporaryFolder(), rows);
    const options = ["--label-smoothing", "0.1", "--split", "0.5/0.25/0.25"];
    const { code, stderr } = await tests.train(list, await runFolder(), ...options);
    expect(code).toBe(1);
    expect(stderr).toContain("label smoothing needs classes or tags");
  });

  it("may be classes, where the user says so", async () => {
    const rows = Array.from({ length: 8 }, (_, i) => ({
      label: String(i % 2),
      frequencies: [300 + 2400 * (i % 2)],
    }));
    const list = await writeList(await temporaryFolder(), rows);
    const out = await runFolder();
    const options = ["--task", "classification", "--split", "0.5/0.25/0.25"];
    expect((await tests.train(list, out, ...options)).code).toBe(0);
    expect(await readRunJson(out, "config.json")).toMatchObject({
      task: "classification",
      classNames: ["0", "1"],
      reading: { task: "classification" },
    });
    expect((await tests.run(["eval", out])).code).toBe(0);
  });
});

describe("train --from", () => {
  it("begins with the weights of another run, but for the last layer, and trains that alone with --freeze", async () => {
    const before = await runFolder();
    await tests.train(tones, before);
    const data = join(await temporaryFolder(), "others");
    await writeToneFolder(data, { classes: ["low", "middle", "high"], clips: 4 });
    const options = ["--epochs", "2", "--threads", "1", "--split", "0.5/0.25/0.25"];
    const after: Record<string, string> = {};
    for (const [how, flags] of [
      ["frozen", ["--freeze"]],
      ["whole", ["--transfer", "whole"]],
    ] as const) {
      const out = (after[how] = await runFolder());
      const { code } = await tests.run([
        "train",
        data,
        ...["--from", before, "--out", out],
        ...options,
        ...flags,
      ]);
      expect(code).toBe(0);
      expect(await readRunJson(out, "config.json")).toMatchObject({
        model: "notebook",
        windowFrames: 35,
        classNames: ["high", "low", "middle"],
        transfer: { from: before, how },
      });
    }
    const kernelOf = async (run: string) => {
      const model = await loadModel(join(run, "best.safetensors"), { threads: 1 });
      return model.getWeights().get("conv2d_1/kernel")?.data;
    };
    const learnt = await kernelOf(before);
    expect(await kernelOf(after.frozen)).toEqual(learnt);
    expect(await kernelOf(after.whole)).not.toEqual(learnt);
  });

  it("goes on after an interruption as if there had been none", async () => {
    const before = await runFolder();
    await tests.train(tones, before);
    const line = ["train", tones, "--from", before, "--transfer", "whole", "--epochs", "2", "--threads", "1"];
    const [whole, broken] = [await runFolder(), await runFolder()];
    await tests.run([...line, "--out", whole]);
    expect((await tests.run([...line, "--out", broken], /\n +1\/2 /)).code).toBe(130);
    expect((await tests.run([...line, "--out", broken, "--resume"])).code).toBe(0);
    expect(await bitsOf(broken)).toEqual(await bitsOf(whole));
  });

  it("refuses a run on images", async () => {
    const images = await temporaryFolder();
    await writeDigitsFolder(images, { train: 20, test: 10 });
    const run = await runFolder();

    await auricle(["train", images, "--out", run, "--epochs", "1", "--threads", "1"]);
    const { code, stderr } = await tests.run(["train", tones, "--from", run]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `error: ${run}: to start from a network's weights on sound, it must be one for sound; it is for images\n`,
    );
  });
});

describe("train --seeds", () => {
  it("trains once for each seed, and gives mean and deviation", async () => {
    const out = await runFolder();
    const { code, stdout } = await tests.train(tones, out, "--seeds", "2", "--seed", "4");
    expect(code).toBe(0);
    expect((await readdir(out)).sort()).toEqual(["seed-4", "seed-5", "seeds.json"]);
    expect(stdout).toContain("Seed 4: 1 of 2");
    expect(stdout).toContain(`Runs: ${out}`);
    const table = stdout.slice(stdout.indexOf("\nseed  "));
    expect(table).toMatch(
      /^seed +test accuracy +test macro-F1 +validation accuracy *\n4 .*\n5 .*\nmean .*\ndeviation/m,
    );
    const { metrics, runs } = (await readRunJson(out, "seeds.json")) as {
      metrics: string[];
      runs: { seed: number; values: number[] }[];
    };
    expect(metrics).toEqual(["test accuracy", "test macro-F1", "validation accuracy", "validation macro-F1"]);
    for (const { seed, values } of runs) {
      const run = join(out, `seed-${seed}`);
      expect(await readRunJson(run, "config.json")).toMatchObject({ seed, split: { seed } });
      const { evaluations } = (await readRunJson(run, "result.json")) as {
        evaluations: { accuracy: number; macroF1: number }[];
      };
      expect(values).toEqual(evaluations.flatMap(({ accuracy, macroF1 }) => [accuracy, macroF1]));
    }
    expect(runs.map(({ seed }) => seed)).toEqual([4, 5]);
    for (const { seed } of runs) {
      const report = await readFile(join(out, `seed-${seed}`, "report.html"), "utf8");
      expect(report).toContain("<h2>2 seeds</h2>");
      for (const [i] of metrics.entries()) {
        const { mean, standardDeviation = NaN } = meanAndDeviation(runs.map(({ values }) => values[i]));
        expect(report).toContain(`<td>${mean.toFixed(4)} ± ${standardDeviation.toFixed(4)}</td>`);
      }
    }
    // As if it had been trained alone.
    const alone = await runFolder();
    await tests.train(tones, alone, "--seed", "5");
    expect(await bitsOf(join(out, "seed-5"))).toEqual(await bitsOf(alone));
  });

  it("does not train again what is finished, and goes on with what is not", async () => {
    const out = await runFolder();
    const line = ["--seeds", "2", "--json"];
    await tests.train(tones, out, ...line);
    const first = join(out, "seed-0", "report.html");
    const written = await readFile(first, "utf8");
    await rm(join(out, "seed-1"), { recursive: true });
    const { code, stdout } = await tests.train(tones, out, ...line);
    expect(code).toBe(0);
    expect(jsonLines(stdout).map(({ event }) => event)).toEqual(["start", "epoch", "epoch", "seeds"]);
    expect(jsonLines(stdout)[3]).toEqual({
      event: "seeds",
      path: out,
      ...(await readRunJson(out, "seeds.json")),
    });
    expect(await readFile(first, "utf8")).toBe(written);
    const other = await tests.train(tones, out, ...line, "--learning-rate", "0.1");
    expect(other.code).toBe(1);
    expect(other.stderr).toContain("keeps learning rate 0.003; got 0.1");
  });

  it("says of which seed the folder is damaged", async () => {
    const out = await runFolder();
    const line = ["--seeds", "2", "--json", "--epochs", "1"];
    await tests.train(tones, out, ...line);
    await writeFile(join(out, "seed-1", "result.json"), "{");
    await writeFile(join(out, "seed-0", "report.html"), "");
    const mended = await tests.train(tones, out, ...line);
    expect(mended.code).toBe(0);
    const warnings = jsonLines(mended.stdout).flatMap(({ event, text }) =>
      event === "warning" ? [text] : [],
    );
    expect(warnings).toEqual([
      "result.json was damaged: the model was tested again",
      expect.stringMatching(/^Seed 0: report.html does not show all seeds: .*not a report/),
    ]);
    await writeFile(join(out, "seed-1", "config.json"), "{");
    const { code, stderr } = await tests.train(tones, out, ...line);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /error: seed 1: .*seed-1\/config.json: .*restore it from a copy or start a new run/,
    );
  });

  it("says how to go on after an interruption, and goes on like that", async () => {
    const folder = await temporaryFolder();
    const before = cwd();
    chdir(folder);
    onTestFinished(() => chdir(before));
    const line = [
      "train",
      tones,
      ...QUICK,
      "--seeds",
      "2",
      "--feature-folder",
      join(tests.folder, "features"),
    ];
    const first = await auricle(line, /2 of 2\n[^]*\n +1\/2 /);
    expect(first.code).toBe(130);
    const [note, command] = first.stderr.trimEnd().split("\n").slice(-2);
    expect(note).toBe("Interrupted: 1 of 2 seeds are done, and 1 of 2 epochs of the next one. To continue:");
    const [run] = await readdir("runs");
    expect(command).toBe(`  auricle ${line.join(" ")} --out runs/${run}`);
    const second = await auricle([...line, "--out", join("runs", run), "--json"]);
    expect(second.code).toBe(0);
    const events = jsonLines(second.stdout).map(({ event, epoch }) => epoch ?? event);
    // The first seed is not trained again, and the second from its second epoch on.
    expect(events).toEqual(["start", 2, "seeds"]);
  });

  it("refuses a folder with something else in it", async () => {
    const out = await temporaryFolder();
    await writeRecording(join(out, "mine.txt"), "");
    const { code, stdout, stderr } = await tests.train(tones, out, "--seeds", "2");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("is not empty (it holds mine.txt): a new run needs a folder of its own");
  });

  it("is not for a run that has begun", async () => {
    const out = await runFolder();
    await tests.train(tones, out);
    const { code, stderr } = await tests.run(["train", "--resume", out, "--seeds", "2"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--seeds starts several runs, and --resume continues one");
  });
});
