/**
 * @file Checks the studio in headless Chromium: each view at two widths in both themes, by axe and for what must not happen; each lesson
 * operated, with its numbers compared; files dropped, a microphone with a known sound; odd addresses, damaged files, hosts that give less;
 * and how fast it is. Where there is no Chromium it says how to get one, and fails.
 *
 *     node scripts/studio-check.mjs                       everything
 *     node scripts/studio-check.mjs convolution views     parts of it by name
 *     node scripts/studio-check.mjs --screenshots out     also writes a picture of each view
 *
 * The environment variable CHROMIUM may name the browser's program.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BROWSERS, findBrowser } from "./browser-check/chromium.mjs";
import { startChecks } from "./browser-check/parts.mjs";
import { buildStudio, root, runScript, setup } from "./setup.mjs";
import { checkFirstView } from "./studio-check/first-view.mjs";
import { fuzzAddresses } from "./studio-check/fuzz-address.mjs";
import { checkHardHosts } from "./studio-check/hard-hosts.mjs";
import { checkInspector, checkServedRun } from "./studio-check/inspect.mjs";
import { checkRuns } from "./studio-check/inspect-runs.mjs";
import { openStudio } from "./studio-check/studio.mjs";
import { checkViews } from "./studio-check/views.mjs";

const { flags, check, part, finish } = startChecks();

/** Runs the code of a lesson in the clone, as the page tells its readers. @returns what went wrong, undefined if nothing did */
async function runShown(page) {
  const input = await page.locator("figure pre code").first().textContent();
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-"], {
    cwd: root,
    input,
    encoding: "utf8",
  });
  return status === 0 && stdout.trim() !== "" ? undefined : stderr || "it prints nothing";
}

await runScript(async () => {
  setup();
  buildStudio();
  // These use the built library, which a fresh clone has only now.
  const { checkHardFiles } = await import("./studio-check/hard-files.mjs");
  const { checkSound } = await import("./studio-check/sound.mjs");
  const { checkSpeed } = await import("./studio-check/speed.mjs");
  const browser = findBrowser();
  if (!browser) {
    const names = process.env.CHROMIUM ?? BROWSERS.join(", ");
    console.error(`No browser was found (${names}). On Debian: apt-get install chromium`);
    return 1;
  }
  if (flags.screenshots !== undefined) mkdirSync(flags.screenshots, { recursive: true });
  const studio = await openStudio(browser);
  try {
    const lessons = join(root, "scripts", "studio-check", "lessons");
    for (const file of existsSync(lessons) ? readdirSync(lessons).sort() : []) {
      const name = file.replace(/\.mjs$/, "");
      await part(name, async () => {
        const { checkLesson } = await import(pathToFileURL(join(lessons, file)).href);
        const page = await studio.open(`#/learn/${name}`);
        await checkLesson({ page, studio, check: (what, problem) => check(`${name}: ${what}`, problem) });
        check(`${name}: its code runs as it is shown`, await runShown(page));
        check(`${name}: nothing went wrong in the page`, page.problems());
        await page.close();
      });
    }
    await part("first-view", () => checkFirstView({ studio, check }));
    await part("sound", () => checkSound({ studio, check, program: browser }));
    await part("inspect", async () => {
      await checkInspector({ studio, check });
      await checkServedRun({ studio, check });
    });
    await part("runs", () => checkRuns({ studio, check, screenshots: flags.screenshots }));
    await part("addresses", () => fuzzAddresses({ studio, check }));
    await part("files", () => checkHardFiles({ studio, check }));
    await part("hosts", () => checkHardHosts({ studio, check }));
    await part("speed", () => checkSpeed({ studio, check }));
    await part("views", () => checkViews({ studio, check, screenshots: flags.screenshots }));
  } finally {
    await studio.close();
  }
  return finish("studio");
});
