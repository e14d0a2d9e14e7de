/** @file The kinds of runs: which one data or a run's folder are of. Browser-safe. */

import { join } from "#here/io/path";
import { z } from "zod";
import { writeJson, readJson } from "./json-file.ts";
import { RUN_FILES } from "./run-folder.ts";
import type { RunKind } from "./run-kind.ts";
import { SOUND } from "./sound/sound-kind.ts";
import type { TrainingConfig } from "./training-config.ts";

/** The kinds by the names that configurations have for them. */
const RUN_KINDS: ReadonlyMap<string, RunKind> = new Map([[SOUND.name, SOUND]]);

const kindOnly = z.looseObject({ kind: z.string().optional() });

/** A run's configuration and its kind. */
export interface StoredConfig {
  readonly kind: RunKind;
  readonly config: TrainingConfig;
}

/** Reads a run's configuration. @throws AuricleError "file" when it cannot be read or is not as this version writes it. */
export async function readRun(folder: string): Promise<StoredConfig> {
  const path = join(folder, RUN_FILES.config);
  const content = await readJson(path);
  const { kind: name = "" } = kindOnly.safeParse(content).data ?? {};
  const kind = RUN_KINDS.get(name) ?? SOUND;
  return { kind, config: kind.parseConfig(content, path) };
}

/** Whether a folder holds a run on images of an earlier version, whose configuration names no kind. */
export async function isEarlierImageRun(folder: string): Promise<boolean> {
  const content = await readJson(join(folder, RUN_FILES.config));
  return kindOnly.safeParse(content).data?.kind === undefined;
}

/** @throws AuricleError "file" when it cannot be written. */
export async function writeConfig(folder: string, config: TrainingConfig): Promise<void> {
  await writeJson(join(folder, RUN_FILES.config), config);
}

/** The kind of run that trains on data. @throws AuricleError "data" where there are no such data. */
export async function kindOfData(data: string): Promise<RunKind> {
  void data;
  return Promise.resolve(SOUND);
}
