/** @file Whether a recording is still what it was when its content was hashed. Browser-safe. */

import { fileState, hashContent, SETTLED_MILLISECONDS, type FileState } from "./content-index.ts";

/** How often reading a file begins again that is changed meanwhile. */
export const TRIES = 3;

/** Why a file cannot be used that is changed again and again. */
export const CHANGING = "it changed while it was being read: try again when no program is writing to it";

/** The hash of a file's content from an earlier reading, if there was one. */
export interface KnownContent {
  readonly content: string | undefined;
  /** The file's signature (see `FileState`) when its content was hashed. Without it, the content is hashed again. */
  readonly signature?: string;
}

/**
 * The content of a file, to be looked at again once the file was decoded: what was computed of other content must not be
 * kept under this hash.
 */
export class WatchedContent {
  /** SHA-256, hexadecimal. */
  readonly hash: string;
  /** When it was hashed, since the epoch, in milliseconds; undefined where that was known. */
  readonly hashed: number | undefined;
  private readonly path: string;
  private readonly state: FileState;

  private constructor(path: string, state: FileState, hash: string, hashed: number | undefined) {
    this.path = path;
    this.state = state;
    this.hash = hash;
    this.hashed = hashed;
  }

  /** Hashes a file, unless it looks as it did when its content was known. @throws an error of the file system. */
  static async of(path: string, { content, signature }: KnownContent): Promise<WatchedContent> {
    const state = await fileState(path);
    if (content !== undefined && signature === state.signature) {
      return new WatchedContent(path, state, content, undefined);
    }
    const hashed = Date.now();
    return new WatchedContent(path, state, await hashContent(path), hashed);
  }

  /**
   * Whether the file has the same content still. It is hashed again where it looks otherwise by now, or had just been
   * changed when it was hashed: a file may be written twice within one tick of the clock.
   * @throws an error of the file system.
   */
  async isUnchanged(): Promise<boolean> {
    const { signature } = await fileState(this.path);
    const wasSettled = this.hashed === undefined || this.hashed - this.state.changed >= SETTLED_MILLISECONDS;
    if (wasSettled && signature === this.state.signature) return true;
    return (await hashContent(this.path)) === this.hash;
  }
}
