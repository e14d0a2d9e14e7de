/** @file The request to unpack an archive, and the place where an entry may be written. */

import { AuricleError } from "../errors.ts";

export interface UnpackRequest {
  /** Ends with .tar.gz, .tgz or .zip. */
  readonly archive: string;
  /** The folder that is made of its content. */
  readonly folder: string;
  /** How many folders around the content are left out. Default 0. */
  readonly strip?: number;
  /** Bytes of the archive that are worked through, and all. */
  readonly onProgress?: (progress: { readonly received: number; readonly total: number }) => void;
}

/**
 * The path of an entry below the folder that an archive is unpacked to, or undefined for unwanted entries: hidden
 * files, the folder that macOS adds, and entries in none of the folders that are left out.
 * @param strip how many folders around the content are left out.
 * @throws AuricleError "file" for a path that leads elsewhere: an absolute one, or one with `..` in it.
 */
export function placeOfEntry(archive: string, path: string, strip: number): string | undefined {
  const parts = path.split(/[/\\]/).filter((part) => part !== "" && part !== ".");
  if (/^([a-z]:)?[/\\]/i.test(path) || parts.includes("..") || path.includes("\0")) {
    throw new AuricleError(
      "file",
      `${archive}: its entry ${JSON.stringify(path)} would be written outside the destination folder; this ` +
        `archive cannot be trusted`,
    );
  }
  if (parts.some((part) => part.startsWith(".") || part === "__MACOSX")) return undefined;
  const kept = parts.slice(strip);
  return kept.length > 0 ? kept.join("/") : undefined;
}
