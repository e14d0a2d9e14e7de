/** @file Which medium a name, a folder or a list is of. Browser-safe. */

import { basename, dirname, extname, join, resolve } from "#here/io/path";
import { store } from "#here/io/store/store";
import { foreignFormatByName } from "../audio/decode/foreign-formats.ts";
import { AuricleError } from "../errors.ts";
import { foreignImageFormatByExtension } from "../image/foreign-formats.ts";
import { fileError } from "../io/atomic-file.ts";
import { SOUND } from "./audio/medium.ts";
import { isHidden } from "./collection/files.ts";
import { hasListExtension, PATH_COLUMNS, readListRows } from "./collection/list-rows.ts";
import { kindOfPath } from "./collection/open-path.ts";
import { archivesIn, isTarName } from "./images/archives.ts";
import { isPackedName, openPacked } from "./packed/open-packed.ts";
import { PICTURES } from "./images/medium.ts";
import { findKnownDataset } from "./registry.ts";

/** The kind of data: recordings, pictures in files of their own, or archives of many pictures. */
export type DataMedium = "sound" | "pictures" | "archives";

/** How deep a folder is looked into: class folders, and folders of a split around them. */
const DEPTH = 4;

/**
 * From so large a share of files of the other medium on, neither is taken: folders of recordings have a few covers, folders
 * of pictures a few recordings, but half of each is two data sets.
 */
const MIXED_SHARE = 0.25;

/**
 * Says what a name, a folder or a list means; whether all is well with the data shows when they are opened.
 * @returns undefined where there is nothing of that name, or a file that is of no medium
 * @throws AuricleError "data" for a folder or a list with both recordings and pictures, and for a folder with neither; "file"
 *   for one that cannot be read.
 */
export async function mediumOf(data: string): Promise<DataMedium | undefined> {
  const known = findKnownDataset(data);
  if (known) return known.kind === "audio" ? "sound" : "archives";
  const path = resolve(data);
  const kind = await kindOfPath(path);
  if (kind === undefined) return undefined;
  if (kind === "folder" ? await archivesIn(path) : isTarName(path)) return "archives";
  if (kind === "file" && isPackedName(path)) {
    const packed = await openPacked(path);
    return packed.medium === "folder" ? mediumOf(packed.folder) : packed.medium;
  }
  const found = new Found();
  if (kind === "folder") {
    await found.addFolder(path);
    found.refuseNothing(path);
  } else if (hasListExtension(path)) await found.addList(path);
  return found.medium(path);
}

/** Counts the recordings and the pictures that are found. */
class Found {
  /** Beside the folders of a folder. */
  private readonly lists: string[] = [];
  private hasList = false;
  private readonly counts = { sound: 0, pictures: 0 };
  private others = 0;
  /** Whether there are folders that were not looked into. */
  private isCutOff = false;
  private readonly examples: { sound?: string; pictures?: string } = {};

  async addFolder(folder: string, depth = DEPTH): Promise<void> {
    const folders: string[] = [];
    try {
      for (const { name, kind } of await store.list(folder)) {
        if (isHidden(name)) continue;
        const path = join(folder, name);
        const target = kind === "link" ? await kindOfPath(path).catch(() => undefined) : kind;
        if (target === "folder") folders.push(path);
        else if (depth === DEPTH && hasListExtension(name)) this.lists.push(path);
        else this.add(path);
      }
    } catch (cause) {
      throw fileError("read the folder", folder, cause);
    }
    if (depth === 0) this.isCutOff ||= folders.length > 0;
    else for (const inner of folders.sort()) await this.addFolder(inner, depth - 1);
    // A list may name files that are elsewhere.
    if (depth === DEPTH && this.isEmpty()) for (const list of this.lists) await this.addList(list);
  }

  /** Adds the files that a list names; whatever is wrong with it is said when it is opened. */
  async addList(path: string): Promise<void> {
    this.hasList = true;
    const rows = await readListRows(path, SOUND).catch((error: unknown) => {
      if (error instanceof AuricleError) return [];
      throw error;
    });
    const column = PATH_COLUMNS.find((name) => rows[0]?.values.has(name));
    if (column === undefined) return;
    for (const { values } of rows) {
      const given = values.get(column);
      if (typeof given === "string") this.add(join(dirname(path), given.trim().replace(/["']$/, "")));
    }
  }

  /** @throws AuricleError "data" where nothing was found, and nothing can be in what was not looked at. */
  refuseNothing(folder: string): void {
    if (!this.isEmpty() || this.hasList || this.isCutOff) return;
    const only = this.others > 0 ? `, only ${this.others} other ${this.others === 1 ? "file" : "files"}` : "";
    throw new AuricleError(
      "data",
      `${folder}: it contains no recordings and no images${only}; it must contain a folder of recordings or of images ` +
        "for each class",
    );
  }

  /** @throws AuricleError "data" where there are many of both. */
  medium(path: string): DataMedium | undefined {
    const { sound, pictures } = this.counts;
    if (this.isEmpty()) return this.hasList ? "sound" : undefined;
    if (Math.min(sound, pictures) < MIXED_SHARE * (sound + pictures)) {
      return sound > pictures ? "sound" : "pictures";
    }
    const example = (file = "") => basename(dirname(file)) + "/" + basename(file);
    throw new AuricleError(
      "data",
      `${path}: it has both recordings (${sound}, such as ${example(this.examples.sound)}) and pictures (${pictures}, ` +
        `such as ${example(this.examples.pictures)}); a network learns from one kind: name a folder or a list with ` +
        "only recordings or only pictures",
    );
  }

  private isEmpty(): boolean {
    return this.counts.sound + this.counts.pictures === 0;
  }

  private add(path: string): void {
    const kind = mediumOfName(path);
    if (kind === undefined) {
      this.others++;
      return;
    }
    this.counts[kind]++;
    this.examples[kind] ??= path;
  }
}

/** By the ending of a name alone, also of formats that cannot be decoded. */
function mediumOfName(path: string): "sound" | "pictures" | undefined {
  if (SOUND.hasExtension(path)) return "sound";
  if (PICTURES.hasExtension(path)) return "pictures";
  if (foreignImageFormatByExtension(extname(path).toLowerCase())) return "pictures";
  return foreignFormatByName(path)?.kind === "sound" ? "sound" : undefined;
}
