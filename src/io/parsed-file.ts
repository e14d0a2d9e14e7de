/** @file Small JSON files that may be missing or damaged. Browser-safe. */

import { store } from "#here/io/store/store";
import type * as z from "zod/mini";

/** The content of a JSON file; undefined where there is none of that form. */
export async function readParsed<S extends z.ZodMiniType>(
  path: string,
  schema: S,
): Promise<z.output<S> | undefined> {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(await store.read(path))));
  } catch {
    return undefined;
  }
}

/** The names of the JSON files in a folder; none where there is no folder. */
export function namesOfJson(folder: string): Promise<string[]> {
  return store.list(folder).then(
    (entries) => entries.map(({ name }) => name).filter((name) => name.endsWith(".json")),
    () => [],
  );
}
