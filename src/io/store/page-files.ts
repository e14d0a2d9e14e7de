/** @file Files that a page gives to be opened. Browser-safe. */

/** A file of a page, with its path below the folder that it is opened in. */
export interface PageFile {
  /** With `/`: "kick/1.wav". */
  readonly path: string;
  readonly file: Blob | Uint8Array<ArrayBuffer>;
}

/** Files that a page has opened, or a folder that the user has chosen. */
export type PageFiles = readonly PageFile[] | FileSystemDirectoryHandle;
