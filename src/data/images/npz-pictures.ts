/** @file Pictures with labels as arrays of NumPy: an .npz file as Keras and others publish data sets in. Browser-safe. */

import { basename, dirname } from "#here/io/path";
import { AuricleError } from "../../errors.ts";
import { numbersOf, openNpz, type NpyArray, type NpzFile } from "../../formats/npy/index.ts";
import { readFileBytes } from "../../io/atomic-file.ts";
import { formatShape } from "../../tensor/shape.ts";
import { imageDataset } from "../array-dataset.ts";
import type { SplitRole } from "../collection/collection.ts";
import type { Archive } from "./archive.ts";

/** Whether a file is an .npz file by its name. */
export function isNpzName(name: string): boolean {
  return /\.npz$/i.test(name);
}

/** The names of the arrays of each part that are tried, pictures and labels in pairs. */
const NAMES: Readonly<Record<SplitRole, readonly (readonly [images: string, labels: string])[]>> = {
  train: [
    ["x_train", "y_train"],
    ["train_images", "train_labels"],
    ["x", "y"],
    ["X", "y"],
    ["images", "labels"],
    ["features", "labels"],
    ["data", "labels"],
    ["arr_0", "arr_1"],
  ],
  validation: [
    ["x_val", "y_val"],
    ["val_images", "val_labels"],
  ],
  test: [
    ["x_test", "y_test"],
    ["test_images", "test_labels"],
  ],
};

const CLASS_NAMES = ["class_names", "classes", "label_names"];

/** The pictures of an .npz file, and the arrays that are none of them. */
export interface NpzPictures {
  readonly name: string;
  readonly folder: string;
  readonly archives: readonly Archive[];
  readonly unused: readonly string[];
}

/**
 * Reads pictures `[N,height,width]` or `[N,height,width,channels]` of bytes, in any type, and a label for each: a whole number from 0 or a text.
 * @throws AuricleError "file" for a file that is damaged or has no arrays of such names, "data" for arrays that are no pictures or
 *   labels
 */
export async function openNpzPictures(path: string): Promise<NpzPictures> {
  const file = openNpz(await readFileBytes(path), path);
  const roles: readonly SplitRole[] = ["train", "validation", "test"];
  const found = roles.flatMap((role) => {
    const pair = NAMES[role].find((names) => names.every((name) => file.names.includes(name)));
    return pair ? [{ role, pair }] : [];
  });
  if (found[0]?.role !== "train") {
    const known = NAMES.train.map((pair) => pair.join(" and ")).join("; ");
    throw new AuricleError(
      "file",
      `${path}: pictures and labels must be arrays called ${known}; got ${file.names.join(", ") || "nothing"}`,
    );
  }
  const labels = found.map(({ pair }) => labelsOf(file, pair[1], path));
  const named = CLASS_NAMES.find((name) => file.names.includes(name));
  const classNames = classNamesOf(
    labels,
    named === undefined ? undefined : file.read(named),
    `${path}: array "${named}"`,
  );
  const archives = found.map(({ role, pair: [images, name] }, i): Archive => {
    const { bytes, shape } = picturesOf(file.read(images), `${path}: array "${images}"`);
    const own = labels[i];
    const numbers =
      typeof own[0] === "string" ? own.map((label) => classNames.indexOf(String(label))) : own.map(Number);
    if (bytes.length !== numbers.length * shape.reduce((a, b) => a * b)) {
      throw new AuricleError(
        "data",
        `${path}: arrays "${images}" and "${name}" must have as many pictures as labels`,
      );
    }
    const pictures = imageDataset({
      name: `${basename(path)} (${role})`,
      images: bytes,
      imageShape: shape,
      labels: numbers,
      classNames,
    });
    return { path: `${path}/${role}`, role, pictures };
  });
  const used = new Set([...found.flatMap(({ pair }) => pair), named]);
  return {
    name: basename(path),
    folder: dirname(path),
    archives,
    unused: file.names.filter((name) => !used.has(name)),
  };
}

