/** @file The software, platform and threads that made a run: its versions.json. Browser-safe. */

import { join } from "#here/io/path";
import { environment } from "#here/runs/environment";
import { AURICLE_VERSION } from "../version.ts";
import { writeJson } from "./json-file.ts";
import { RUN_FILES } from "./run-folder.ts";

/** Writes versions.json for the process that trains now. A resumed run has the versions of its last process. */
export async function writeVersions(
  folder: string,
  engine: { readonly target: string; readonly threads: number },
): Promise<void> {
  await writeJson(join(folder, RUN_FILES.versions), {
    auricle: AURICLE_VERSION,
    ...environment.versions,
    platform: environment.platform,
    target: engine.target,
    threads: engine.threads,
  });
}
