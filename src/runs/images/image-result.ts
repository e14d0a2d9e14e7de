/** @file A run's result.json, written when all is done. Node only. */

import { join } from "#here/io/path";
import { z } from "zod";
import { AuricleError } from "../../errors.ts";
import { diagnosisSchema } from "../diagnosis.ts";
import { readJson, writeJson } from "../json-file.ts";
import { exists, RUN_FILES } from "../run-folder.ts";
import { testResult } from "./test-result.ts";

const runResult = z.strictObject({
  model: z.string(),
  data: z.string(),
  /** Epochs trained. */
  epochs: z.int(),
  /** Whether the validation loss ended the training. */
  stoppedEarly: z.boolean(),
  /** The epoch whose weights were tested, that of the least validation loss; null: the last, as nothing was held out. */
  bestEpoch: z.int().nullable(),
  /** Warnings about fallbacks and repairs in the run; absent where there were none. */
  warnings: z.array(z.string()).optional(),
  test: testResult,
  /** The diagnosis of the trained model; absent in results of earlier versions, which made none. */
  diagnosis: diagnosisSchema.optional(),
});

export type RunResult = Readonly<z.infer<typeof runResult>>;

/** @throws AuricleError "file" when it cannot be written. */
export async function writeResult(folder: string, result: RunResult): Promise<void> {
  await writeJson(join(folder, RUN_FILES.result), result);
}

/** The result of a run, or undefined when it is not finished. @throws AuricleError "file" for a damaged file. */
export async function readResult(folder: string): Promise<RunResult | undefined> {
  const path = join(folder, RUN_FILES.result);
  if (!(await exists(path))) return undefined;
  const result = runResult.safeParse(await readJson(path));
  if (result.success) return result.data;
  throw new AuricleError("file", `${path}: not a result that this version of Auricle reads`);
}
