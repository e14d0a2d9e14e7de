/** @file Pictures as the files of a collection. Browser-safe. */

import { extname } from "#here/io/path";
import { IMAGE_FILE_EXTENSIONS, imageFormatOf } from "../../image/detect-format.ts";
import type { Medium } from "../collection/medium.ts";
import { IMAGES, type ImageExample } from "./collection.ts";
import { foreignPictureProblem } from "./foreign-pictures.ts";

export const PICTURES: Medium<object, ImageExample> = {
  ...IMAGES,
  hasExtension: (name) => IMAGE_FILE_EXTENSIONS.includes(extname(name).toLowerCase()),
  foreignProblem: foreignPictureProblem,
  formatOf: (bytes) => Promise.resolve(imageFormatOf(bytes)),
  columns: [],
  readColumns: (_, rows) => ({ facts: rows.map(() => ({})), notes: [] }),
};
