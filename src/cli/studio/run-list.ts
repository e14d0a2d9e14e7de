/** @file The runs in a folder as JSON. */

import { readdir, stat } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { RUN_FILE_NAMES } from "../../runs/index.ts";
import type { Session } from "../../session/index.ts";
import { plainRun } from "../plain-run.ts";

/**
 * Lists the runs in a folder with their figures and histories, the best first, and the files that each has. A folder that is not
 * there has none: the first run makes it.
 */
export async function listRunFiles(session: Pick<Session, "runs">, folder: string): Promise<object> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  if (!isThere) return { folder: resolve(folder), runs: [], problems: [] };
  const { runs, ...others } = await session.runs(folder);
  const described = runs.map(async (run) => ({
    ...plainRun(run),
    address: addressOf(run.name),
    files: (await readdir(run.path)).filter((name) => RUN_FILE_NAMES.includes(name)).sort(),
  }));
  return { ...others, runs: await Promise.all(described) };
}

/** The address of a run's files, from the app's own: "runs/genres/". */
function addressOf(name: string): string {
  const names = name === "." ? [] : name.split(sep);
  return ["runs", ...names.map(encodeURIComponent), ""].join("/");
}