interface Bytes {
  readonly bytes: Uint8Array;
  readonly shape: [height: number, width: number, channels: number];
}

function picturesOf(array: NpyArray, what: string): Bytes {
  const { shape, dtype } = array;
  const [, height, width, channels = 1] = shape;
  const came = `got ${dtype} of shape ${formatShape(shape)}`;
  if (shape.length === 2) {
    throw new AuricleError(
      "data",
      `${what}: ${came}: if its rows are the samples of sounds, write each as a recording in a folder for its class, ` +
        'as soundfile.write(f"sounds/{y[i]}/{i}.wav", x[i], rate) does in Python, and train on that folder',
    );
  }
  const isPictures = (shape.length === 3 || shape.length === 4) && [1, 3, 4].includes(channels);
  if (!isPictures) {
    throw new AuricleError(
      "data",
      `${what}: pictures must have shape [N,height,width] or [N,height,width,channels] with 1, 3 or 4 channels, channels last; ${came}`,
    );
  }
  return { bytes: bytesOf(array, what), shape: [height, width, channels] };
}

/** How far a pixel may be from a whole number: a float16 keeps 1/255 to a sixteenth of it. */
const ROUNDING = 0.1;

/** Pixels as bytes: whole numbers from 0 to 255 in any type, and floats from 0 to 1 that such numbers were divided by 255 to. */
function bytesOf(array: NpyArray, what: string): Uint8Array {
  const { dtype, data } = array;
  if (dtype === "uint8" && data instanceof Uint8Array) return data;
  const numbers = numbersOf(array, what).data;
  const isShare = dtype.startsWith("float") && numbers.every((value) => value <= 1);
  const scale = isShare ? 255 : 1;
  const bytes = new Uint8Array(numbers.length);
  for (let i = 0; i < bytes.length; i++) {
    const value = scale * numbers[i];
    bytes[i] = Math.round(value);
    if (Math.abs(bytes[i] - value) <= ROUNDING) continue;
    throw new AuricleError(
      "data",
      `${what}: pixels must be whole numbers from 0 to 255, or these divided by 255; got ${numbers[i]} at index ${i} of ${dtype}: ` +
        "save pictures as uint8, values from 0 to 1 multiplied by 255 and rounded",
    );
  }
  return bytes;
}

function labelsOf(file: NpzFile, name: string, path: string): readonly (string | number)[] {
  const array = file.read(name);
  const what = `${path}: array "${name}"`;
  const { shape, data, dtype } = array;
  if (!(shape.length === 1 || (shape.length === 2 && shape[1] === 1))) {
    throw new AuricleError("data", `${what}: labels must have shape [N]; got ${formatShape(shape)}`);
  }
  if (dtype === "str" || dtype === "bytes") return Array.from(data, String);
  const numbers = Array.from(numbersOf(array, what).data);
  const wrong = numbers.findIndex((label) => !Number.isInteger(label) || label < 0);
  if (wrong < 0) return numbers;
  throw new AuricleError(
    "data",
    `${what}: labels must be whole numbers from 0; got ${numbers[wrong]} at index ${wrong}`,
  );
}

/** Classes more than this would be a mistake: labels that are something else. */
const MOST_CLASSES = 100_000;

function classNamesOf(
  labels: readonly (readonly (string | number)[])[],
  given: NpyArray | undefined,
  what: string,
): readonly string[] {
  const all = labels.flat();
  if (typeof all[0] === "string") return [...new Set(all.map(String))].sort();
  const count = all.reduce<number>((most, label) => Math.max(most, Number(label) + 1), 0);
  if (count > MOST_CLASSES)
    throw new AuricleError("data", `labels must be below ${MOST_CLASSES}; got ${count - 1}`);
  if (given === undefined) return Array.from({ length: count }, (_, label) => String(label));
  const names = Array.from(given.data, String);
  if (names.length >= count) return names;
  throw new AuricleError(
    "data",
    `${what}: must have a name for each of ${count} classes; got ${names.length}`,
  );
}
