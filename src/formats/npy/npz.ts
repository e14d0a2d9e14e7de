/** @file NumPy's .npz files: zip archives with an .npy file for each array. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { shownValue } from "../../shown-value.ts";
import { openZip } from "../zip/read-zip.ts";
import { writeZip } from "../zip/write-zip.ts";
import type { NpyArray } from "./npy-array.ts";
import { readNpy } from "./read-npy.ts";
import { writeNpy, type WritableArray } from "./write-npy.ts";

const EXTENSION = ".npy";

/** The arrays of an .npz file. */
export interface NpzFile {
  /** In the order of the file, without ".npy". */
  readonly names: readonly string[];
  /**
   * Reads an array; nothing of the others is unpacked.
   * @throws AuricleError "file" when there is none of that name, and as `readNpy` does
   */
  read(name: string): NpyArray;
}

/**
 * Opens what `numpy.savez` and `numpy.savez_compressed` write.
 * @param bytes the file's content
 * @param file the file's name, for messages
 * @throws AuricleError "file" when it is no whole zip archive or holds something besides arrays
 */
export function openNpz(bytes: Uint8Array, file: string): NpzFile {
  const zip = openZip(bytes, file);
  const other = zip.paths.find((path) => !path.endsWith(EXTENSION));
  if (other !== undefined) {
    throw new AuricleError("file", `${file}: an .npz file holds .npy files only; got ${shownValue(other)}`);
  }
  return {
    names: zip.paths.map((path) => path.slice(0, -EXTENSION.length)),
    read: (name) => readNpy(zip.read(name + EXTENSION), `${file}: array ${shownValue(name)}`),
  };
}

export interface NpzOptions {
  /** Deflate, as `numpy.savez_compressed` does. Default false. */
  readonly compress?: boolean;
}

const OPTIONS: OptionNames<NpzOptions> = { compress: true };

/** Writes arrays by name, the same bytes for the same arrays; `numpy.load` reads them. */
export function writeNpz(
  arrays: Iterable<readonly [name: string, array: WritableArray]>,
  options: NpzOptions = {},
): Uint8Array<ArrayBuffer> {
  checkOptions("writeNpz", options, OPTIONS, "arrays, ");
  return writeZip(
    Array.from(arrays, ([name, array]): [string, Uint8Array] => [name + EXTENSION, writeNpy(array)]),
    options,
  );
}
