/** @file `auricle train --from … --transfer auto`: the ways are compared on validation, and the best becomes the run. */

import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { writeToneFolder } from "../../runs/testing/recordings.ts";
import { jsonLines } from "../testing/command-line.ts";
import { savePublished } from "../testing/published-network.ts";
import { bitsOf, readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
const CLASSES = ["low", "middle", "high"];
let tones: string;
let published: string;

beforeAll(async () => {
  tones = join(tests.folder, "tones");
  published = join(tests.folder, "published.safetensors");
  await writeToneFolder(tones, { classes: CLASSES, clips: 6 });
  await savePublished(published);
});

async function runFolder(): Promise<string> {
  return join(await temporaryFolder(), "run");
}

/** For the way from scratch, and few epochs for all. */
const QUICK = ["--threads", "1", "--epochs", "2", "--split", "0.5/0.25/0.25"];
const OWN_INPUT = ["--model", "notebook", "--window", "0.1"];

function train(data: string, out: string, options: readonly string[], interruptAt?: RegExp) {
  return tests.run(["train", data, "--from", published, "--out", out, ...QUICK, ...options], interruptAt);
}

const AUTO = ["--transfer", "auto", ...OWN_INPUT];

/** Reads what a run has learnt and answered; its result differs in what was compared. */
async function learntIn(run: string): Promise<Record<string, string>> {
  return Object.fromEntries(Object.entries(await bitsOf(run)).filter(([name]) => name !== "result.json"));
}

it("trains each way, tells what it compared, and keeps the best as if it had been asked for alone", async () => {
  const [out, alone] = [await runFolder(), await runFolder()];
  const { code, stdout, stderr } = await train(tones, out, [...AUTO, "--json"]);
  expect(stderr).not.toContain("error");
  expect(code).toBe(0);
  const { transfer } = (await readRunJson(out, "config.json")) as {
    transfer: { how: string; compared: { how: string; macroF1: number; seconds: number }[] };
  };
  expect(transfer.compared.map(({ how }) => how)).toEqual(["frozen", "fine-tuned", "scratch"]);
  const best = Math.max(...transfer.compared.map(({ macroF1 }) => macroF1));
  // Of equal ones the cheapest, which is the first.
  expect(transfer.how).toBe(transfer.compared.find(({ macroF1 }) => macroF1 === best)?.how);
  expect(transfer.compared.every(({ seconds }) => seconds > 0)).toBe(true);
  const { how, compared } = transfer;
  expect(jsonLines(stdout).at(-1)).toMatchObject({ event: "done", transfer: { how, compared } });
  expect(await readRunJson(out, "result.json")).toMatchObject({ transfer: { how, compared } });
  expect(stderr.replaceAll(/\s+/g, " ")).toContain(
    "On the validation part: the frozen network with a linear head macro F1 ",
  );
  expect(await readdir(out)).not.toContain("ways");
  // Nothing tells it from the run of that way, but that it was compared.
  const own = how === "scratch" ? OWN_INPUT : [];
  expect((await train(tones, alone, ["--transfer", how, ...own])).code).toBe(0);
  expect(await learntIn(out)).toEqual(await learntIn(alone));
  // The same command line goes on with it, which has nothing to do; another does not.
  const again = (...options: string[]) =>
    tests.run(["train", tones, "--from", published, "--resume", out, ...QUICK, ...options]);
  expect((await again(...AUTO)).code).toBe(0);
  expect((await again("--transfer", "whole")).stderr).toContain("a resumed run keeps transfer");
});

it("goes on where it was interrupted, with the same bits", async () => {
  const [whole, broken] = [await runFolder(), await runFolder()];
  expect((await train(tones, whole, AUTO)).code).toBe(0);
  // In the second way, after the first is done.
  const stopped = await train(tones, broken, AUTO, /fine-tuned, 2 of 3[^]*\n +1\/2 /);
  expect(stopped.code).toBe(130);
  expect(stopped.stdout + stopped.stderr).toContain("epochs are done and saved");
  expect(await readRunJson(broken, "config.json")).toMatchObject({ transfer: { how: "auto" } });
  expect((await tests.run(["eval", broken])).stderr).toContain("this run has no model yet");
  expect((await tests.run(["train", "--resume", broken, "--threads", "1"])).code).toBe(0);
  expect(await learntIn(broken)).toEqual(await learntIn(whole));
});

it("compares tags and numbers by their loss", async () => {
  const files = CLASSES.flatMap((name) =>
    Array.from({ length: 6 }, (_, i) => [name, `tones/${name}/${name}-${i}.wav`]),
  );
  const lists = {
    tags: [
      "path,label",
      ...files.map(([name, file]) => `${file},${name === "low" ? "deep" : "deep|bright"}`),
    ],
    numbers: ["path,pitch", ...files.map(([name, file]) => `${file},${CLASSES.indexOf(name)}`)],
  };
  for (const [name, lines] of Object.entries(lists)) {
    const list = join(tests.folder, `${name}.csv`);
    await writeFile(list, lines.join("\n"));
    const out = await runFolder();
    const { code, stderr } = await train(list, out, AUTO);
    expect(stderr).not.toContain("error");
    expect(code, name).toBe(0);
    const { transfer } = (await readRunJson(out, "config.json")) as {
      transfer: { how: string; compared: { how: string; macroF1: null; loss: number }[] };
    };
    const least = Math.min(...transfer.compared.map(({ loss }) => Number(loss.toFixed(4))));
    expect(transfer.compared.find(({ loss }) => Number(loss.toFixed(4)) === least)?.how).toBe(transfer.how);
    await rm(list);
  }
});

it("refuses to compare without a validation part, and trials of several ways", async () => {
  const out = await runFolder();
  expect((await train(tones, out, [...AUTO, "--split", "0.8/0/0.2"])).stderr).toContain(
    "--transfer auto compares on the validation part, and there is none",
  );
  expect((await train(tones, out, [...AUTO, "--print-config"])).stderr).toContain("name it, such as");
  await expect(readdir(out)).rejects.toThrow();
});
