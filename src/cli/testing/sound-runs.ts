/** @file Runs on sound that take a fraction of a second, for tests of the command. */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { auricle, type CommandResult } from "./command-line.ts";

/** A small network, short windows, and one thread, as other tests run at the same time. */
export const QUICK = ["--model", "notebook", "--window", "0.1", "--epochs", "2", "--threads", "1"];

export interface SoundTests {
  /** A folder that all tests of a file share. */
  readonly folder: string;
  /** As {@link auricle}, with features kept in the shared folder. */
  run(argv: readonly string[], interruptAt?: RegExp): Promise<CommandResult>;
  /** `auricle train` on `data` into `out`, quick unless options say otherwise. */
  train(data: string, out: string, ...options: string[]): Promise<CommandResult>;
}

/** To be called once at the top of a file of tests. */
export function soundTests(): SoundTests {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "auricle-test-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const run = (argv: readonly string[], interruptAt?: RegExp) =>
    auricle([...argv, "--feature-folder", join(folder, "features")], interruptAt);
  return {
    get folder() {
      return folder;
    },
    run,
    train: (data, out, ...options) => run(["train", data, "--out", out, ...QUICK, ...options]),
  };
}

/** The content of a run's JSON file. */
export async function readRunJson(run: string, name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(run, name), "utf8")) as Record<string, unknown>;
}

/** The files that hold what a run has learnt and what came of it, as bytes: equal for equal runs. */
export async function bitsOf(run: string): Promise<Record<string, string>> {
  const names = ["best.safetensors", "last.safetensors", "predictions.json", "result.json", "split.json"];
  const contents = await Promise.all(names.map((name) => readFile(join(run, name))));
  return Object.fromEntries(names.map((name, i) => [name, contents[i].toString("base64")]));
}
