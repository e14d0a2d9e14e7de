/**
 * @file Warnings about fallbacks and repairs in a run. They are reported at once, and kept in the run's folder, since
 * another process may finish the run and write the report. Browser-safe.
 */

import { join } from "#here/io/path";
import * as z from "zod/mini";
import { AuricleError } from "../errors.ts";
import type { TrainingObserver } from "./observer.ts";
import { readJson, writeJson } from "./json-file.ts";
import { exists, RUN_FILES } from "./run-folder.ts";

const warningsFile = z.array(z.string());

export class RunWarnings {
  /** All warnings of the run so far, oldest first. */
  readonly all: string[];
  private readonly path: string;
  private readonly observer: Pick<TrainingObserver, "warning">;

  private constructor(path: string, all: string[], observer: Pick<TrainingObserver, "warning">) {
    this.path = path;
    this.all = all;
    this.observer = observer;
  }

  /** Opens the warnings that earlier processes of the run left; a file that cannot be read becomes a warning itself. */
  static async open(folder: string, observer: Pick<TrainingObserver, "warning">): Promise<RunWarnings> {
    const path = join(folder, RUN_FILES.warnings);
    const warnings = new RunWarnings(path, [], observer);
    if (await exists(path)) {
      const found = warningsFile.safeParse(await readJson(path).catch(() => undefined));
      if (found.success) warnings.all.push(...found.data);
      else await warnings.add(`${RUN_FILES.warnings} was damaged: earlier warnings of this run are lost`);
    }
    return warnings;
  }

  /**
   * Waits for a run's result.json to be read; a damaged one becomes a warning that the model was tested again.
   * @param reading the pending read of the result
   * @returns undefined where there is no result or it is damaged: the caller then tests the model again
   */
  async orTestAgain<T>(reading: Promise<T | undefined>): Promise<T | undefined> {
    try {
      return await reading;
    } catch (error) {
      if (!(error instanceof AuricleError)) throw error;
      await this.add(`${RUN_FILES.result} was damaged: the model was tested again`);
      return undefined;
    }
  }

  async add(text: string): Promise<void> {
    this.observer.warning(text);
    if (this.all.includes(text)) return;
    this.all.push(text);
    await writeJson(this.path, this.all);
  }
}
