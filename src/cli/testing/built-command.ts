/**
 * @file The command as users run it: built, in a process of its own. For tests. Each state of the sources is built once, whichever
 * test asks first.
 */

import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** The folder of the built sources: `cli/main.js` in it is the command. */
export async function builtSources(): Promise<string> {
  const folder = join(ROOT, "node_modules", ".cache", "auricle-build", await stateOfSources());
  const dist = join(folder, "dist");
  if (existsSync(dist)) return dist;
  await mkdir(dirname(folder), { recursive: true });
  await removeOld(dirname(folder));
  const fresh = await mkdtemp(`${folder}-`);
  await copyFile(join(ROOT, "package.json"), join(fresh, "package.json"));
  await symlink(join(ROOT, "node_modules"), join(fresh, "node_modules"), "junction");
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const options = ["--declaration", "false", "--outDir", join(fresh, "dist")];
  const { status, stdout } = spawnSync(execPath, [tsc, "-p", "tsconfig.build.json", ...options], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the build failed: ${stdout}`);
  // Another process may have built the same meanwhile.
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }));
  return dist;
}

/** The command: the path of its main.js. */
export async function builtCommand(): Promise<string> {
  return join(await builtSources(), "cli", "main.js");
}

/** A name for the sources as they are: it changes with each of them. */
async function stateOfSources(): Promise<string> {
  const hash = createHash("sha256");
  const names = await readdir(join(ROOT, "src"), { recursive: true });
  const sources = names.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts")).sort();
  const others = ["package.json", "tsconfig.json", "tsconfig.build.json"];
  for (const path of [...others, ...sources.map((name) => join("src", name))]) {
    hash.update(`${path}\n`).update(await readFile(join(ROOT, path)));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Removes builds of former states, which no test that runs now can be using. */
async function removeOld(folder: string): Promise<void> {
  const hourAgo = Date.now() - 3_600_000;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const modified = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Infinity,
    );
    if (modified < hourAgo) await rm(path, { recursive: true, force: true });
  }
}

export interface Ended {
  /** null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process whose output is collected. */
export class RunningCommand {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = "";
  stderr = "";
  private readonly waiting: (() => void)[] = [];

  constructor(command: string, parameters: readonly string[], options: SpawnOptions = {}) {
    this.process = spawn(command, parameters, { stdio: ["ignore", "pipe", "pipe"], ...options });
    this.process.stdout?.on("data", (piece: Buffer) => {
      this.stdout += piece.toString();
      for (const notify of this.waiting) notify();
    });
    this.process.stderr?.on("data", (piece: Buffer) => {
      this.stderr += piece.toString();
    });
    this.ended = new Promise((resolve, reject) => {
      this.process.on("error", reject);
      this.process.on("close", (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  /** Waits until stdout matches, or the process ends. */
  async printed(pattern: RegExp): Promise<void> {
    const matched = new Promise<void>((resolve) => {
      const check = () => {
        if (pattern.test(this.stdout)) resolve();
      };
      this.waiting.push(check);
      check();
    });
    await Promise.race([matched, this.ended]);
  }
}
