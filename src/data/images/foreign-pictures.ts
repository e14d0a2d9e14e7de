/** @file Pictures that a search for them by name passes over, and why. Browser-safe. */

import { extname } from "#here/io/path";
import { IMAGE_SIGNATURE_BYTES, imageFormatOf } from "../../image/detect-format.ts";
import {
  foreignImageFormatByExtension,
  foreignImageFormatOf,
  type ForeignImageFormat,
} from "../../image/foreign-formats.ts";
import { readHead } from "../collection/read-head.ts";

/** Endings of what stands beside pictures and is not looked into: a large data set has one such file for each. */
const NO_PICTURE: ReadonlySet<string> = new Set(
  (
    ".txt .md .csv .tsv .json .jsonl .xml .html .yaml .yml .pdf .npy .npz .h5 .hdf5 .mat .pkl .pt .zip .gz .tar .py " +
    ".ipynb .log .wav .mp3 .flac .ogg .opus .m4a .aiff .au .webm"
  ).split(" "),
);

/**
 * The message about a file whose extension is not that of a decodable picture: that it is a picture all the same, in a
 * format that cannot be decoded, or under another name. @returns undefined for anything else.
 */
export async function foreignPictureProblem(path: string): Promise<string | undefined> {
  const ending = extname(path).toLowerCase();
  if (NO_PICTURE.has(ending)) return undefined;
  const byName = foreignImageFormatByExtension(ending);
  const head = await readHead(path, IMAGE_SIGNATURE_BYTES);
  if (!head) return undefined;
  const format = imageFormatOf(head);
  if (format) {
    const name = ending === "" ? "has no ending" : `ends in ${ending}`;
    return `a picture (${format}) by its content, but its name ${name}: rename it`;
  }
  const foreign = foreignImageFormatOf(head);
  if (foreign) return foreign.isPicture ? describeForeign(foreign) : undefined;
  return byName && `by its name ${describeForeign(byName)}`;
}

function describeForeign({ name }: ForeignImageFormat): string {
  return `${name}, which is not read; convert it to png or jpeg`;
}
