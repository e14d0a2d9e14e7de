/** @file Pictures as the files of a collection. Node only. */

import { extname } from "node:path";
import { FORMAT_OF_EXTENSION, pictureFormatOf } from "../../image/picture-format.ts";
import type { Medium } from "../collection/medium.ts";
import { IMAGES, type ImageExample } from "./collection.ts";
import { foreignPictureProblem } from "./foreign-pictures.ts";

export const PICTURES: Medium<object, ImageExample> = {
  ...IMAGES,
  hasExtension: (name) => FORMAT_OF_EXTENSION.has(extname(name).toLowerCase()),
  foreignProblem: foreignPictureProblem,
  formatOf: (bytes) => Promise.resolve(pictureFormatOf(bytes)),
  columns: [],
  readColumns: (_, rows) => ({ facts: rows.map(() => ({})), notes: [] }),
};
