/** @file The data of a run: a data set known by name or a folder, and the parts that are trained and tested on. Node only. */

import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import {
  datasetDefinition,
  knownDatasets,
  loadDataset,
  splitDataset,
  subset,
  type Dataset,
  type DatasetRole,
  type LoadOptions,
} from "../../data/index.ts";
import { mediumOf } from "../../data/media.ts";
import { obtainOptions } from "../../data/obtain-options.ts";
import { noSuchData } from "../../data/registry.ts";
import { sha256OfFile } from "../../data/verify.ts";
import { AuricleError } from "../../errors.ts";
import { deriveKey, Generator } from "../../random/generator.ts";
import { idxFiles, loadIdxFolder } from "../../data/images/idx-folder.ts";

/** A file of the data and its content's digest. */
export interface FileDigest {
  readonly name: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

export interface DataSource {
  /** The name in the registry, or the absolute path of a folder. */
  readonly data: string;
  /** A short name, for the run's folder. */
  readonly shortName: string;
  /** The content of the files of a part; empty where the data are computed. */
  digests(role: DatasetRole): Promise<FileDigest[]>;
  load(role: DatasetRole): Promise<Dataset>;
}

/**
 * Finds data by its name in the registry or, where there is none, by the path of a folder with IDX files.
 * @throws AuricleError "data" when it is neither.
 */
export async function openDataSource(data: string, options: Omit<LoadOptions, "role">): Promise<DataSource> {
  if (knownDatasets.some(({ name }) => name === data)) {
    const { files } = datasetDefinition(data);
    return {
      data,
      shortName: data,
      // Loading has checked them.
      digests: (role) => Promise.resolve(files.filter((file) => file.roles.includes(role)).map(digestOf)),
      load: (role) => loadDataset(data, { ...obtainOptions(options), role }),
    };
  }
  const folder = resolve(data);
  if ((await mediumOf(data)) === "pictures") {
    throw new AuricleError(
      "data",
      `${folder}: it holds pictures in files of their own; the command trains on images only where they are in IDX files, as ` +
        "train-images-idx3-ubyte, or in a data set that it knows by name",
    );
  }
  if (!(await isFolder(folder))) throw noSuchData(data, "folder");
  return {
    data: folder,
    shortName: basename(folder),
    async digests(role) {
      const paths = await idxFiles(folder, role);
      return Promise.all(
        paths.map(async (path) => ({ name: basename(path), sha256: await sha256OfFile(path) })),
      );
    },
    load: (role) => loadIdxFolder(folder, role),
  };
}

function digestOf({ name, sha256 }: FileDigest): FileDigest {
  return { name, sha256 };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

export interface TrainingParts {
  readonly train: Dataset;
  /** undefined where nothing is held out. */
  readonly validation: Dataset | undefined;
}

/**
 * Splits the training data: a fraction for validation, by class, and of the rest at most `trainSize` examples. Which
 * ones depends on the seed alone.
 * @throws AuricleError "argument" when a part would be empty or the rest has too few examples.
 */
export async function splitForTraining(
  dataset: Dataset,
  options: { readonly validation: number; readonly trainSize: number | null; readonly seed: number },
): Promise<TrainingParts> {
  const { validation: fraction, trainSize, seed } = options;
  const [train, validation] =
    fraction > 0 ? await splitDataset(dataset, [1 - fraction, fraction], { seed }) : [dataset, undefined];
  if (trainSize === null) return { train, validation };
  if (trainSize > train.length) {
    throw new AuricleError(
      "argument",
      `train: the training size must be at most ${train.length}, the number of examples left for training; ` +
        `got ${trainSize}`,
    );
  }
  const order = Uint32Array.from({ length: train.length }, (_, i) => i);
  new Generator(deriveKey(seed, "train-size")).shuffle(order);
  return { train: subset(train, order.subarray(0, trainSize)), validation };
}
