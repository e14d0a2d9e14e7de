/**
 * @file Checks pages of exported models in headless Chromium: models of sound, waveforms, tags, numbers and pictures that the command has
 * trained and exported give the numbers of Node.js, from files and from a microphone; what cannot be answered is said; one file
 * needs no server, and a second visit no network. Where there is no Chromium it says so, and fails.
 *
 *     node scripts/web-export-check.mjs                       everything
 *     node scripts/web-export-check.mjs numbers look          parts of it by name
 *     node scripts/web-export-check.mjs --screenshots out     also writes pictures of the pages
 *
 * The environment variable CHROMIUM may name the browser's program.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BROWSERS, findBrowser } from "./browser-check/chromium.mjs";
import { startChecks } from "./browser-check/parts.mjs";
import { runScript, setup } from "./setup.mjs";

const { flags, check, part, finish } = startChecks();

/** The path of a program that is found by its name. */
function pathOf(name) {
  if (name.includes("/")) return name;
  const finder = process.platform === "win32" ? "where" : "which";
  return spawnSync(finder, [name], { encoding: "utf8" }).stdout.split("\n")[0].trim();
}

await runScript(async () => {
  const found = findBrowser();
  if (!found) {
    console.log(`not checked: none of ${BROWSERS.join(", ")} is here; CHROMIUM=… may name one`);
    return 1;
  }
  setup();
  // Built only now.
  const { makeModels } = await import("./web-export-check/models.mjs");
  const { openBrowser } = await import("./web-export-check/pages.mjs");
  const { checkNumbers } = await import("./web-export-check/numbers.mjs");
  const { checkExamples } = await import("./web-export-check/examples.mjs");
  const { checkSize } = await import("./web-export-check/size.mjs");
  const { checkFaults } = await import("./web-export-check/faults.mjs");
  const { checkLook } = await import("./web-export-check/look.mjs");
  const { checkMicrophone } = await import("./web-export-check/microphone.mjs");
  const { checkPlaces } = await import("./web-export-check/places.mjs");
  if (flags.screenshots !== undefined) mkdirSync(flags.screenshots, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "auricle-web-"));
  const program = pathOf(found);
  const browser = await openBrowser(program);
  try {
    const began = performance.now();
    const runs = await makeModels(folder);
    console.log(`models: ${((performance.now() - began) / 1000).toFixed(0)} s`);
    const given = { browser, program, folder, runs, check, screenshots: flags.screenshots };
    await part("numbers", () => checkNumbers(given));
    await part("faults", () => checkFaults(given));
    await part("microphone", () => checkMicrophone(given));
    await part("places", () => checkPlaces(given));
    await part("examples", () => checkExamples(given));
    await part("look", () => checkLook(given));
    await part("size", () => checkSize(given));
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return finish("exported pages");
});
