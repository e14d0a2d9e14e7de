/**
 * @file Starts the studio by a command, opens its start page and the list of runs as a browser would, and ends it as Ctrl-C does.
 *
 *     node scripts/package-check/studio.mjs npx auricle studio
 */
import { textOf, withServer } from "./server.mjs";

await withServer([...process.argv.slice(2), "--no-open", "--port", "0", "--json"], async (start) => {
  const page = await textOf(start);
  const [script] = /(?<=src=")[^"]+\.js(?=")/.exec(page) ?? [];
  if (!script) throw new Error(`the start page has no script: ${page}`);
  await textOf(new URL(script, start));
  JSON.parse(await textOf(`${start}runs/index.json`));
});
