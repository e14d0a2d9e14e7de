/** @file Features of recordings or pictures as arrays for NumPy. */

import type { WritableArray } from "../formats/npy/index.ts";
import type { DataFeatures } from "../session/index.ts";
import { saveNpz, table, targetsOf, texts } from "./answers-npz.ts";

/**
 * Writes `features`, the mean over the windows of each example, with `source` and, where there are labels, `target`, `class_names`, `group`
 * and `part`. With `withWindows` also `window_features`, with `window_example`, the row of the example, and `window_start` and `window_end`
 * in seconds.
 * @returns the shapes of the arrays by their names
 * @throws AuricleError "file" when it cannot be written
 */
export function saveFeatures(
  place: string,
  { examples, width, task, classNames }: DataFeatures,
  withWindows: boolean,
): Readonly<Record<string, readonly number[]>> {
  const arrays: [string, WritableArray][] = [
    ["source", texts(examples.map(({ id }) => id))],
    [
      "features",
      table(
        examples.map(({ rows }) => meanOf(rows, width)),
        width,
      ),
    ],
  ];
  if (classNames.length > 0) {
    arrays.push(
      [
        "target",
        targetsOf(
          examples.map(({ target }) => target),
          task,
          classNames.length,
        ),
      ],
      ["class_names", texts(classNames)],
      ["group", texts(examples.map(({ group = "" }) => group))],
    );
    if (examples.some(({ split }) => split !== undefined))
      arrays.push(["part", texts(examples.map(({ split = "" }) => split))]);
  }
  if (withWindows) arrays.push(...windowArrays(examples, width));
  saveNpz(place, arrays);
  return Object.fromEntries(arrays.map(([name, { shape }]) => [name, shape]));
}

function windowArrays(examples: DataFeatures["examples"], width: number): [string, WritableArray][] {
  const counts = examples.map(({ rows }) => rows.length / width);
  const data = new Float32Array(examples.reduce((sum, { rows }) => sum + rows.length, 0));
  let at = 0;
  for (const { rows } of examples) {
    data.set(rows, at);
    at += rows.length;
  }
  const windows = data.length / width;
  const arrays: [string, WritableArray][] = [
    ["window_features", { shape: [windows, width], data }],
    [
      "window_example",
      { shape: [windows], data: Int32Array.from(counts.flatMap((count, i) => Array<number>(count).fill(i))) },
    ],
  ];
  const times = examples.flatMap((example) => example.times ?? []);
  if (times.length === windows) {
    arrays.push(
      ["window_start", { shape: [windows], data: Float64Array.from(times, ({ start }) => start) }],
      ["window_end", { shape: [windows], data: Float64Array.from(times, ({ end }) => end) }],
    );
  }
  return arrays;
}

/** The mean over rows, `[rows, width]`. */
function meanOf(rows: Float32Array, width: number): Float64Array {
  const sums = new Float64Array(width);
  rows.forEach((value, i) => (sums[i % width] += value));
  return sums.map((sum) => sum / (rows.length / width));
}
