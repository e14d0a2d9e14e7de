/** @file The command as users run it: built, in a process of its own. For tests. */

import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from "node:child_process";
import { copyFile, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

export interface BuiltCommand {
  /** The path of the built main.js. */
  readonly main: string;
  remove(): Promise<void>;
}

/** Builds the sources into a temporary folder. Types are not checked: `npm run typecheck` does that. */
export async function buildCommand(): Promise<BuiltCommand> {
  const folder = await mkdtemp(join(tmpdir(), "auricle-build-"));
  await copyFile(join(ROOT, "package.json"), join(folder, "package.json"));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const options = ["--noCheck", "--declaration", "false", "--outDir", join(folder, "dist")];
  const { status, stdout } = spawnSync(execPath, [tsc, "-p", "tsconfig.build.json", ...options], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the build failed: ${stdout}`);
  return {
    main: join(folder, "dist", "cli", "main.js"),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
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
