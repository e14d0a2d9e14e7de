/** @file Where a command keeps features: the folder that was named, the user's cache, or with --no-cache nowhere for long. */

import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Command } from "commander";

/** Options of commands that compute features. */
export interface FeatureFolderOptions {
  readonly featureFolder?: string;
  /** false after --no-cache. */
  readonly cache?: boolean;
}

/** Adds --feature-folder and --no-cache. */
export function addFeatureOptions(command: Command): Command {
  return command
    .option("--feature-folder <folder>", "folder of the cached features (default: the user's cache)")
    .option("--no-cache", "cache no features: a temporary folder holds them and is removed at the end");
}

/**
 * Runs something that computes features.
 * @param run gets the folder to keep them in; undefined: the user's cache
 */
export async function withFeatureFolder<T>(
  { featureFolder, cache }: FeatureFolderOptions,
  command: Command,
  run: (folder: string | undefined) => Promise<T>,
): Promise<T> {
  if (cache !== false) return run(featureFolder);
  if (featureFolder !== undefined) {
    command.error("error: --no-cache and --feature-folder cannot be used together");
  }
  const folder = await mkdtemp(join(tmpdir(), "auricle-features-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // Ctrl-C may end the process at once.
  process.once("exit", remove);
  try {
    return await run(folder);
  } finally {
    process.off("exit", remove);
    await rm(folder, { recursive: true, force: true });
  }
}
