/** @file Networks of the user's own by the path of their file. Node only. */

import { readFile, stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { AuricleError } from "../../errors.ts";
import { fileError } from "../../io/atomic-file.ts";
import { parseNetworkFile, type NetworkDefinition } from "../../nn/index.ts";
import { loadNetworkModule } from "./network-module.ts";

/** A description of layers takes some kilobytes. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * Opens a network file: JSON as `parseNetworkFile` reads it, or a module as `loadNetworkModule` runs it.
 * @throws AuricleError "file" for a file that cannot be read, "argument" for one that describes no network
 */
export async function openNetworkFile(file: string): Promise<NetworkDefinition> {
  const path = resolve(file);
  const { size } = await stat(path).catch((cause: unknown) => {
    throw fileError("read", path, cause);
  });
  if (extname(path).toLowerCase() !== ".json") return loadNetworkModule(path);
  if (size > MOST_BYTES) {
    throw new AuricleError(
      "argument",
      `${file}: ${size} bytes are too many for a network file; model files are opened as runs are`,
    );
  }
  try {
    return parseNetworkFile(await readFile(path, "utf8"), file);
  } catch (cause) {
    if (cause instanceof AuricleError) throw cause;
    throw fileError("read", path, cause);
  }
}
