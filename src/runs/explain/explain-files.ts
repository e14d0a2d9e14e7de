/** @file Explanations of a trained model's answers to files, each written into a folder. Node only. */

import { basename, join } from "node:path";
import { AudioModel } from "../../audio-model/index.ts";
import { AuricleError } from "../../errors.ts";
import { decodeImage } from "../../image/index.ts";
import { ImageModel } from "../../image-model/index.ts";
import { readFileBytes } from "../../io/atomic-file.ts";
import { explanationFiles, PAGE_NAME, type ExplanationData } from "../../report/index.ts";
import type { TrainedModel } from "../trained-model.ts";
import { choosePart } from "./choose-part.ts";
import { explainPicture, type ExplainedPicture } from "./explain-picture.ts";
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
  const name = basename(trained.path);
  if (trained.kind === "images") {
    if (options.start !== undefined) {
      throw new AuricleError("argument", `${path}: --start is for recordings; ${name} is a model of images`);
    }
    const { picture, notes } = await readPicture(trained, path);
    const data = await explainPicture(trained.model, name, picture, options);
    return { ...data, notes: [...notes, ...data.notes] };
  }
  const listener = new AudioModel(trained.model, trained.path);
  const part = await choosePart(listener, path, {
    title: basename(path),
    ...(options.class !== undefined && { class: options.class }),
    ...(options.start !== undefined && { start: options.start }),
  });
  const data = await explainSound(trained.model, name, part, options);
  return { ...data, notes: [...part.notes, ...data.notes] };
}

/** Decodes a picture and makes it what the network takes. @throws AuricleError "file" where that cannot be done. */
async function readPicture(
  trained: TrainedModel,
  path: string,
): Promise<{ readonly picture: ExplainedPicture; readonly notes: readonly string[] }> {
  const looker = new ImageModel(trained.model, trained.path);
  const image = await decodeImage(await readFileBytes(path), path);
  const { width, height, channels } = looker.description.pixels;
  const x = { shape: [1, height, width, channels], data: looker.input(image) };
  const isResized = image.width !== width || image.height !== height;
  const notes = isResized
    ? [
        `The picture of ${image.width} × ${image.height} pixels is shown as the model sees it, ${width} × ${height}.`,
      ]
    : [];
  return {
    picture: { title: basename(path), x, description: looker.description },
    notes: [...image.warnings, ...notes],
  };
}
