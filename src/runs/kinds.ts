/** @file The kinds of runs: which one data or a run's folder are of. Browser-safe. */

import { join } from "#here/io/path";
import * as z from "zod/mini";
import { openAudioCollection } from "../data/audio/open.ts";
import { PICTURES } from "../data/images/medium.ts";
import { mediumOf } from "../data/media.ts";
import { AuricleError } from "../errors.ts";
import { IMAGES } from "./images/image-kind.ts";
import { writeJson, readJson } from "./json-file.ts";
import { RUN_FILES } from "./run-folder.ts";
import type { RunKind } from "./run-kind.ts";
import { SOUND } from "./sound/sound-kind.ts";
import type { TrainingConfig } from "./training-config.ts";

/** The kinds by the names that configurations have for them. */
const RUN_KINDS: ReadonlyMap<string, RunKind> = new Map([SOUND, IMAGES].map((kind) => [kind.name, kind]));

const kindOnly = z.looseObject({ kind: z.optional(z.string()), files: z.optional(z.unknown()) });

/** A run's configuration and its kind. */
export interface StoredConfig {
  readonly kind: RunKind;
  readonly config: TrainingConfig;
}

/** Reads a run's configuration. @throws AuricleError "file" when it cannot be read or is not as this version writes it. */
export async function readRun(folder: string): Promise<StoredConfig> {
  const path = join(folder, RUN_FILES.config);
  const content = await readJson(path);
  if (isEarlier(content)) {
    throw new AuricleError(
      "file",
      `${path}: a run on images that an earlier version of Auricle made, which this one neither continues nor tests. Its ` +
        "model still predicts; for the rest train again",
    );
  }
  const { kind: name = "" } = kindOnly.safeParse(content).data ?? {};
  const kind = RUN_KINDS.get(name) ?? SOUND;
  return { kind, config: kind.parseConfig(content, path) };
}

/** Whether a folder holds a run on images of an earlier version, of which only the model can be used. */
export async function isEarlierImageRun(folder: string): Promise<boolean> {
  return isEarlier(await readJson(join(folder, RUN_FILES.config)));
}

/** Such configurations named no kind, but the files of the data. */
function isEarlier(content: unknown): boolean {
  const { kind, files } = kindOnly.safeParse(content).data ?? {};
  return kind === undefined && files !== undefined;
}

/** @throws AuricleError "file" when it cannot be written. */
export async function writeConfig(folder: string, config: TrainingConfig): Promise<void> {
  await writeJson(join(folder, RUN_FILES.config), config);
}

/**
 * Returns the kind of run that trains on data; whether all is well with the data shows when they are opened.
 * @throws AuricleError "data" or "file" for data with recordings as well as pictures, and what cannot be read.
 */
export async function kindOfData(data: string): Promise<RunKind> {
  const medium = await mediumOf(data);
  if (medium === undefined) {
    if (PICTURES.hasExtension(data)) return IMAGES;
    // Opening as sound tells best what is missing.
    await openAudioCollection(data);
  }
  return medium === undefined || medium === "sound" ? SOUND : IMAGES;
}
