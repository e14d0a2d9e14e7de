/** @file Recordings as the files of a collection. Browser-safe. */

import { extname } from "#here/io/path";
import { memorySource } from "../../audio/decode/byte-source.ts";
import { AUDIO_FILE_EXTENSIONS, detectFormat } from "../../audio/decode/detect-format.ts";
import type { Medium } from "../collection/medium.ts";
import { CLIPS, type AudioClip, type ClipPart } from "./collection.ts";
import { foreignProblem } from "./foreign-files.ts";
import { readTimes, TIME_COLUMNS } from "./list-times.ts";

const EXTENSIONS: ReadonlySet<string> = new Set(AUDIO_FILE_EXTENSIONS);

export const SOUND: Medium<ClipPart, AudioClip> = {
  ...CLIPS,
  hasExtension: (name) => EXTENSIONS.has(extname(name).toLowerCase()),
  foreignProblem,
  formatOf: (bytes, path) =>
    detectFormat(memorySource(bytes, path)).then(
      ({ format }) => format,
      () => undefined,
    ),
  columns: TIME_COLUMNS,
  readColumns: readTimes,
};
