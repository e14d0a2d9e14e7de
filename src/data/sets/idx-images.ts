/** @file Data sets in the form of MNIST: for each part an IDX file of grey images and one of labels. Node only. */

import { AuricleError } from "../../errors.ts";
import { readFileBytes } from "../../io/atomic-file.ts";
import { formatShape, sameShape } from "../../tensor/shape.ts";
import { imageDataset } from "../array-dataset.ts";
import type { Dataset } from "../dataset.ts";
import type { ArrayDatasetDefinition, DatasetFile, DatasetRole, FileCopy } from "../definition.ts";
import { parseIdx, type IdxArray } from "../idx.ts";

/** Size and digest, published as `<name>.gz`, of one of the four files. */
export interface IdxImageFile {
  readonly bytes: number;
  readonly sha256: string;
  readonly plainSha256: string;
  /** The same file compressed by others. */
  readonly compressedCopies?: readonly { readonly bytes: number; readonly sha256: string }[];
}

export interface IdxImageSetOptions extends Omit<
  ArrayDatasetDefinition,
  "kind" | "files" | "load" | "examples"
> {
  /** Addresses of folders, each with a slash at the end, that hold the four files. */
  readonly mirrors: readonly string[];
  readonly trainImages: IdxImageFile;
  readonly trainLabels: IdxImageFile;
  readonly testImages: IdxImageFile;
  readonly testLabels: IdxImageFile;
}

const EXAMPLES: Readonly<Record<DatasetRole, number>> = { train: 60_000, test: 10_000 };

/** Height, width and channels of an image. */
const IMAGE_SHAPE = [28, 28, 1] as const;

const IMAGES: Readonly<Record<DatasetRole, string>> = {
  train: "train-images-idx3-ubyte",
  test: "t10k-images-idx3-ubyte",
};

const LABELS: Readonly<Record<DatasetRole, string>> = {
  train: "train-labels-idx1-ubyte",
  test: "t10k-labels-idx1-ubyte",
};

/** The registry's entry for a data set of 60,000 + 10,000 images of 28 × 28 pixels under MNIST's file names. */
export function idxImageSet(options: IdxImageSetOptions): ArrayDatasetDefinition {
  const { mirrors, trainImages, trainLabels, testImages, testLabels, ...about } = options;
  const images = (role: DatasetRole, published: IdxImageFile) =>
    describeFile(IMAGES[role], role, published, 16 + EXAMPLES[role] * 28 * 28, mirrors);
  const labels = (role: DatasetRole, published: IdxImageFile) =>
    describeFile(LABELS[role], role, published, 8 + EXAMPLES[role], mirrors);
  return {
    ...about,
    kind: "arrays",
    examples: EXAMPLES,
    files: [
      images("train", trainImages),
      labels("train", trainLabels),
      images("test", testImages),
      labels("test", testLabels),
    ],
    load: (files, role) => loadIdxImages(options, files, role),
  };
}

function describeFile(
  name: string,
  role: DatasetRole,
  published: IdxImageFile,
  plainBytes: number,
  mirrors: readonly string[],
): DatasetFile {
  const { bytes, sha256, plainSha256, compressedCopies = [] } = published;
  const plain: FileCopy = {
    // Some programs that unpack write the second name.
    names: [name, name.replace("-idx", ".idx")],
    bytes: plainBytes,
    sha256: plainSha256,
  };
  return {
    name: `${name}.gz`,
    roles: [role],
    urls: mirrors.map((mirror) => `${mirror}${name}.gz`),
    bytes,
    sha256,
    copies: [plain, ...compressedCopies.map((copy) => ({ names: [`${name}.gz`], ...copy }))],
  };
}

async function loadIdxImages(
  about: Pick<ArrayDatasetDefinition, "name" | "classNames">,
  files: ReadonlyMap<string, string>,
  role: DatasetRole,
): Promise<Dataset> {
  const count = EXAMPLES[role];
  const images = await readBytes(files.get(`${IMAGES[role]}.gz`), [count, ...IMAGE_SHAPE.slice(0, 2)]);
  const labels = await readBytes(files.get(`${LABELS[role]}.gz`), [count]);
  return imageDataset({
    name: `${about.name} (${role})`,
    images,
    imageShape: IMAGE_SHAPE,
    labels,
    classNames: about.classNames,
  });
}

async function readBytes(path: string | undefined, shape: readonly number[]): Promise<Uint8Array> {
  if (path === undefined)
    throw new AuricleError("argument", "load: the paths of images and labels are needed");
  const array: IdxArray = await parseIdx(await readFileBytes(path), path);
  if (!(array.data instanceof Uint8Array) || !sameShape(array.shape, shape)) {
    throw new AuricleError(
      "file",
      `${path}: expected bytes of shape ${formatShape(shape)}; got ${array.data.constructor.name} of shape ` +
        formatShape(array.shape),
    );
  }
  return array.data;
}
