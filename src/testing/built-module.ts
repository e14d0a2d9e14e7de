/** @file One source file and all that it imports, built, for processes of their own. For tests. */

import { spawnSync } from "node:child_process";
import { copyFile, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Builds a file of the sources; gone when the test ends.
 * @param path below `src`: "runs/lock-node.ts"
 * @returns the URL from which a script can import it
 */
export async function buildModule(path: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "auricle-build-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await copyFile(join(ROOT, "package.json"), join(folder, "package.json"));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  const config = join(folder, "tsconfig.json");
  const compilerOptions = {
    rootDir: join(ROOT, "src"),
    outDir: join(folder, "dist"),
    declaration: false,
  };
  await writeFile(
    config,
    JSON.stringify({
      extends: join(ROOT, "tsconfig.build.json"),
      files: [join(ROOT, "src", path)],
      include: [],
      compilerOptions,
    }),
  );
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const { status, stdout } = spawnSync(execPath, [tsc, "-p", config], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the build of ${path} failed: ${stdout}`);
  return pathToFileURL(join(folder, "dist", path.replace(/\.ts$/, ".js"))).href;
}
