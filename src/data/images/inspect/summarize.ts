/** @file Counts, sizes and colours of pictures, and what of them should be known. Browser-safe. */

import type { Example } from "../../collection/collection.ts";
import { countValues, listCounts, noteImbalance, summarizeNumbers } from "../../collection/summary.ts";
import { tellingProperties } from "../../collection/telling.ts";
import type { ImageCollection } from "../collection.ts";
import type { PictureMeasurement } from "../pixels/measurement.ts";
import type { PixelFormat } from "../pixels/messages.ts";
import type { PictureSummary, SideSummary } from "./inspection.ts";

export interface MeasuredPicture {
  readonly example: Example;
  readonly measurement: PictureMeasurement;
}

/** Between 3 : 4 and 4 : 3 a picture counts as square. */
const NEARLY_SQUARE = 4 / 3 + 1e-9;

/** @param pictures those that could be decoded */
export function summarizePictures(
  { task, classNames }: Pick<ImageCollection, "task" | "classNames">,
  pictures: readonly MeasuredPicture[],
): PictureSummary {
  const count = (holds: (measurement: PictureMeasurement) => boolean) =>
    pictures.filter(({ measurement }) => holds(measurement)).length;
  const classes = classNames.map((name, index) => {
    const members = pictures.filter(({ example }) => example.target[index] > 0);
    return { name, pictures: members.length, ...sidesOf(members) };
  });
  const upright = count(({ width, height }) => height / width > NEARLY_SQUARE);
  const wide = count(({ width, height }) => width / height > NEARLY_SQUARE);
  return {
    pictures: pictures.length,
    groups: new Set(pictures.map(({ example }) => example.group)).size,
    ...sidesOf(pictures),
    shapes: { upright, square: pictures.length - upright - wide, wide },
    classes: task === "regression" ? [] : classes,
    numbers: summarizeNumbers(
      { task, classNames },
      pictures.map(({ example }) => example),
    ),
    formats: countValues(pictures.map(({ measurement }) => measurement.format)),
    grey: count(({ isGrey }) => isGrey),
    transparent: count(({ isTransparent }) => isTransparent),
    turned: count(({ orientation }) => orientation !== 1),
    animated: count(({ frames }) => frames > 1),
    deep: count(({ bits, format }) => bits > 8 && format !== "bmp"),
  };
}

function sidesOf(pictures: readonly MeasuredPicture[]): { width: SideSummary; height: SideSummary } {
  return {
    width: summarizeSides(pictures.map(({ measurement }) => measurement.width)),
    height: summarizeSides(pictures.map(({ measurement }) => measurement.height)),
  };
}

function summarizeSides(values: readonly number[]): SideSummary {
  if (values.length === 0) return { min: 0, median: 0, max: 0 };
  const sorted = Float64Array.from(values).sort();
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  return { min: sorted[0], median, max: sorted[sorted.length - 1] };
}

/** Notes from a summary for those who train on the data, each a sentence. */
export function notesOf(
  collection: ImageCollection,
  summary: PictureSummary,
  pictures: readonly MeasuredPicture[],
  input: PixelFormat,
): string[] {
  const { formats, grey, transparent, animated, deep, classes } = summary;
  const notes = [...(collection.notes ?? [])];
  if (formats.length > 1) notes.push(`Formats differ (${listCounts(formats, String)})`);
  if (grey > 0 && grey < summary.pictures) {
    notes.push(`${grey} of ${summary.pictures} images are grey: the model gets all of them in colour`);
  }
  if (transparent > 0) notes.push(`${transparent} images have transparent parts, which become white`);
  if (animated > 0) notes.push(`${animated} files hold several images, of which the first is used`);
  if (deep > 0) notes.push(`${deep} images have 16 bits a sample, of which the upper 8 are used`);
  const small = pictures.filter(
    ({ measurement: { width, height } }) => 2 * Math.min(width / input.width, height / input.height) < 1,
  ).length;
  if (small > 0) {
    const size = `${input.width} × ${input.height}`;
    notes.push(
      `${small} images are less than half as large as the model's input of ${size} and are enlarged`,
    );
  }
  if (collection.task !== "classification") return notes;
  const sizes = classes.map(({ name, pictures: number }) => ({ name, count: number }));
  return [...notes, ...noteTelling(pictures), ...noteImbalance(sizes, "images")];
}

/** Properties of the files by which classes can be told without looking. */
function noteTelling(pictures: readonly MeasuredPicture[]): string[] {
  const of = (index: number) => pictures[index].measurement;
  const telling = tellingProperties(
    pictures.map(({ example }) => example.label),
    {
      format: (index) => of(index).format,
      size: (index) => `${of(index).width} × ${of(index).height}`,
      "kind of colours": (index) => `${of(index).isGrey} ${of(index).isTransparent}`,
    },
  );
  return telling.map(
    ({ name, percent, byChance }) =>
      `The ${name} alone predicts the class of ${percent} % of the images, against ${byChance} % by guessing: a model may ` +
      "learn how the images were made instead of what they show",
  );
}
