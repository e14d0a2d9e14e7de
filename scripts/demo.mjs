/**
 * @file Shows what Auricle does, in under three minutes: renders music in ten imitated styles, trains a network that tells
 * them apart by their mel spectrograms, tests it on music it has never heard, and writes a report to look at and to
 * listen to.
 *
 *     node scripts/demo.mjs
 */
import { join } from "node:path";
import { auricle, root, runNode, runScript, setup } from "./setup.mjs";

/** Fewer epochs than the default takes, so that it does not take long, and a test part that gives a steady figure. */
const RECIPE = ["--epochs", "6", "--batch-size", "16", "--no-augment", "--split", "0.7/0.1/0.2"];

await runScript(async () => {
  setup();
  const time = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const run = join("runs", `demo-${time}`);
  console.log(`$ auricle train styles ${RECIPE.join(" ")}\n`);
  const code = runNode(auricle, ["train", "styles", ...RECIPE, "--out", join(root, run)], { cwd: root });
  if (code !== 0) return code;
  const command = `node ${join("dist", "cli", "main.js")}`;
  console.log(`
Open ${join(root, run, "report.html")} in a browser: curves, mistakes to listen to, filters.

The music was synthetic. With real music, in ${root}:
  ${command} train gtzan              the course's ten genres (downloads 1.2 GB)
  ${command} train ./my-music         a folder with a folder of recordings for each class
  ${command} predict ${run} song.mp3
  ${command} --help`);
  return 0;
});
