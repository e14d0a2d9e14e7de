/** @file The registry's description of a data set. */

import type { AudioCollection } from "./audio/collection.ts";
import type { SplitRole } from "./collection/collection.ts";
import type { Dataset } from "./dataset.ts";

/** The parts of a data set of arrays. */
export type DatasetRole = "train" | "test";

/** The same content in another form, accepted where it is found on this machine. */
export interface FileCopy {
  /** Names under which it is looked for. */
  readonly names: readonly string[];
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** A file as its authors published it. */
export interface DatasetFile {
  readonly name: string;
  /** The parts of the data set that need it. */
  readonly roles: readonly SplitRole[];
  /** Where it can be downloaded; tried in turn. */
  readonly urls: readonly string[];
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly copies: readonly FileCopy[];
}

/** The facts given for every data set. */
export interface AboutDataset {
  /** Lower case with hyphens; also the name of its folder. */
  readonly name: string;
  readonly title: string;
  readonly licence: string;
  readonly citation: string;
  readonly homepage: string;
  readonly classNames: readonly string[];
  /** Files that are used as they are. None where the data set is computed, or consists of archives. */
  readonly files: readonly DatasetFile[];
  /** Where a package of the operating system puts the files. */
  readonly systemFolders: readonly string[];
}

/** A data set of arrays, such as images, that is read whole. */
export interface ArrayDatasetDefinition extends AboutDataset {
  readonly kind: "arrays";
  /** Number of examples in each part. */
  readonly examples: Readonly<Record<DatasetRole, number>>;
  /**
   * Makes the data set of its files.
   * @param files the path of each file of the role, by {@link DatasetFile.name}. Their content is verified already;
   * it may be that of the file itself or of one of its copies.
   */
  load(files: ReadonlyMap<string, string>, role: DatasetRole): Promise<Dataset>;
}

/**
 * Many files in one. It is checked by whichever digest its origin publishes. Where that is none, the definition's file
 * says so, and it is downloaded only from where the connection itself is trusted.
 */
export interface DatasetArchive {
  /** Ends with .tar.gz, .tgz or .zip. */
  readonly name: string;
  /** Where it can be downloaded; tried in turn. */
  readonly urls: readonly string[];
  /** Exactly, where known. */
  readonly bytes?: number;
  /** For the user, who decides about the download. */
  readonly approximateBytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256?: string;
  readonly md5?: string;
  /** The folder that its content makes in the cache. */
  readonly folder: string;
  /** How many folders around its content are left out. */
  readonly strip: number;
}

/** One of the ways in which a data set of recordings is divided. */
export interface AudioSplit {
  readonly name: string;
  /** In a few words. */
  readonly title: string;
  /** Names of the definition's files that it needs. */
  readonly files: readonly string[];
}

/** The arguments for opening a data set of recordings. */
export interface AudioSource {
  /** The folder with its recordings: one in which the landmarks are. */
  readonly folder: string;
  /** The path of each file that the split needs, verified. */
  readonly files: ReadonlyMap<string, string>;
  /** The name of the split. */
  readonly split: string;
}

/** A data set of recordings, of which each is a file. */
export interface AudioDatasetDefinition extends AboutDataset {
  readonly kind: "audio";
  /** Number of clips in each part of its first split, or in all where its authors made none. */
  readonly examples: Readonly<Partial<Record<SplitRole | "all", number>>>;
  /** None where it must be got by other means. */
  readonly archives: readonly DatasetArchive[];
  /** Below which of these paths, in a folder that is searched, its recordings may be; "" for the folder itself. */
  readonly roots: readonly string[];
  /** The entries that must be below such a path for it to be this data set; a leading asterisk stands for any one folder. */
  readonly landmarks: readonly string[];
  /** The first is the default. */
  readonly splits: readonly AudioSplit[];
  /** How to get it where there is no archive to download, or the download fails. Default: from its homepage. */
  readonly byHand?: string;
  /**
   * Makes the recordings of a synthetic data set in a folder, where they are not there yet. They are not recorded, so they
   * are looked for nowhere else.
   */
  render?(folder: string, onProgress: (done: number, total: number) => void): Promise<void>;
  open(source: AudioSource): Promise<AudioCollection>;
}

/** One entry of the registry. */
export type DatasetDefinition = ArrayDatasetDefinition | AudioDatasetDefinition;
