/** @file Networks of the user's own by the path of their file. Browser-safe. */

import { extname, resolve } from "#here/io/path";
import { store } from "#here/io/store/store";
import { loadNetworkModule } from "#here/runs/networks/network-module";
import { AuricleError } from "../../errors.ts";
import { fileError } from "../../io/atomic-file.ts";
import { parseNetworkFile, type NetworkDefinition } from "../../nn/index.ts";

/** A description of layers takes some kilobytes. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * Opens a network file: JSON as `parseNetworkFile` reads it, or a module as `loadNetworkModule` runs it.
 * @throws AuricleError "file" for a file that cannot be read, "argument" for one that describes no network
 */
export async function openNetworkFile(file: string): Promise<NetworkDefinition> {
  const path = resolve(file);
  const { bytes } = await store.look(path).catch((cause: unknown) => {
    throw fileError("read", path, cause);
  });
  if (extname(path).toLowerCase() !== ".json") return loadNetworkModule(path);
  if (bytes > MOST_BYTES) {
    throw new AuricleError(
      "argument",
      `${file}: ${bytes} bytes are too many for a network file; model files are opened as runs are`,
    );
  }
  try {
    return parseNetworkFile(new TextDecoder().decode(await store.read(path)), file);
  } catch (cause) {
    if (cause instanceof AuricleError) throw cause;
    throw fileError("read", path, cause);
  }
}
