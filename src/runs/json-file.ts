/** @file JSON files of a run's folder. Browser-safe. */

import { AuricleError } from "../errors.ts";
import { readFileBytes, writeFileAtomic } from "../io/atomic-file.ts";
import { exists } from "./run-folder.ts";

const ADVICE = "restore it from a copy or start a new run";

/** @throws AuricleError "file" when it cannot be written. */
export async function writeJson(path: string, value: object): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** @throws AuricleError "file" when it is missing, cannot be read or is not JSON, and what to do. */
export async function readJson(path: string): Promise<unknown> {
  if (!(await exists(path))) throw new AuricleError("file", `${path}: the file is missing: ${ADVICE}`);
  const bytes = await readFileBytes(path);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    const problem = bytes.length === 0 ? "it is empty" : `not JSON (${String(cause)})`;
    throw new AuricleError("file", `${path}: ${problem}; the file is damaged: ${ADVICE}`, { cause });
  }
}
