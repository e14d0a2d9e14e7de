/** @file The pictures of one file: the picture that it is, or those of an IDX file, of one of CIFAR-10's or of their archive. Browser-safe. */

import { extname } from "#here/io/path";
import { sha256 } from "#here/io/sha256";
import { store } from "#here/io/store/store";
import { AuricleError } from "../../errors.ts";
import { decodeImage } from "../../image/decode-image.ts";
import type { Image } from "../../image/image.ts";
import { fileError } from "../../io/atomic-file.ts";
import { isTarName, openCifarArchive } from "./archives.ts";
import { cifarDataset } from "./cifar.ts";
import type { Dataset } from "../dataset.ts";
import { isIdxContent, parseIdxImages } from "./idx-folder.ts";
import { archivedPicture, pictureContent } from "./pixels/archive-pixels.ts";

/** A picture of a file. */
export interface FilePicture {
  readonly image: Image;
  /** SHA-256 of the file, or of one of several pictures its own pixels and size; hexadecimal. */
  readonly content: string;
  /** Sentences about what was repaired. */
  readonly warnings: readonly string[];
}

/** The pictures of a file. */
export interface PictureFile {
  /** Whether the file is of a format that holds many. */
  readonly holdsMany: boolean;
  /** The number of pictures. */
  readonly length: number;
  /** @param index from 0 */
  picture(index: number): Promise<FilePicture>;
}

/**
 * Reads the pictures of a file; of an archive of CIFAR-10 those of the training part come first.
 * @throws AuricleError "file" for a file that cannot be read or holds something else, as also `picture` does
 */
export async function openPictureFile(path: string): Promise<PictureFile> {
  if (isTarName(path)) {
    const { archives } = await openCifarArchive(path);
    return joined([...archives.values()]);
  }
  const bytes = await store.read(path).catch((cause: unknown) => {
    throw fileError("read", path, cause);
  });
  if (isIdxContent(bytes)) return idxPictures(bytes, path);
  if (extname(path).toLowerCase() === ".bin") return joined([cifarDataset(path, [{ path, bytes }])]);
  return {
    holdsMany: false,
    length: 1,
    async picture() {
      const { warnings, ...image } = await decodeImage(bytes, path);
      return { image, content: sha256().update(bytes).digest(), warnings };
    },
  };
}

async function idxPictures(bytes: Uint8Array, path: string): Promise<PictureFile> {
  const { shape, images } = await parseIdxImages(bytes, path);
  const [height, width, channels] = shape;
  return {
    holdsMany: true,
    length: images.length,
    picture(index) {
      const data = images[index];
      const content = pictureContent(shape, data);
      return Promise.resolve({ image: { height, width, channels, data }, content, warnings: [] });
    },
  };
}

function joined(datasets: readonly Dataset[]): PictureFile {
  return {
    holdsMany: true,
    length: datasets.reduce((sum, { length }) => sum + length, 0),
    async picture(index) {
      let first = 0;
      for (const dataset of datasets) {
        if (index < first + dataset.length) {
          return { ...(await archivedPicture(dataset, index - first)), warnings: [] };
        }
        first += dataset.length;
      }
      throw new AuricleError("argument", `pictures: there are ${first}; got number ${index}`);
    },
  };
}
