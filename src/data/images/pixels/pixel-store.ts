/** @file The pixels of a data set's pictures: in memory, or in files of the cache. Browser-safe. */

import { readPixels } from "#here/data/images/pixels/pixel-file";
import { dirname } from "#here/io/path";
import { AuricleError } from "../../../errors.ts";
import type { Example, FileProblem } from "../../collection/collection.ts";
import type { ComparedPicture } from "../duplicates/find-duplicates.ts";
import type { ArchivePixels } from "./archive-pixels.ts";
import type { PictureMeasurement } from "./measurement.ts";
import type { PictureMessage, PixelFormat } from "./messages.ts";
import { pixelCount } from "./pixel-format.ts";
import { PixelPool } from "./pixel-pool.ts";

/** The properties of an example that are needed here. */
export type Picture = Pick<Example, "id" | "path" | "index">;

export class PixelStore {
  readonly format: PixelFormat;
  /** Why the cache could not be written, where that failed. */
  cacheProblem: string | undefined;
  /** Seconds that the preparation took. */
  readonly timings = { total: 0 };
  /** By the picture's index: threads end in any order. */
  private readonly failed = new Map<number, string>();
  private readonly defects = new Map<number, readonly string[]>();
  private readonly all: readonly Picture[];
  private readonly pixels = new Map<string, Uint8Array>();
  private readonly paths = new Map<string, string>();
  private readonly contents = new Map<string, string>();
  private readonly measurements = new Map<string, PictureMeasurement>();
  private readonly archives: ReadonlyMap<string, ArchivePixels>;
  private readonly pool: PixelPool;
  private bytesInMemory = 0;

  /** @param archives those that pictures with an `index` are in, by path */
  constructor(
    format: PixelFormat,
    all: readonly Picture[],
    archives: ReadonlyMap<string, ArchivePixels> = new Map(),
  ) {
    this.format = format;
    this.all = all;
    this.archives = archives;
    this.pool = new PixelPool(pixelCount(format));
  }

  /** Files that could not be used, in the order of the pictures. */
  get problems(): FileProblem[] {
    return this.all.flatMap(({ path }, i) => {
      const problem = this.failed.get(i);
      return problem === undefined ? [] : [{ path, problem }];
    });
  }

  /** Files that were used although something is wrong with them, likewise. */
  get warnings(): FileProblem[] {
    return this.all.flatMap(({ path }, i) =>
      (this.defects.get(i) ?? []).map((problem) => ({ path, problem })),
    );
  }

  /** Those that can be used. */
  get pictures(): readonly Picture[] {
    return this.all.filter((picture) => this.has(picture));
  }

  has({ id, path, index }: Picture): boolean {
    if (index !== undefined) return index < (this.archives.get(path)?.contents.length ?? 0);
    return this.pixels.has(id) || this.paths.has(id);
  }

  /**
   * SHA-256 of the picture's file; of one in an archive, of its own pixels. Hexadecimal.
   * @throws AuricleError "argument" for a picture that the store has not.
   */
  content({ id, path, index }: Picture): string {
    const content = index === undefined ? this.contents.get(id) : this.archives.get(path)?.contents.at(index);
    if (content !== undefined) return content;
    throw unknownPicture(id);
  }

  /** The picture as it was decoded. @throws AuricleError "argument" for a picture that the store has not. */
  measurement({ id, path, index }: Picture): PictureMeasurement {
    const measurement =
      index === undefined ? this.measurements.get(id) : this.archives.get(path)?.measurements.at(index);
    if (measurement) return measurement;
    throw unknownPicture(id);
  }

  /** The properties by which a picture is compared with others. @throws AuricleError as {@link content}. */
  compared(picture: Picture): ComparedPicture {
    const { pixelsHash, fingerprint } = this.measurement(picture);
    return { id: picture.id, content: this.content(picture), pixelsHash, fingerprint };
  }

  /** The files of the cache that hold these pixels, and about how much they take; undefined where there are none. */
  get kept():
    { readonly folder: string; readonly paths: readonly string[]; readonly bytes: number } | undefined {
    const paths = [...new Set(this.paths.values())];
    if (paths.length === 0) return undefined;
    return { folder: dirname(paths[0]), paths, bytes: paths.length * pixelCount(this.format) };
  }

  /** As {@link content}, but of an archive as a whole. */
  fileContent(picture: Picture): string {
    if (picture.index === undefined) return this.content(picture);
    const archive = this.archives.get(picture.path);
    if (archive) return archive.content;
    throw unknownPicture(picture.id);
  }

  /**
   * The pixels, `[height, width, channels]`; not to be changed.
   * @throws AuricleError "argument" for a picture that the store has not; "file" where its file in the cache is gone.
   */
  read(picture: Picture): Uint8Array {
    const pixels = this.inMemory(picture);
    if (pixels) return pixels;
    const file = this.file(picture);
    const stored = readPixels(file, pixelCount(this.format));
    if (stored) return stored.pixels;
    throw pixelsGone(picture.path, file);
  }

  /** The path of the pixels' file in the cache. @throws AuricleError "argument" for a picture that has none. */
  file({ id }: Picture): string {
    const path = this.paths.get(id);
    if (path !== undefined) return path;
    throw unknownPicture(id);
  }

  /** The pixels that are in memory. */
  inMemory({ id, path, index }: Picture): Uint8Array | undefined {
    if (index === undefined) return this.pixels.get(id);
    const size = pixelCount(this.format);
    return this.archives.get(path)?.pixels.subarray(index * size, (index + 1) * size);
  }

  /** Takes what preparation has found of one picture. */
  receive(message: PictureMessage, memoryLimit: number): void {
    const { id } = this.all[message.picture];
    if (message.kind === "problem") {
      this.failed.set(message.picture, message.problem);
      return;
    }
    this.contents.set(id, message.content);
    this.measurements.set(id, message.measurement);
    if (message.warnings.length > 0) this.defects.set(message.picture, message.warnings);
    this.cacheProblem ??= message.cacheProblem;
    if (message.path !== undefined) this.paths.set(id, message.path);
    if (message.pixels === undefined) return;
    this.bytesInMemory += message.pixels.length;
    if (message.path === undefined && this.bytesInMemory > memoryLimit) {
      throw new AuricleError(
        "file",
        `${message.cacheProblem}; without the cache the pictures take more than ${memoryLimit} bytes of memory`,
      );
    }
    this.pixels.set(id, this.pool.add(message.pixels));
  }
}

/** An error for a picture whose pixels were in a file of the cache. */
export function pixelsGone(picture: string, file: string): AuricleError {
  return new AuricleError("file", `${picture}: its pixels in ${file} are gone; prepare the pictures again`);
}

function unknownPicture(id: string): AuricleError {
  return new AuricleError("argument", `pictures: the store has no picture ${id}`);
}
