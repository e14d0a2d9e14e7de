/** @file Two published networks side by side, from training to what is made of the run. */

import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { PRETRAINED_GROUPS } from "../../pretrained/index.ts";
import { ownCache } from "../../pretrained/testing/small-package.ts";
import { writeToneFolder } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { savePublished } from "../testing/published-network.ts";

const [{ name: GROUP, members }] = PRETRAINED_GROUPS;

async function command(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await auricle(argv);
  expect(code, `${argv.join(" ")}: ${stderr}`).toBe(0);
  return stdout;
}

it("is trained, predicts, is explained and exported like any other network", async () => {
  const cache = join(await ownCache(), "auricle-nodejs", "pretrained");
  await mkdir(cache, { recursive: true });
  for (const [i, name] of members.entries()) await savePublished(join(cache, `${name}-1.safetensors`), i + 1);
  const folder = await temporaryFolder();
  const tones = join(folder, "tones");
  await writeToneFolder(tones, { classes: ["low", "middle", "high"], clips: 6 });
  const run = join(folder, "run");
  const threads = ["--threads", "1"];
  const split = ["--split", "0.5/0.25/0.25"];
  const trained = jsonLines(
    await command("train", tones, "--from", GROUP, "--out", run, ...split, ...threads, "--json"),
  );
  // Twelve features of each.
  expect(trained.at(-1)).toMatchObject({ event: "done", transfer: { from: GROUP, head: { features: 24 } } });
  const [prediction] = jsonLines(
    await command("predict", run, join(tones, "low", "low-0.wav"), ...threads, "--json"),
  );
  expect(prediction).toMatchObject({ event: "prediction", class: "low" });
  const [evaluated] = jsonLines(await command("eval", run, ...threads, "--json"));
  expect(evaluated).toMatchObject({ evaluations: [{ name: "test", accuracy: 1 }, {}] });
  const features = join(folder, "features.npz");
  await command("features", tones, "--from", GROUP, "--npz", features, ...threads);
  expect((await readFile(features)).length).toBeGreaterThan(18 * 24 * 4);
  const summary = await command("summary", run);
  for (const name of members) expect(summary).toContain(name);
  const explained = join(folder, "explained");
  await command("explain", run, join(tones, "low", "low-0.wav"), "--out", explained, ...threads);
  expect((await readdir(explained)).length).toBeGreaterThan(0);
  const onnx = join(folder, "model.onnx");
  await command("export", run, "--onnx", onnx);
  const torch = join(folder, "model.pt");
  await command("export", run, "--pytorch", torch);
  for (const file of [onnx, torch]) expect((await readFile(file)).length, file).toBeGreaterThan(500);
});
