/** @file Problems of pictures, found from their measurements. Browser-safe. */

import { extname } from "#here/io/path";
import { formatOfExtension } from "../../../image/detect-format.ts";
import type { FileProblem } from "../../collection/collection.ts";
import type { PictureMeasurement } from "../pixels/measurement.ts";
import type { PictureProblem } from "./inspection.ts";

/** A picture with less than this standard deviation, of 255, is one colour. */
const PLAIN = 2;
/** A picture with a side below this many pixels is tiny. */
const TINY = 8;
/** From this proportion of the sides on, the shape is extreme: cropped to a square, little is left. */
const EXTREME = 5;

/** Problems that were found before a picture could be measured. */
export function namedProblems(problems: readonly FileProblem[]): PictureProblem[] {
  return problems.map(({ path, problem }) => {
    const isEmpty = problem.startsWith("empty file") || problem.startsWith("an empty file");
    return { kind: isEmpty ? "empty" : "unusable", path, problem };
  });
}

/** Defects that decoding found in pictures that can be used. */
export function damagedPictures(warnings: readonly FileProblem[]): PictureProblem[] {
  return warnings.map(({ path, problem }) => ({ kind: "damaged", path, problem }));
}

/** Problems of one picture. */
export function findPictureProblems(path: string, measurement: PictureMeasurement): PictureProblem[] {
  const { format, width, height, deviation } = measurement;
  const found: PictureProblem[] = [];
  const promised = formatOfExtension(extname(path).toLowerCase());
  if (format !== "archive" && promised !== undefined && promised !== format) {
    found.push({ kind: "wrongExtension", path, problem: `a ${format} picture by its content` });
  }
  const size = `${width} × ${height} pixels`;
  if (Math.min(width, height) < TINY) found.push({ kind: "tiny", path, problem: size });
  const proportion = Math.max(width / height, height / width);
  if (proportion >= EXTREME) {
    found.push({
      kind: "extremeShape",
      path,
      problem: `${size}, ${proportion.toFixed(1)} times as long as wide`,
    });
  }
  if (deviation < PLAIN) {
    found.push({
      kind: "oneColor",
      path,
      problem: `all pixels have nearly the same colour (standard deviation ${deviation.toFixed(1)} of 255)`,
    });
  }
  return found;
}
