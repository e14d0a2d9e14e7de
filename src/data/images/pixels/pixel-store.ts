/** @file The pixels of a data set's pictures: in memory, or in files of the cache. Node only. */

import { AuricleError } from "../../../errors.ts";
import type { Example, FileProblem } from "../../collection/collection.ts";
import type { PictureMessage, PixelFormat } from "./messages.ts";
import { readPixels } from "./pixel-file.ts";
import { pixelCount } from "./pixel-format.ts";

/** The properties of an example that are needed here. */
export type Picture = Pick<Example, "id" | "path">;

export class PixelStore {
  readonly format: PixelFormat;
  /** Why the cache could not be written, where that failed. */
  cacheProblem: string | undefined;
  /** By the picture's index: threads end in any order. */
  private readonly failed = new Map<number, string>();
  private readonly defects = new Map<number, readonly string[]>();
  private readonly all: readonly Picture[];
  private readonly pixels = new Map<string, Uint8Array>();
  private readonly paths = new Map<string, string>();
  private bytesInMemory = 0;

  constructor(format: PixelFormat, all: readonly Picture[]) {
    this.format = format;
    this.all = all;
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

  has({ id }: Picture): boolean {
    return this.pixels.has(id) || this.paths.has(id);
  }

  /**
   * The pixels, `[height, width, channels]`; not to be changed.
   * @throws AuricleError "argument" for a picture that the store has not; "file" where its file in the cache is gone.
   */
  read({ id, path }: Picture): Uint8Array {
    const known = this.pixels.get(id);
    if (known) return known;
    const file = this.paths.get(id);
    if (file === undefined) throw new AuricleError("argument", `pictures: the store has no picture ${id}`);
    const stored = readPixels(file, pixelCount(this.format));
    if (stored) return stored.pixels;
    throw new AuricleError("file", `${path}: its pixels in ${file} are gone; prepare the pictures again`);
  }

  /** Takes what preparation has found of one picture. */
  receive(message: PictureMessage, memoryLimit: number): void {
    const { id } = this.all[message.picture];
    if (message.kind === "problem") {
      this.failed.set(message.picture, message.problem);
      return;
    }
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
    this.pixels.set(id, message.pixels);
  }
}
