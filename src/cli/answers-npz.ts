/** @file Answers as arrays for NumPy: one row for each recording, image or tested example. */

import { existsSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Task } from "../data/collection/collection.ts";
import { AuricleError } from "../errors.ts";
import { writeNpz, type WritableArray } from "../formats/npy/index.ts";
import { fileError } from "../io/atomic-file.ts";

export interface AnswerRow {
  /** The file, or the id of the example. */
  readonly source: string;
  /** The number of an image where many have one name. */
  readonly example?: number;
  /** The part of the data in an evaluation. */
  readonly part?: string;
  readonly outputs: ArrayLike<number>;
  /** The true answer as a target: 1 for each class or tag that is true, or numbers. */
  readonly target?: ArrayLike<number>;
}

/** In place of numbers that are not known. */
const UNKNOWN = -1;

/** Collects answers, and writes them at the end: the arrays have one length. */
export class AnswersNpz {
  private readonly place: string;
  private readonly task: Task;
  private readonly classNames: readonly string[];
  private readonly rows: AnswerRow[] = [];

  /** @throws AuricleError "argument" for a file of another kind that is there already, "file" for a folder that is not */
  constructor(
    place: string,
    { task, classNames }: { readonly task: Task; readonly classNames: readonly string[] },
  ) {
    this.place = place;
    this.task = task;
    this.classNames = classNames;
    checkNpzPlace(place);
  }

  add(row: AnswerRow): void {
    this.rows.push(row);
  }

  /** Writes the file, unless there are no rows. @throws AuricleError "file" when it cannot be written */
  close(): void {
    const { rows, classNames } = this;
    if (rows.length === 0) return;
    const arrays: [string, WritableArray][] = [
      ["source", texts(rows.map(({ source }) => source))],
      [
        "outputs",
        table(
          rows.map(({ outputs }) => outputs),
          classNames.length,
        ),
      ],
      ["class_names", texts(classNames)],
    ];
    if (rows.some(({ part }) => part !== undefined))
      arrays.push(["part", texts(rows.map(({ part = "" }) => part))]);
    if (rows.some(({ example }) => example !== undefined)) {
      const data = Int32Array.from(rows, ({ example = UNKNOWN }) => example);
      arrays.push(["example", { shape: [rows.length], data }]);
    }
    if (rows.some(({ target }) => target !== undefined)) arrays.push(["target", this.targets()]);
    saveNpz(this.place, arrays);
  }

  private targets(): WritableArray {
    return targetsOf(
      this.rows.map(({ target }) => target),
      this.task,
      this.classNames.length,
    );
  }
}

/** True answers: classes as their numbers, tags as 0 and 1, numbers as they are. */
export function targetsOf(
  targets: readonly (ArrayLike<number> | undefined)[],
  task: Task,
  columns: number,
): WritableArray {
  if (task === "classification") {
    const data = Int32Array.from(targets, (target) => (target ? Array.from(target).indexOf(1) : UNKNOWN));
    return { shape: [targets.length], data };
  }
  const nothing = new Array<number>(columns).fill(task === "tagging" ? UNKNOWN : NaN);
  return table(
    targets.map((target = nothing) => target),
    columns,
  );
}

/** @throws AuricleError "file" when it cannot be written */
export function saveNpz(place: string, arrays: Iterable<readonly [string, WritableArray]>): void {
  try {
    writeFileSync(place, writeNpz(arrays));
  } catch (cause) {
    throw fileError("write", place, cause);
  }
}

export function texts(data: readonly string[]): WritableArray {
  return { shape: [data.length], data };
}

export function table(rows: readonly ArrayLike<number>[], columns: number): WritableArray {
  const data = new Float32Array(rows.length * columns);
  rows.forEach((row, i) => data.set(Array.from(row), i * columns));
  return { shape: [rows.length, columns], data };
}

/**
 * A mistyped argument must not cost a recording or a model.
 * @throws AuricleError "argument" for a file of another kind that is there already, "file" for a folder that is not
 */
export function checkNpzPlace(place: string): void {
  const folder = dirname(place);
  if (!existsSync(folder)) {
    throw new AuricleError("file", `--npz: cannot write ${place}: no such folder: ${folder}`);
  }
  if (!existsSync(place) || (/\.npz$/i.test(place) && statSync(place).isFile())) return;
  throw new AuricleError(
    "argument",
    `--npz: ${place} already exists and its name does not end with .npz; nothing was written: name another file`,
  );
}
