/** @file The software, platform and threads that made a run: its versions.json. Node only. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { arch, platform, versions } from "node:process";
import { z } from "zod";
import { writeJson } from "./json-file.ts";

/** Auricle's own version. */
export function auricleVersion(): string {
  const path = new URL("../../package.json", import.meta.url);
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path, "utf8"))).version;
}

/** Writes versions.json for the process that trains now. A resumed run has the versions of its last process. */
export async function writeVersions(
  folder: string,
  engine: { readonly target: string; readonly threads: number },
): Promise<void> {
  await writeJson(join(folder, "versions.json"), {
    auricle: auricleVersion(),
    node: versions.node,
    v8: versions.v8,
    platform: `${platform} ${arch}`,
    target: engine.target,
    threads: engine.threads,
  });
}
