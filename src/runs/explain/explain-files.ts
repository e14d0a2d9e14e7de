/** @file Explanations of a trained model's answers to files, each written into a folder. Node only. */

import { basename, join } from "node:path";
import { AudioModel } from "../../audio-model/index.ts";
import { explanationFiles, PAGE_NAME, type ExplanationData } from "../../report/index.ts";
import type { TrainedModel } from "../trained-model.ts";
import { choosePart } from "./choose-part.ts";
import { explainSound, type ExplainOptions } from "./explain-sound.ts";
import { folderName, makeExplanationFolder, writeExplanation } from "./explanation-folder.ts";

export interface ExplainFilesOptions extends ExplainOptions {
  /** The folder to write into; of several files each has its own within it. Default: see `makeExplanationFolder`. */
  readonly out?: string;
  /** Where the part of a long recording begins, in seconds. */
  readonly start?: number;
}

/** A written explanation. */
export interface WrittenExplanation {
  /** The file that is explained, as it was given. */
  readonly path: string;
  /** Absolute. */
  readonly folder: string;
  readonly page: string;
  readonly files: readonly string[];
  readonly data: ExplanationData;
}

/**
 * Explains a model's answer to each file, in the order given.
 * @param show is called with each explanation as it is written
 * @throws AuricleError "argument" for a class, method or layer that there is not, "file" for a file that cannot be read or written
 */
export async function explainFiles(
  trained: TrainedModel,
  paths: readonly string[],
  options: ExplainFilesOptions,
  show: (written: WrittenExplanation) => void,
): Promise<void> {
  for (const path of paths) {
    const data = await explanationOf(trained, path, options);
    const name = folderName(path);
    const out = options.out !== undefined && paths.length > 1 ? join(options.out, name) : options.out;
    // Only now: what fails leaves no empty folder behind.
    const folder = await makeExplanationFolder(trained.path, name, out);
    const files = explanationFiles(data);
    await writeExplanation(folder, files);
    show({
      path,
      folder,
      page: join(folder, PAGE_NAME),
      files: files.map((file) => join(folder, ...file.name.split("/"))),
      data,
    });
  }
}

async function explanationOf(
  trained: TrainedModel,
  path: string,
  options: ExplainFilesOptions,
): Promise<ExplanationData> {
  const listener = new AudioModel(trained.model, trained.path);
  const part = await choosePart(listener, path, {
    title: basename(path),
    ...(options.class !== undefined && { class: options.class }),
    ...(options.start !== undefined && { start: options.start }),
  });
  const data = await explainSound(trained.model, basename(trained.path), part, options);
  return { ...data, notes: [...part.notes, ...data.notes] };
}
