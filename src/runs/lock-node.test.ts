import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { readdir, readFile, rename, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { execPath, pid, platform } from "node:process";
import { expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../data/testing/temporary-folder.ts";
import { buildModule } from "../testing/built-module.ts";
import { acquireLock } from "./lock-node.ts";

/** The id of a process that has ended. */
function endedProcess(): number {
  return spawnSync(execPath, ["-e", ""]).pid;
}

/** The id of another process, which runs until the test ends. */
function otherProcess(): number {
  const process = spawn(execPath, ["-e", "setInterval(() => {}, 1e6)"]);
  onTestFinished(() => void process.kill("SIGKILL"));
  return process.pid ?? 0;
}

async function writeLock(folder: string, number: number, owner: object): Promise<void> {
  await writeFile(join(folder, `lock-${number}`), JSON.stringify({ host: hostname(), id: "x", ...owner }));
}

it("lets one in at a time, and the next after the release", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "lock-1");
  const first = await acquireLock(folder);
  await expect(acquireLock(folder)).rejects.toThrow(
    `being trained by process ${pid} on ${hostname()}: wait for it or stop it. If there is no such process, delete ${path}`,
  );
  await first.release();
  expect(await readdir(folder)).toEqual([]);
  const second = await acquireLock(folder);
  await second.release();
  expect(await readdir(folder)).toEqual([]);
});

it("lets one of many in that find an abandoned lock at the same moment", async () => {
  const folder = await temporaryFolder();
  await writeLock(folder, 1, { pid: endedProcess() });
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(folder)));
  expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const one of tries) {
    if (one.status === "rejected") expect(String(one.reason)).toContain("being trained by");
  }
});

it("is taken over from a process that is gone, and its file goes with the release", async () => {
  const folder = await temporaryFolder();
  await writeLock(folder, 1, { pid: endedProcess() });
  const lock = await acquireLock(folder);
  expect((await readdir(folder)).filter((name) => !name.endsWith(".socket"))).toEqual(["lock-1", "lock-2"]);
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
});

it("is not taken over from another machine, whose processes are not known here", async () => {
  const folder = await temporaryFolder();
  await writeLock(folder, 1, { pid: endedProcess(), host: "elsewhere", boot: "another" });
  await expect(acquireLock(folder)).rejects.toThrow("on elsewhere");
});

it("is taken over from a process that had this one's id, as the first process of each container has", async () => {
  const folder = await temporaryFolder();
  await writeLock(folder, 1, { pid });
  await (await acquireLock(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});

it("is taken over from a process killed before it wrote its name", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "lock-1"), "");
  await (await acquireLock(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});

it("is not taken over from a process that is writing its name", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "lock-1"), "");
  const other = otherProcess();
  const attempt = acquireLock(folder);
  await writeLock(folder, 1, { pid: other });
  await expect(attempt).rejects.toThrow(`being trained by process ${other}`);
});

it("looks at all locks, and steps back where any of them is somebody's", async () => {
  const folder = await temporaryFolder();
  const other = otherProcess();
  await writeLock(folder, 2, { pid: other });
  await writeLock(folder, 7, { pid: endedProcess() });
  await expect(acquireLock(folder)).rejects.toThrow(`being trained by process ${other}`);
  expect(await readdir(folder)).toEqual(["lock-2", "lock-7"]);
});

it("says why where a lock cannot be made", async () => {
  const folder = await temporaryFolder();
  await expect(acquireLock(join(folder, "missing"))).rejects.toThrow("no such file or folder");
});

it("is held again when the folder has been renamed meanwhile", async () => {
  const folder = await temporaryFolder();
  const lock = await acquireLock(folder);
  await rename(folder, `${folder}-renamed`);
  await expect(acquireLock(`${folder}-renamed`)).rejects.toThrow("being trained by");
  await rename(`${folder}-renamed`, folder);
  await lock.release();
});

const onLinux = it.runIf(platform === "linux");

/** Reads from /proc the boot id of the kernel and this process's id namespace and start time. */
function facts() {
  const stat = readFileSync("/proc/self/stat", "utf8");
  return {
    boot: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
    namespace: readlinkSync("/proc/self/ns/pid"),
    started: stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19],
  };
}

