/** @file What the registry knows about a data set. */

import type { Dataset } from "./dataset.ts";

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
  readonly roles: readonly DatasetRole[];
  /** Where it can be downloaded; tried in turn. */
  readonly urls: readonly string[];
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly copies: readonly FileCopy[];
}

/** One entry of the registry. */
export interface DatasetDefinition {
  /** Lower case with hyphens; also the name of its folder. */
  readonly name: string;
  readonly title: string;
  readonly licence: string;
  readonly citation: string;
  readonly homepage: string;
  /** Number of examples in each part. */
  readonly examples: Readonly<Record<DatasetRole, number>>;
  readonly classNames: readonly string[];
  /** None where the data set is computed. */
  readonly files: readonly DatasetFile[];
  /** Where a package of the operating system puts the files. */
  readonly systemFolders: readonly string[];
  /**
   * Makes the data set of its files.
   * @param files the path of each file of the role, by {@link DatasetFile.name}. Their content is verified already;
   * it may be that of the file itself or of one of its copies.
   */
  load(files: ReadonlyMap<string, string>, role: DatasetRole): Promise<Dataset>;
}
