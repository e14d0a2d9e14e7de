import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { execPath, pid } from "node:process";
import { expect, it } from "vitest";
import { temporaryFolder } from "../data/testing/temporary-folder.ts";
import { acquireLock } from "./lock.ts";

/** The id of a process that has ended. */
function endedProcess(): number {
  return spawnSync(execPath, ["-e", ""]).pid;
}

it("lets one in at a time, and the next after the release", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "lock-1");
  const first = await acquireLock(folder);
  await expect(acquireLock(folder)).rejects.toThrow(
    `being trained by process ${pid} on ${hostname()}: wait for it or stop it. If there is no such process, delete ${path}`,
  );
  await first.release();
  expect(existsSync(path)).toBe(false);
  const second = await acquireLock(folder);
  await second.release();
});

it("lets one of many in that find an abandoned lock at the same moment", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "lock-1");
  await writeFile(path, JSON.stringify({ pid: endedProcess(), host: hostname(), id: "killed" }));
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(folder)));
  expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const one of tries) {
    if (one.status === "rejected") expect(String(one.reason)).toContain("being trained by");
  }
});

it("is taken over from a process that is gone, and its file goes with the release", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "lock-1");
  await writeFile(path, JSON.stringify({ pid: endedProcess(), host: hostname(), id: "killed" }));
  const lock = await acquireLock(folder);
  expect(await readdir(folder)).toEqual(["lock-1", "lock-2"]);
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
});

it("is not taken over from another machine, whose processes are not known here", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "lock-1");
  await writeFile(path, JSON.stringify({ pid: endedProcess(), host: "elsewhere", id: "x" }));
  await expect(acquireLock(folder)).rejects.toThrow("on elsewhere");
});

it("is taken over from a process killed before it wrote its name", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "lock-1"), "");
  await (await acquireLock(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});

it("is not taken over from a process that is writing its name", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "lock-1");
  await writeFile(path, "");
  const attempt = acquireLock(folder);
  await writeFile(path, JSON.stringify({ pid, host: hostname(), id: "slow" }));
  await expect(attempt).rejects.toThrow(`being trained by process ${pid}`);
});

it("goes by the highest number", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "lock-7"), JSON.stringify({ pid, host: hostname(), id: "another" }));
  await expect(acquireLock(folder)).rejects.toThrow(`being trained by process ${pid}`);
  expect(await readdir(folder)).toEqual(["lock-7"]);
});

it("says why where a lock cannot be made", async () => {
  const folder = await temporaryFolder();
  await expect(acquireLock(join(folder, "missing"))).rejects.toThrow("no such file or folder");
});
