/** @file Recordings that a search for them by name passes over, or would, and why. Browser-safe. */

import { extname } from "#here/io/path";
import { formatOf } from "../../audio/decode/detect-format.ts";
import {
  describeForeign,
  foreignFormatByName,
  foreignFormatOf,
  SIGNATURE_BYTES,
} from "../../audio/decode/foreign-formats.ts";
import { readHead } from "../collection/read-head.ts";

/** Endings of what stands beside recordings and is not looked into: a large data set has one such file for each. */
const NO_SOUND: ReadonlySet<string> = new Set(
  (
    ".txt .md .csv .tsv .json .jsonl .xml .html .yaml .yml .lab .phn .wrd .textgrid .jams .mid .midi " +
    ".png .jpg .jpeg .gif .svg .pdf .npy .npz .h5 .hdf5 .mat .pkl .pt .zip .gz .tar .py .ipynb .log .cue .m3u"
  ).split(" "),
);

/**
 * The message about a file whose extension is not that of a decodable audio format: that it is audio all the same, in a
 * format that cannot be decoded, or under another name. @returns undefined for anything else.
 */
export async function foreignProblem(path: string): Promise<string | undefined> {
  const ending = extname(path).toLowerCase();
  if (NO_SOUND.has(ending)) return undefined;
  const head = await readHead(path, SIGNATURE_BYTES);
  if (!head) return undefined;
  const byContent = foreignFormatOf(head);
  if (byContent) return byContent.kind === "sound" ? describeForeign(path, byContent) : undefined;
  const format = formatOf(head);
  if (format) {
    const name = ending === "" ? "has no ending" : `ends in ${ending}`;
    return `a recording (${format}) by its content, but its name ${name}: rename it`;
  }
  const byName = foreignFormatByName(path);
  return byName?.kind === "sound" ? `by its name ${describeForeign(path, byName)}` : undefined;
}
