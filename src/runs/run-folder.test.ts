import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { chdir, cwd } from "node:process";
import { expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../data/testing/temporary-folder.ts";
import {
  createRunFolder,
  endMaking,
  findRun,
  newestUnfinishedRun,
  reopenRunFolder,
  requireRoom,
} from "./run-folder.ts";

const ABOUT = { model: "lenet5", data: "my digits", now: new Date(2026, 0, 2, 3, 4, 5) };

/** Works in an empty folder until the test ends. */
async function workInTemporaryFolder(): Promise<string> {
  const before = cwd();
  const folder = await temporaryFolder();
  chdir(folder);
  onTestFinished(() => chdir(before));
  return cwd();
}

it("names runs by date, time, model and data, and numbers those of the same second", async () => {
  await workInTemporaryFolder();
  const first = await createRunFolder(undefined, ABOUT);
  const second = await createRunFolder(undefined, ABOUT);
  expect(basename(first.path)).toBe("2026-01-02-030405-lenet5-my_digits");
  expect(second.path).toBe(`${first.path}-2`);
});

it("makes the folder that is asked for, with those above it", async () => {
  const path = join(await temporaryFolder(), "a", "b");
  const { lock } = await createRunFolder(path, ABOUT);
  expect(existsSync(join(path, "lock-1"))).toBe(true);
  await lock.release();
});

it("says why a folder cannot be made", async () => {
  const file = join(await temporaryFolder(), "file");
  await writeFile(file, "");
  const path = join(file, "a", "b");
  await expect(createRunFolder(path, ABOUT)).rejects.toThrow(
    `cannot create the folder ${path}: a part of the path is a file, and a folder is needed (ENOTDIR)`,
  );
});

it("refuses a folder that holds a run, and leaves no lock in it", async () => {
  const path = await temporaryFolder();
  await writeFile(join(path, "config.json"), "{}");
  await expect(createRunFolder(path, ABOUT)).rejects.toThrow(
    `already holds a run: choose another folder, or continue it with --resume ${path}`,
  );
  expect(existsSync(join(path, "lock-1"))).toBe(false);
});

it("refuses a folder with other files", async () => {
  const path = await temporaryFolder();
  await writeFile(join(path, "thesis.txt"), "");
  await expect(createRunFolder(path, ABOUT)).rejects.toThrow("is not empty (it holds thesis.txt)");
});

it("takes a folder whose process was killed before it wrote its configuration", async () => {
  const path = await temporaryFolder();
  const killed = await createRunFolder(path, ABOUT);
  for (const name of ["versions.json", "split.json", "config.json.1234567"])
    await writeFile(join(path, name), "{");
  await killed.lock.release();
  await requireRoom(path);
  const { lock } = await createRunFolder(path, ABOUT);
  await endMaking(path);
  await lock.release();
  expect(await readdir(path)).toEqual(["split.json", "versions.json"]);
});

it.each(["versions.json", "split.json", "config.json.1234567"])(
  "refuses a folder with a %s that no run has left, and leaves it as it was",
  async (name) => {
    const path = await temporaryFolder();
    await writeFile(join(path, name), "mine");
    const message = `is not empty (it holds ${name}): a new run needs a folder of its own`;
    await expect(requireRoom(path)).rejects.toThrow(message);
    await expect(createRunFolder(path, ABOUT)).rejects.toThrow(message);
    expect(await readdir(path)).toEqual([name]);
    expect(await readFile(join(path, name), "utf8")).toBe("mine");
  },
);

it("keeps a second process out of a run that is being trained", async () => {
  const path = await temporaryFolder();
  const { lock } = await createRunFolder(path, ABOUT);
  await writeFile(join(path, "config.json"), "{}");
  await expect(reopenRunFolder(path)).rejects.toThrow("this run is being trained by process");
  await lock.release();
  await (await reopenRunFolder(path)).lock.release();
});

it("finds the newest run without a result", async () => {
  const folder = await workInTemporaryFolder();
  await expect(newestUnfinishedRun()).rejects.toThrow("no unfinished run in");
  const runs = { "2026-01-01-a": ["config.json"], "2026-01-02-b": ["config.json"], "2026-01-03-c": [] };
  for (const [name, files] of Object.entries(runs)) {
    await mkdir(join(folder, "runs", name), { recursive: true });
    for (const file of files) await writeFile(join(folder, "runs", name, file), "{}");
  }
  expect(basename(await newestUnfinishedRun())).toBe("2026-01-02-b");
  await writeFile(join(folder, "runs", "2026-01-02-b", "result.json"), "{}");
  expect(basename(await newestUnfinishedRun())).toBe("2026-01-01-a");
});

it("says what it misses where a folder is no run", async () => {
  const path = await temporaryFolder();
  await expect(findRun(path)).rejects.toThrow(`${path} is not the folder of a run: it has no config.json`);
});

it("clears away what killed saves have left, and nothing else", async () => {
  const path = join(await temporaryFolder(), "run");
  const { lock } = await createRunFolder(path, ABOUT);
  await lock.release();
  const left = [
    "last.safetensors.4000000000",
    "best.safetensors.123456",
    "metrics.jsonl.99999999",
    "result.json.77777",
  ];
  const kept = ["config.json", "last.safetensors", "notes.json.20240101", "last.safetensors.2024"];
  for (const name of [...left, ...kept]) await writeFile(join(path, name), "x");
  const again = await reopenRunFolder(path);
  await again.lock.release();
  expect((await readdir(path)).sort()).toEqual(kept.sort());
});
