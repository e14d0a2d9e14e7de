import type { ArrayDatasetDefinition } from "../definition.ts";
import { DIGIT_CLASS_NAMES, DIGIT_COUNTS, digitsDataset } from "../synthesis/digits/digits.ts";

/** The built-in data set, which needs no file. */
export const digits: ArrayDatasetDefinition = {
  kind: "arrays",
  name: "digits",
  title: "Digits drawn by code, 28×28 grey, built in",
  licence: "MIT",
  citation: "Auricle",
  homepage: "docs/data.md",
  examples: DIGIT_COUNTS,
  classNames: DIGIT_CLASS_NAMES,
  files: [],
  systemFolders: [],
  load: (_files, role) => Promise.resolve(digitsDataset({ role })),
};
