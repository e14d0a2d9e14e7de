/** @file Pictures with labels as arrays of NumPy. Browser-safe. */

import { basename, dirname } from "#here/io/path";
import { AuricleError } from "../../errors.ts";
import { numbersOf, openNpz, type NpyArray } from "../../formats/npy/index.ts";
import { readFileBytes } from "../../io/atomic-file.ts";
import { formatShape } from "../../tensor/shape.ts";
import { imageDataset } from "../array-dataset.ts";
import { npzParts } from "../packed/npz-parts.ts";
import type { Archive } from "./archive.ts";

/** The pictures of an .npz file, and the arrays that are none of them. */
export interface NpzPictures {
  readonly name: string;
  readonly folder: string;
  readonly archives: readonly Archive[];
  readonly unused: readonly string[];
}

/**
 * Reads pictures `[N,height,width]` or `[N,height,width,channels]` of bytes, in any type, and a label for each: a whole number from 0 or a text.
 * @throws AuricleError "file" for a file that is damaged or has no arrays of such names, "data" for arrays that are no pictures or
 *   labels
 */
export async function openNpzPictures(path: string): Promise<NpzPictures> {
  const { parts, classNames, unused } = npzParts(openNpz(await readFileBytes(path), path), path, "pictures");
  const archives = parts.map(({ role, examples, what, labels }): Archive => {
    const { bytes, shape } = picturesOf(examples, what);
    const pictures = imageDataset({
      name: `${basename(path)} (${role})`,
      images: bytes,
      imageShape: shape,
      labels,
      classNames,
    });
    return { path: `${path}/${role}`, role, pictures };
  });
  return { name: basename(path), folder: dirname(path), archives, unused };
}

interface Bytes {
  readonly bytes: Uint8Array;
  readonly shape: [height: number, width: number, channels: number];
}

function picturesOf(array: NpyArray, what: string): Bytes {
  const { shape, dtype } = array;
  const [, height, width, channels = 1] = shape;
  const came = `got ${dtype} of shape ${formatShape(shape)}`;
  if (shape.length === 2) {
    throw new AuricleError(
      "data",
      `${what}: ${came}: if its rows are the samples of sounds, the file must have their rate in an array "rate", as ` +
        'numpy.savez("data.npz", x=x, y=y, rate=16000) in Python writes it',
    );
  }
  const isPictures = (shape.length === 3 || shape.length === 4) && [1, 3, 4].includes(channels);
  if (!isPictures) {
    throw new AuricleError(
      "data",
      `${what}: pictures must have shape [N,height,width] or [N,height,width,channels] with 1, 3 or 4 channels, channels last; ${came}`,
    );
  }
  return { bytes: bytesOf(array, what), shape: [height, width, channels] };
}

/** How far a pixel may be from a whole number: a float16 keeps 1/255 to a sixteenth of it. */
const ROUNDING = 0.1;

/** Pixels as bytes: whole numbers from 0 to 255 in any type, and floats from 0 to 1 that such numbers were divided by 255 to. */
function bytesOf(array: NpyArray, what: string): Uint8Array {
  const { dtype, data } = array;
  if (dtype === "uint8" && data instanceof Uint8Array) return data;
  const numbers = numbersOf(array, what).data;
  const isShare = dtype.startsWith("float") && numbers.every((value) => value <= 1);
  const scale = isShare ? 255 : 1;
  const bytes = new Uint8Array(numbers.length);
  for (let i = 0; i < bytes.length; i++) {
    const value = scale * numbers[i];
    bytes[i] = Math.round(value);
    if (Math.abs(bytes[i] - value) <= ROUNDING) continue;
    throw new AuricleError(
      "data",
      `${what}: pixels must be whole numbers from 0 to 255, or these divided by 255; got ${numbers[i]} at index ${i} of ${dtype}: ` +
        "save pictures as uint8, values from 0 to 1 multiplied by 255 and rounded",
    );
  }
  return bytes;
}
