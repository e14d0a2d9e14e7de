/** @file A folder of one's own images as a data set: IDX files under MNIST's names. Node only. */

import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { AuricleError } from "../../errors.ts";
import { fileError, readFileBytes } from "../../io/atomic-file.ts";
import { formatShape } from "../../tensor/shape.ts";
import { imageDataset } from "../array-dataset.ts";
import type { Dataset } from "../dataset.ts";
import type { DatasetRole } from "../definition.ts";
import { parseIdx } from "../idx.ts";

/** How the names of the files of each part begin. */
const PREFIXES: Readonly<Record<DatasetRole, string>> = { train: "train", test: "t10k" };

/** The names that a file may have: MNIST's own, and the one that some programs give when they unpack. */
function fileNames(role: DatasetRole, what: "images" | "labels"): string[] {
  const stem = `${PREFIXES[role]}-${what}`;
  const ranks = what === "images" ? [3, 4] : [1];
  const plain = ranks.flatMap((rank) => [`${stem}-idx${rank}-ubyte`, `${stem}.idx${rank}-ubyte`]);
  return plain.flatMap((name) => [`${name}.gz`, name]);
}

/** Whether a file may be one of such a folder. */
export function isIdxName(name: string): boolean {
  return /[-.]idx\d-ubyte(\.gz)?$/.test(name);
}

/** Whether a folder holds the images of a part, under whichever of their names. */
export async function hasIdxImages(folder: string, role: DatasetRole): Promise<boolean> {
  const present = new Set(await readdir(folder));
  return fileNames(role, "images").some((name) => present.has(name));
}

/** The paths of the images and the labels of a part. @throws AuricleError "file" naming what is missing. */
export async function idxFiles(folder: string, role: DatasetRole): Promise<[string, string]> {
  let present: Set<string>;
  try {
    present = new Set(await readdir(folder));
  } catch (cause) {
    throw fileError("read the folder", folder, cause);
  }
  const find = (what: "images" | "labels") => {
    const names = fileNames(role, what);
    const name = names.find((candidate) => present.has(candidate));
    if (name === undefined) {
      throw new AuricleError(
        "file",
        `${folder}: no ${role} ${what}: it must contain ${names[0]} or ${names[1]}`,
      );
    }
    return join(folder, name);
  };
  return [find("images"), find("labels")];
}

/**
 * Reads one part: images as bytes, `[N,height,width]` or `[N,height,width,channels]`, and labels, `[N]` bytes. The
 * classes are named by their numbers, "0" up to the greatest label of the training part, so that both parts have the
 * same.
 * @throws AuricleError "file" or "data" naming the file and what is wrong with it.
 */
export async function loadIdxFolder(folder: string, role: DatasetRole): Promise<Dataset> {
  const [imagesPath, labelsPath] = await idxFiles(folder, role);
  const images = await parseIdx(await readFileBytes(imagesPath), imagesPath);
  const labels = await readLabels(labelsPath);
  const trainLabels = role === "train" ? labels : await readLabels((await idxFiles(folder, "train"))[1]);
  const { shape } = images;
  if (!(images.data instanceof Uint8Array) || (shape.length !== 3 && shape.length !== 4)) {
    throw new AuricleError(
      "file",
      `${imagesPath}: images must be bytes of shape [N,height,width] or [N,height,width,channels]; got ` +
        `${images.data.constructor.name} of shape ${formatShape(shape)}`,
    );
  }
  const classes = trainLabels.reduce((greatest, label) => Math.max(greatest, label), 0) + 1;
  return imageDataset({
    name: `${basename(folder)} (${role})`,
    images: images.data,
    imageShape: [shape[1], shape[2], shape[3] ?? 1],
    labels,
    classNames: Array.from({ length: classes }, (_, label) => String(label)),
  });
}

async function readLabels(path: string): Promise<Uint8Array> {
  const { data, shape } = await parseIdx(await readFileBytes(path), path);
  if (data instanceof Uint8Array && shape.length === 1) return data;
  throw new AuricleError(
    "file",
    `${path}: labels must be bytes of shape [N]; got ${data.constructor.name} of shape ${formatShape(shape)}`,
  );
}
