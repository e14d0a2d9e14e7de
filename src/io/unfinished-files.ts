/** @file The remains that killed processes leave of files that are written whole or not at all. Browser-safe. */

import { join } from "#here/io/path";
import { store } from "#here/io/store/store";
import { errorCode } from "./atomic-file.ts";

/**
 * The names that write-file-atomic gives files until they are whole: that of the file, and a number of up to 32 bits.
 * Numbers below 10,000 are left alone, since people number and date copies so.
 */
const UNFINISHED = /^(.+)\.\d{5,10}$/;

/** Writing takes seconds, and each piece sets the time anew: after an hour nobody writes. */
export const ABANDONED_MILLISECONDS = 3600 * 1000;

/**
 * Removes the unfinished remains of certain files of a folder.
 * @param isOurs tells by its name whether a file is one that is written so
 * @param age in milliseconds since it was last written to: 0 where no other process can be writing in the folder
 */
export async function removeUnfinished(
  folder: string,
  isOurs: (name: string) => boolean,
  age = ABANDONED_MILLISECONDS,
): Promise<void> {
  for (const { name } of await store.list(folder).catch(() => [])) {
    const [, finished] = UNFINISHED.exec(name) ?? [];
    if (finished === undefined || !isOurs(finished)) continue;
    const path = join(folder, name);
    try {
      const { kind, modified } = await store.look(path);
      if (kind === "file" && Date.now() - modified >= age) await store.remove(path);
    } catch (cause) {
      // Gone meanwhile, or not ours to remove: it takes room, and does no harm.
      if (!errorCode(cause)) throw cause;
    }
  }
}
