/** @file How the files of a data set are got. Browser-safe. */

import type { OptionNames } from "../options.ts";
import type { DownloadProgress } from "./download.ts";

export interface ObtainProgress extends DownloadProgress {
  /** The file, or the data set that is rendered. */
  readonly file: string;
  /** The unit of the counts; absent: bytes. */
  readonly unit?: "recordings";
}

export interface ObtainOptions {
  /** A folder to search first: it, or one in it with the data set's name, holds the files. */
  readonly dataFolder?: string;
  /** Whether files that are not on this machine are downloaded to the user's cache. Default true. */
  readonly download?: boolean;
  /** Called during a download: which file, and how many of its bytes are here; or while recordings are rendered. */
  readonly onProgress?: (progress: ObtainProgress) => void;
}

/** The names of {@link ObtainOptions}. */
export const OBTAIN_OPTIONS: OptionNames<ObtainOptions> = {
  dataFolder: true,
  download: true,
  onProgress: true,
};

/** These options alone, out of more. */
export function obtainOptions({ dataFolder, download, onProgress }: ObtainOptions): ObtainOptions {
  return { dataFolder, download, onProgress };
}
