/** @file A folder of one's own images as a data set: IDX files under MNIST's names. Browser-safe. */

import { basename, join } from "#here/io/path";
import { store } from "#here/io/store/store";
import { AuricleError } from "../../errors.ts";
import { fileError, readFileBytes } from "../../io/atomic-file.ts";
import type { ImageChannels } from "../../image/image.ts";
import { formatShape, sizeOf } from "../../tensor/shape.ts";
import { imageDataset } from "../array-dataset.ts";
import type { Dataset } from "../dataset.ts";
import type { DatasetRole } from "../definition.ts";
import { parseIdx } from "../idx.ts";
import { shownValue } from "../../shown-value.ts";

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

/** The names of the entries of a folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await store.list(folder)).map(({ name }) => name);
}

/** Whether a folder holds the images of a part, under whichever of their names. */
export async function hasIdxImages(folder: string, role: DatasetRole): Promise<boolean> {
  const present = new Set(await namesIn(folder));
  return fileNames(role, "images").some((name) => present.has(name));
}

/** The paths of the images and the labels of a part. @throws AuricleError "file" naming what is missing. */
export async function idxFiles(folder: string, role: DatasetRole): Promise<[string, string]> {
  let present: Set<string>;
  try {
    present = new Set(await namesIn(folder));
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
  const { shape, bytes } = await parseImages(await readFileBytes(imagesPath), imagesPath);
  const labels = await readLabels(labelsPath);
  const trainLabels = role === "train" ? labels : await readLabels((await idxFiles(folder, "train"))[1]);
  const classes = trainLabels.reduce((greatest, label) => Math.max(greatest, label), 0) + 1;
  return imageDataset({
    name: `${basename(folder)} (${role})`,
    images: bytes,
    imageShape: shape,
    labels,
    classNames: Array.from({ length: classes }, (_, label) => String(label)),
  });
}

/** The bytes of all images of a file. @throws AuricleError "file" for one that holds something else. */
async function parseImages(
  content: Uint8Array,
  path: string,
): Promise<{ readonly shape: [number, number, number]; readonly bytes: Uint8Array }> {
  const { shape, data } = await parseIdx(content, path);
  if (data instanceof Uint8Array && (shape.length === 3 || shape.length === 4)) {
    return { shape: [shape[1], shape[2], shape[3] ?? 1], bytes: data };
  }
  throw new AuricleError(
    "file",
    `${path}: images must be bytes of shape [N,height,width] or [N,height,width,channels]; got ` +
      `${data.constructor.name} of shape ${formatShape(shape)}`,
  );
}

/** Whether a file may be an IDX file of bytes, or a compressed one. */
export function isIdxContent(bytes: Uint8Array): boolean {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isGzip || (bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 8);
}

/** The images of one IDX file. @throws AuricleError "file" for one that holds something else. */
export async function parseIdxImages(
  content: Uint8Array,
  path: string,
): Promise<{
  readonly shape: readonly [height: number, width: number, channels: ImageChannels];
  readonly images: readonly Uint8Array[];
}> {
  const { shape, bytes } = await parseImages(content, path);
  const [height, width, channels] = shape;
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new AuricleError(
      "file",
      `${path}: images must have 1, 3 or 4 channels; got ${shownValue(channels)}`,
    );
  }
  const size = sizeOf(shape);
  const images = Array.from({ length: size === 0 ? 0 : bytes.length / size }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  return { shape: [height, width, channels], images };
}

async function readLabels(path: string): Promise<Uint8Array> {
  const { data, shape } = await parseIdx(await readFileBytes(path), path);
  if (data instanceof Uint8Array && shape.length === 1) return data;
  throw new AuricleError(
    "file",
    `${path}: labels must be bytes of shape [N]; got ${data.constructor.name} of shape ${formatShape(shape)}`,
  );
}
