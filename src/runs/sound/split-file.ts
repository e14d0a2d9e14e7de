/**
 * @file A run's split.json: which recording is in which part, and how it came there. So a run goes on, and is evaluated, with
 * the very same parts. Node only.
 */

import { join } from "node:path";
import { z } from "zod";
import type { AudioClip, AudioCollection, SplitParts, SplitReport } from "../../data/audio/index.ts";
import { AuricleError } from "../../errors.ts";
import { readJson, writeJson } from "../run-config.ts";

const SPLIT_NAME = "split.json";

const counts = z.strictObject({ train: z.int(), validation: z.int(), test: z.int() });

const part = z.strictObject({ clips: z.int(), groups: z.int(), byClass: z.array(z.int()) });

const splitFile = z.strictObject({
  report: z.strictObject({
    origin: z.enum(["official", "fold", "random"]),
    fold: z.int().optional(),
    method: z.string(),
    seed: z.int(),
    parts: z.strictObject({ train: part, validation: part, test: part }),
    leaks: z.array(
      z.strictObject({ kind: z.enum(["group", "recording", "duplicate"]), what: z.string(), clips: counts }),
    ),
    warnings: z.array(z.string()),
  }),
  /** The ids of the clips. */
  parts: z.strictObject({
    train: z.array(z.string()),
    validation: z.array(z.string()),
    test: z.array(z.string()),
  }),
});

export interface RecordedSplit {
  readonly report: SplitReport;
  readonly parts: SplitParts;
}

/** @throws AuricleError "file" when it cannot be written. */
export async function writeSplit(folder: string, { report, parts }: RecordedSplit): Promise<void> {
  const ids = (clips: readonly AudioClip[]) => clips.map(({ id }) => id);
  const { train, validation, test } = parts;
  await writeJson(join(folder, SPLIT_NAME), {
    report,
    parts: { train: ids(train), validation: ids(validation), test: ids(test) },
  });
}

/**
 * The split that a run began with, of the same collection read again.
 * @throws AuricleError "file" when it cannot be read, "data" when recordings of it are gone.
 */
export async function readSplit(folder: string, collection: AudioCollection): Promise<RecordedSplit> {
  const path = join(folder, SPLIT_NAME);
  const result = splitFile.safeParse(await readJson(path));
  if (!result.success) {
    throw new AuricleError(
      "file",
      `${path}: not a split that this version of Auricle reads:\n${z.prettifyError(result.error)}`,
    );
  }
  const clips = new Map(collection.clips.map((clip) => [clip.id, clip]));
  const find = (ids: readonly string[]) =>
    ids.map((id) => {
      const clip = clips.get(id);
      if (clip) return clip;
      throw new AuricleError(
        "data",
        `${collection.folder}: the recording ${JSON.stringify(id)} that the run began with is gone; put it back, or ` +
          "begin a new run",
      );
    });
  const { report, parts } = result.data;
  return {
    report,
    parts: { train: find(parts.train), validation: find(parts.validation), test: find(parts.test) },
  };
}