onLinux("leaves no socket of a process that was killed", async () => {
  const folder = await temporaryFolder();
  const abandoned = await acquireLock(folder);
  const { socket, ...owner } = JSON.parse(await readFile(join(folder, "lock-1"), "utf8")) as {
    socket: string;
  };
  await abandoned.release();
  await writeFile(join(folder, socket), "");
  await writeLock(folder, 1, { ...owner, socket });
  await (await acquireLock(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});

onLinux("removes old sockets of processes killed before they made a lock, and no others", async () => {
  const folder = await temporaryFolder();
  const lock = await acquireLock(folder);
  const [old, young] = ["lock-old.socket", "lock-young.socket"];
  for (const name of [old, young]) await writeFile(join(folder, name), "");
  await utimes(join(folder, old), 0, 0);
  await lock.release();
  expect(await readdir(folder)).toEqual([young]);
});

onLinux("writes down what tells its process from others of that id", async () => {
  const folder = await temporaryFolder();
  const lock = await acquireLock(folder);
  const owner = JSON.parse(await readFile(join(folder, "lock-1"), "utf8")) as { socket: string };
  expect(owner).toMatchObject({ pid, host: hostname(), ...facts() });
  expect(existsSync(join(folder, owner.socket))).toBe(true);
  await lock.release();
});

// Without a socket, as on file systems that have none.
onLinux.each([
  ["a living process", {}, true],
  ["one whose id was given again", { started: "1" }, false],
  ["one before the machine was started again", { boot: "earlier" }, false],
  ["one in another container of this machine, which cannot be seen", { namespace: "pid:[1]" }, true],
  ["one in another container under another name", { namespace: "pid:[1]", host: "elsewhere" }, true],
  ["this process's forerunner in a container", { namespace: "pid:[1]", pid }, false],
  ["one whose socket is gone", { socket: "lock-x.socket" }, false],
])("holds for %s: %j", async (_, differing, holds) => {
  const folder = await temporaryFolder();
  const other = otherProcess();
  const stat = readFileSync(`/proc/${other}/stat`, "utf8");
  const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  await writeLock(folder, 1, { pid: other, ...facts(), started, ...differing });
  if (holds) await expect(acquireLock(folder)).rejects.toThrow("being trained by");
  else await (await acquireLock(folder)).release();
});

/** Takes the lock again and again, and writes down when it has it and when no longer. */
const CONTENDER = `
const [, , module, folder, log] = process.argv;
const { acquireLock } = await import(module);
const { appendFileSync } = await import("node:fs");
for (;;) {
  const lock = await acquireLock(folder).catch((error) => {
    if (!/being trained by/.test(error.message)) throw error;
  });
  if (!lock) continue;
  appendFileSync(log, process.pid + " in\\n");
  await new Promise(setImmediate);
  appendFileSync(log, process.pid + " out\\n");
  await lock.release();
}
`;

it("keeps processes apart that come, go and are killed at any moment", async () => {
  const [folder, place] = [await temporaryFolder(), await temporaryFolder()];
  const [script, log] = [join(place, "contender.mjs"), join(place, "log")];
  const module = await buildModule("runs/lock-node.ts");
  await writeFile(script, CONTENDER);
  await writeFile(log, "");
  let errors = "";
  const running = new Set<ChildProcess>();
  const begin = () => {
    const child = spawn(execPath, [script, module, folder, log]);
    running.add(child);
    child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
    child.on("exit", () => running.delete(child));
  };
  onTestFinished(() => running.forEach((child) => void child.kill("SIGKILL")));
  const turns = () => readFileSync(log, "utf8").trimEnd().split("\n");
  for (let i = 0; i < 4; i++) begin();
  for (let kills = 0; kills < 8; kills++) {
    const before = turns().length;
    await expect.poll(() => turns().length, { timeout: 30_000 }).toBeGreaterThan(before + 10);
    const [victim] = running;
    const gone = new Promise((resolve) => victim.on("exit", resolve));
    victim.kill("SIGKILL");
    await gone;
    begin();
  }
  let inside: string | undefined;
  // Whoever was killed inside never says that it is out.
  const killed = new Set<string>();
  const together = turns().filter((turn) => {
    const [who, where] = turn.split(" ");
    if (where === "out") {
      const wasAlone = inside === who;
      inside = undefined;
      return !wasAlone;
    }
    if (inside !== undefined) killed.add(inside);
    inside = who;
    return killed.has(who);
  });
  expect([errors, together]).toEqual(["", []]);
  running.forEach((child) => void child.kill("SIGKILL"));
  await expect.poll(() => running.size).toBe(0);
  await (await acquireLock(folder)).release();
  expect((await readdir(folder)).filter((name) => /^lock-\d+$/.test(name))).toEqual([]);
}, 120_000);
