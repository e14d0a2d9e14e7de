/** @file Pictures by the name of a data set, a folder or a list. Browser-safe. */

import { openKnownImages } from "#here/data/open-known";
import { basename, resolve } from "#here/io/path";
import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Task } from "../collection/collection.ts";
import { kindOfPath, openPath, refuseProblems } from "../collection/open-path.ts";
import { OBTAIN_OPTIONS, type ObtainOptions } from "../obtain-options.ts";
import { isPackedName, openPacked, packedPictures } from "../packed/open-packed.ts";
import { findKnownDataset, noSuchData } from "../registry.ts";
import { archivesIn, isTarName, openArchiveFolder, openCifarArchive, openNpzArchive } from "./archives.ts";
import type { ImageCollection } from "./collection.ts";
import { PICTURES } from "./medium.ts";

export interface OpenImageOptions extends ObtainOptions {
  /** The kind of labels in a list, where they do not show it themselves. */
  readonly task?: Task;
  /** Refuse the data when anything in them cannot be used. Default false: the rest is used. */
  readonly strict?: boolean;
}

const OPTIONS: OptionNames<OpenImageOptions> = { task: true, strict: true, ...OBTAIN_OPTIONS };

/**
 * Opens pictures with labels:
 * - the name of a data set in the registry, such as `"cifar-10"`, found on this machine or downloaded;
 * - a folder with a folder of pictures (png, jpg, webp, gif, bmp) for each class, also with train, validation and test
 *   around them, or with a list and the pictures it names;
 * - a folder with IDX files under MNIST's names, or with CIFAR-10's binary files, or the archive of these;
 * - an .npz file with arrays such as x_train and y_train, or images and labels: pictures of bytes, `[N,height,width]` or
 *   `[N,height,width,channels]`, and for each a whole number from 0 or a text;
 * - a project of images or poses that Teachable Machine saved (.tm), or a zip archive of such a folder, which are unpacked once
 *   into the user's cache;
 * - a list: a .csv, .tsv, .json or .jsonl file with the columns path, label and, if wanted, split and group.
 *
 * Nothing is decoded yet, archives apart, which are read whole. Files that cannot be read, are empty or in formats that
 * cannot be decoded are the collection's `problems`.
 *
 * @throws AuricleError "data" or "file" when there is nothing of the kind, it is not understood, or nothing in it can
 * be used; with `strict` also at the first problem.
 */
export async function openImageCollection(
  data: string,
  options: OpenImageOptions = {},
): Promise<ImageCollection> {
  checkOptions("openImageCollection", options, OPTIONS, "data, ");
  const collection = await open(data, options);
  if (options.strict) refuseProblems(collection);
  return collection;
}

async function open(data: string, options: OpenImageOptions): Promise<ImageCollection> {
  const known = findKnownDataset(data);
  if (known?.kind === "arrays") return openKnownImages(known, options);
  const path = resolve(data);
  const kind = await kindOfPath(path);
  const archives = kind === "folder" ? await archivesIn(path) : undefined;
  if (archives) return openArchiveFolder(path, archives);
  if (kind === "file" && isTarName(path)) return openCifarArchive(path);
  if (kind === "file" && isPackedName(path)) {
    const packed = await openPacked(path);
    if (packed.medium === "archives") return openNpzArchive(path);
    if (packed.medium !== "folder") return packedPictures(path, packed);
    const unpacked = await open(packed.folder, options);
    return { ...unpacked, name: basename(path) };
  }
  const collection = await openPath(path, PICTURES, options.task);
  if (collection) return { ...collection, archives: new Map() };
  if (known) {
    throw new AuricleError("data", `data set "${data}" holds recordings, and pictures are needed here`);
  }
  throw noSuchData(data, "folder or list");
}
