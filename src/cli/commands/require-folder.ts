/** @file Folders that options name: a mistyped one is refused, also where it would not be looked into. */

import { statSync } from "node:fs";
import { AuricleError } from "../../errors.ts";

/** @throws AuricleError "file" unless `--data-folder` was left out or names a folder. */
export function requireDataFolder({ dataFolder }: { readonly dataFolder?: string }): void {
  requireFolder(dataFolder, "--data-folder");
}

/** @throws AuricleError "file" unless an option was left out or names a folder. */
export function requireFolder(folder: string | undefined, option: string): void {
  if (folder === undefined) return;
  const entry = statSync(folder, { throwIfNoEntry: false });
  if (entry?.isDirectory()) return;
  const what = entry ? "not a folder" : "no such folder";
  throw new AuricleError("file", `${what}: ${folder} (given by ${option})`);
}
