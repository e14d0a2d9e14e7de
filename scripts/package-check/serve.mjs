/**
 * @file Starts a server of predictions by a command, asks whether it is ready and what it serves, and ends it as Ctrl-C does.
 *
 *     node scripts/package-check/serve.mjs ./auricle serve runs/genres
 */
import { textOf, withServer } from "./server.mjs";

await withServer([...process.argv.slice(2), "--port", "0", "--json"], async (start) => {
  await textOf(new URL("/readyz", start));
  JSON.parse(await textOf(new URL("/v1/model", start)));
});
