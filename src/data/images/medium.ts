/** @file Pictures as the files of a collection. Node only. */

import { extname } from "node:path";
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
