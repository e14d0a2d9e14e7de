/** @file The pixels of pictures that archives hold, in the form of a store. Browser-safe. */

import { sha256 } from "#here/io/sha256";
import { AuricleError } from "../../../errors.ts";
import type { Image } from "../../../image/image.ts";
import { resizeImage } from "../../../image/resize/resize-image.ts";
import { sharedBytes } from "../../../io/shared-bytes.ts";
import { formatShape, sizeOf, type Shape } from "../../../tensor/shape.ts";
import type { Dataset } from "../../dataset.ts";
import { measureArchived, type PictureMeasurement } from "./measurement.ts";
import type { PixelFormat } from "./messages.ts";
import { pixelCount } from "./pixel-format.ts";

/** Bytes that the pictures of all archives may take in a store. */
const MOST_BYTES = 2 ** 31;

/** Pictures that are read at once. */
const BLOCK = 256;

/** The pictures of one archive, in the form of a store. */
export interface ArchivePixels {
  /** Those of all pictures, one after the other. */
  readonly pixels: Uint8Array;
  /** SHA-256 of each picture's own pixels and size, hexadecimal. */
  readonly contents: readonly string[];
  readonly measurements: readonly PictureMeasurement[];
  /** SHA-256 of all of them, whatever the file is that they come from. */
  readonly content: string;
}

/** The size of an archive's pictures. @throws AuricleError "data" for arrays that are no pictures. */
export function archiveShape({ name, inputShape }: Dataset): Omit<Image, "data"> {
  const [height, width, channels] = inputShape;
  if (inputShape.length === 3 && (channels === 1 || channels === 3 || channels === 4)) {
    return { width, height, channels };
  }
  throw new AuricleError(
    "data",
    `data set "${name}": pictures must be [height,width,channels] with 1, 3 or 4 channels; got ${formatShape(inputShape)}`,
  );
}

/**
 * Reads all pictures of some archives and brings them into a form.
 * @throws AuricleError "data" for arrays that are no pictures, "argument" where they take too much memory in that form.
 */
export async function readArchives(
  archives: ReadonlyMap<string, Dataset>,
  format: PixelFormat,
): Promise<ReadonlyMap<string, ArchivePixels>> {
  const count = [...archives.values()].reduce((sum, { length }) => sum + length, 0);
  const bytes = count * pixelCount(format);
  if (bytes > MOST_BYTES) {
    throw new AuricleError(
      "argument",
      `pictures: ${count} of ${format.width} × ${format.height} × ${format.channels} take ${bytes} bytes, more than ` +
        `${MOST_BYTES}; choose a smaller size`,
    );
  }
  const read = new Map<string, ArchivePixels>();
  for (const [path, dataset] of archives) read.set(path, await readArchive(dataset, format));
  return read;
}

/** SHA-256 of a picture's own pixels and size, hexadecimal. @param shape `[height, width, channels]` */
export function pictureContent(shape: Shape, pixels: Uint8Array): string {
  return sha256().update(formatShape(shape)).update(pixels).digest();
}

/** One picture of an archive, and the hash of its content. @throws AuricleError "data" for arrays that are no pictures. */
export async function archivedPicture(
  dataset: Dataset,
  index: number,
): Promise<{ readonly image: Image; readonly content: string }> {
  const shape = archiveShape(dataset);
  const input = new Float32Array(sizeOf(dataset.inputShape));
  const targets = dataset.targetDtype === "int32" ? Int32Array : Float32Array;
  await dataset.read(Uint32Array.of(index), input, new targets(sizeOf(dataset.targetShape)));
  const data = bytesOfPicture(input);
  return { image: { ...shape, data }, content: pictureContent(dataset.inputShape, data) };
}

/** Numbers on 0 … 1 as the bytes that they come from. */
function bytesOfPicture(input: Float32Array): Uint8Array {
  const bytes = new Uint8Array(input.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round(255 * input[i]);
  return bytes;
}

async function readArchive(dataset: Dataset, format: PixelFormat): Promise<ArchivePixels> {
  const shape = archiveShape(dataset);
  const { width, height, channels } = format;
  const isSame = width === shape.width && height === shape.height && channels === shape.channels;
  const [from, to] = [sizeOf(dataset.inputShape), pixelCount(format)];
  const pixels = sharedBytes(dataset.length * to);
  const contents: string[] = [];
  const measurements: PictureMeasurement[] = [];
  const whole = sha256();
  const inputs = new Float32Array(BLOCK * from);
  const targets = dataset.targetDtype === "int32" ? Int32Array : Float32Array;
  const labels = new targets(BLOCK * sizeOf(dataset.targetShape));
  for (let first = 0; first < dataset.length; first += BLOCK) {
    const count = Math.min(BLOCK, dataset.length - first);
    await dataset.read(
      Uint32Array.from({ length: count }, (_, i) => first + i),
      inputs,
      labels,
    );
    for (let i = 0; i < count; i++) {
      const data = bytesOfPicture(inputs.subarray(i * from, (i + 1) * from));
      const content = pictureContent(dataset.inputShape, data);
      contents.push(content);
      measurements.push(measureArchived({ ...shape, data }, content));
      whole.update(content);
      pixels.set(isSame ? data : resizeImage({ ...shape, data }, format).data, (first + i) * to);
    }
    whole.update(Uint8Array.from(labels));
  }
  return { pixels, contents, measurements, content: whole.digest() };
}
