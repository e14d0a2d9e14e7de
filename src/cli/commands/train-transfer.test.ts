/** @file `auricle train --from` a model file, with a head on frozen features. */

import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { loadModel, saveModel } from "../../nn/checkpoint/model-file.ts";
import { Model } from "../../nn/model.ts";
import { writeToneFolder } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { BANDS, FRAMES, savePublished, smallNetwork } from "../testing/published-network.ts";
import { bitsOf, readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
let tones: string;
let published: string;

beforeAll(async () => {
  tones = join(tests.folder, "tones");
  await writeToneFolder(tones, { classes: ["low", "middle", "high"], clips: 6 });
  published = join(tests.folder, "published.safetensors");
  await savePublished(published);
});

async function runFolder(): Promise<string> {
  return join(await temporaryFolder(), "run");
}

const FROM = ["--split", "0.5/0.25/0.25", "--threads", "1"];

function train(out: string, ...options: string[]) {
  return tests.run(["train", tones, "--from", published, "--out", out, ...FROM, ...options]);
}

describe("train --from a model file", () => {
  it("trains a head on features that are computed once, and says so everywhere", async () => {
    const out = await runFolder();
    const { code, stdout, stderr } = await train(out, "--json");
    expect(stderr).not.toContain("error");
    expect(code).toBe(0);
    const events = jsonLines(stdout);
    expect(events.filter(({ event }) => event === "epoch")).toHaveLength(1);
    const head = { features: 12, converged: true, chosenOn: "training" };
    expect(events.at(-1)).toMatchObject({
      event: "done",
      transfer: { from: published, how: "frozen", head },
    });
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("Linear head on 12 frozen features: L2 ");
    expect(events).toContainEqual({
      event: "warning",
      text: expect.stringContaining(
        'The recordings of "Songs of the sea" that the weights were trained on are not listed',
      ) as string,
    });
    const config = await readRunJson(out, "config.json");
    expect(config).toMatchObject({
      model: "published",
      windowFrames: FRAMES,
      frontEnd: { sampleRate: 8000, melBands: BANDS },
      epochs: 1,
      patience: null,
      augmentation: "none",
      transfer: { from: published, how: "frozen", strengths: [0.01, 0.03, 0.1, 0.3, 1, 3, 10] },
    });
    const before = (await loadModel(published, { threads: 1 })).getWeights();
    const after = (await loadModel(join(out, "best.safetensors"), { threads: 1 })).getWeights();
    for (const [path, { data }] of before) {
      if (path.startsWith("dense_1/")) continue;
      expect(after.get(path)?.data, path).toEqual(data);
    }
    expect(after.get("dense_1/kernel")?.shape).toEqual([12, 3]);
    // Tones so far apart are told apart by random filters.
    expect(await readRunJson(out, "result.json")).toMatchObject({ evaluations: [{ accuracy: 1 }, {}] });
    expect((await auricle(["predict", out, join(tones, "low", "low-0.wav")])).stdout).toContain("low");
    expect((await tests.run(["eval", out])).code).toBe(0);
  });

  it("finds the features again, with the same bits for any number of threads", async () => {
    const [first, second] = [await runFolder(), await runFolder()];
    const folder = ["--feature-folder", join(await temporaryFolder(), "features")];
    const trainIn = (from: string, out: string, ...options: string[]) =>
      auricle(["train", tones, "--from", from, "--out", out, ...FROM, ...folder, ...options]);
    expect((await trainIn(published, first)).stdout).not.toContain("in the cache");
    const again = await trainIn(published, second, "--threads", "2", "--epochs", "3");
    expect(again.stdout.replaceAll(/\s+/g, " ")).toContain("were in the cache.");
    expect(await bitsOf(second)).toEqual(await bitsOf(first));
    // Other weights, other features.
    const other = new Model(smallNetwork(), { threads: 1 });
    const loaded = await loadModel(published, { threads: 1 });
    other.metadata = loaded.metadata;
    other.setWeights(
      new Map(
        [...loaded.getWeights()].map(([path, { shape, data }]) => [
          path,
          { shape, data: data.map((x) => 0.9 * x) },
        ]),
      ),
    );
    const file = join(await temporaryFolder(), "other.safetensors");
    await saveModel(other, file);
    expect((await trainIn(file, await runFolder())).stdout).not.toContain("in the cache");
  });

  it("fine-tunes after the head, and keeps the frozen network unless an epoch is better on validation", async () => {
    const options = ["--transfer", "fine-tuned", "--epochs", "3"];
    const [whole, broken, one] = [await runFolder(), await runFolder(), await runFolder()];
    expect((await train(whole, ...options)).code).toBe(0);
    const { transfer, bestEpoch } = await readRunJson(whole, "result.json");
    expect(transfer).toMatchObject({
      how: bestEpoch === 1 ? "frozen" : "fine-tuned",
      head: { features: 12 },
      compared: [{ how: "frozen" }, { how: "fine-tuned" }],
    });
    expect(await readRunJson(whole, "config.json")).toMatchObject({
      learningRate: 1e-4,
      schedule: "constant",
    });
    const before = (await loadModel(published, { threads: 1 })).getWeights();
    const last = (await loadModel(join(whole, "last.safetensors"), { threads: 1 })).getWeights();
    expect(last.get("conv2d_1/kernel")).not.toEqual(before.get("conv2d_1/kernel"));
    for (const name of ["gamma", "beta", "movingMean", "movingVariance"]) {
      const path = `batch_normalization_1/${name}`;
      expect(last.get(path), path).toEqual(before.get(path));
    }
    // After the head it goes on as if there had been no interruption.
    expect(
      (
        await tests.run(
          ["train", tones, "--from", published, "--out", broken, ...FROM, ...options],
          /\n +1\/3 /,
        )
      ).code,
    ).toBe(130);
    expect((await tests.run(["train", "--resume", broken, "--threads", "1"])).code).toBe(0);
    expect((await bitsOf(broken))["last.safetensors"]).toBe((await bitsOf(whole))["last.safetensors"]);
    const refused = await tests.run([
      "train",
      tones,
      "--from",
      published,
      "--out",
      one,
      "--transfer",
      "fine-tuned",
      "--split",
      "0.8/0/0.2",
    ]);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("fine-tuning needs a validation part") as string,
    });
  });

  it("takes only the split from it where training is from scratch", async () => {
    const [frozen, scratch] = [await runFolder(), await runFolder()];
    await train(frozen);
    const quick = ["--model", "notebook", "--epochs", "1", "--window", "0.1"];
    const { code } = await train(scratch, "--transfer", "scratch", ...quick);
    expect(code).toBe(0);
    expect(await readRunJson(scratch, "config.json")).toMatchObject({
      model: "notebook",
      transfer: { how: "scratch" },
    });
    const partsOf = async (run: string) => (await readRunJson(run, "split.json")) as { parts: unknown };
    expect((await partsOf(scratch)).parts).toEqual((await partsOf(frozen)).parts);
  });

  it("refuses options that contradict each other, and models of other data", async () => {
    const out = await runFolder();
    expect((await train(out, "--freeze", "--transfer", "whole")).stderr).toContain(
      "--freeze is short for --transfer frozen",
    );
    expect((await tests.run(["train", tones, "--transfer", "frozen"])).stderr).toContain(
      "--transfer needs --from <network>",
    );
    expect((await train(out, "--window", "1")).stderr).toContain("its window are those of that network");
  });
});
