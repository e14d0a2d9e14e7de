/** @file The studio as `auricle studio` serves it. */
import { join } from "node:path";
import { root } from "../setup.mjs";

/** @param {string} [runs] the folder of the runs. Default: the clone's own @returns {Promise<{ address: string, close: () => Promise<void> }>} */
export async function startStudio(runs = join(root, "runs")) {
  // Built only now.
  const { serveStudio } = await import("../../dist/cli/studio/server.js");
  const { openSession } = await import("../../dist/session/index.js");
  return serveStudio({
    app: join(root, "dist", "studio"),
    runs,
    session: openSession(),
    port: 0,
    onError: (error) => console.error(error),
  });
}
