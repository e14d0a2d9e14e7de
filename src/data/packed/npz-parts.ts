/** @file The arrays of an .npz file that are examples and labels, as Keras and others publish data sets in. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import { numbersOf, type NpyArray, type NpzFile } from "../../formats/npy/index.ts";
import { formatShape } from "../../tensor/shape.ts";
import type { SplitRole } from "../collection/collection.ts";

/** Whether a file is an .npz file by its name. */
export function isNpzName(name: string): boolean {
  return /\.npz$/i.test(name);
}

/** The names of the arrays of each part that are tried, examples and labels in pairs. */
const NAMES: Readonly<Record<SplitRole, readonly (readonly [examples: string, labels: string])[]>> = {
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

/** The examples of one part. */
export interface NpzPart {
  readonly role: SplitRole;
  /** The array's name. */
  readonly name: string;
  readonly examples: NpyArray;
  /** The array and its file, for messages. */
  readonly what: string;
  /** The class index of each. */
  readonly labels: readonly number[];
}

export interface NpzParts {
  /** Training first. */
  readonly parts: readonly NpzPart[];
  readonly classNames: readonly string[];
  /** The arrays that are neither examples nor labels. */
  readonly unused: readonly string[];
}

/**
 * Finds examples and a label for each: a whole number from 0 or a text.
 * @param words the name of the examples in messages: "pictures"
 * @throws AuricleError "file" for a file without arrays of such names, "data" for arrays that are no labels or as many
 */
export function npzParts(file: NpzFile, path: string, words: string): NpzParts {
  const roles: readonly SplitRole[] = ["train", "validation", "test"];
  const found = roles.flatMap((role) => {
    const pair = NAMES[role].find((names) => names.every((name) => file.names.includes(name)));
    return pair ? [{ role, pair }] : [];
  });
  if (found[0]?.role !== "train") {
    const known = NAMES.train.map((pair) => pair.join(" and ")).join("; ");
    throw new AuricleError(
      "file",
      `${path}: ${words} and labels must be arrays called ${known}; got ${file.names.join(", ") || "nothing"}`,
    );
  }
  const labels = found.map(({ pair }) => labelsOf(file, pair[1], path));
  const named = CLASS_NAMES.find((name) => file.names.includes(name));
  const classNames = classNamesOf(
    labels,
    named === undefined ? undefined : file.read(named),
    `${path}: array "${named}"`,
  );
  const parts = found.map(({ role, pair: [name, labelName] }, i): NpzPart => {
    const examples = file.read(name);
    const own = labels[i];
    if (examples.shape[0] !== own.length) {
      throw new AuricleError(
        "data",
        `${path}: arrays "${name}" and "${labelName}" must have as many ${words} as labels; got ` +
          `${examples.shape[0] ?? "one number"} and ${own.length}`,
      );
    }
    const numbers =
      typeof own[0] === "string" ? own.map((label) => classNames.indexOf(String(label))) : own.map(Number);
    return { role, name, examples, what: `${path}: array "${name}"`, labels: numbers };
  });
  const used = new Set([...found.flatMap(({ pair }) => pair), named]);
  return { parts, classNames, unused: file.names.filter((name) => !used.has(name)) };
}

/** The message about the arrays that are not used. */
export function noteOfUnused(unused: readonly string[]): string[] {
  return unused.length > 0 ? [`arrays left out: ${unused.join(", ")}`] : [];
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
