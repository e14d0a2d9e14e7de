/** @file An export in other places: in one file that is opened without a server, and where there is no network any more. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { command } from "./models.mjs";
import { answerOf, differenceOf } from "./numbers.mjs";
import { choose, openPage, serving } from "./pages.mjs";

export async function checkPlaces(given) {
  await checkOneFile(given);
  await checkOffline(given);
}

async function checkOneFile({ browser, folder, runs, check }) {
  for (const [name, file] of [
    ["sound", "music.mp3"],
    ["waveform", "long.wav"],
    ["pictures", "stripes.png"],
  ]) {
    const path = join(folder, `${name}.html`);
    await command("export", runs[name], "--web", path, "--one-file", "--weights", "float16");
    const context = await browser.newContext();
    const requests = [];
    context.on("request", (request) => {
      if (!/^(file|blob|data):/.test(request.url())) requests.push(request.url());
    });
    const page = await openPage(context, pathToFileURL(path).href);
    await page.event("ready");
    const answer = await choose(page, file, readFileSync(join(folder, file)));
    const wanted = await answerOf(runs[name], join(folder, file));
    // With weights in float16.
    check(
      `${name} in one file, from file://: near the numbers of Node.js`,
      differenceOf(answer, wanted, 0.02),
    );
    check(
      `${name} in one file: nothing else is asked for`,
      requests.length === 0 ? undefined : requests.join(),
    );
    check(`${name} in one file: nothing went wrong in the page`, page.problems());
    await context.close();
  }
}

/** A second visit without a network: the whole page, decoders included, and then with threads. */
async function checkOffline({ browser, folder, runs, check }) {
  const context = await browser.newContext();
  let page;
  const address = await serving(join(folder, "sound-web"), {}, async (address) => {
    page = await openPage(context, address);
    await page.event("ready");
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    return address;
  });
  // The server is gone now.
  const again = await openPage(context, address);
  const { threads } = await again.event("ready");
  check("offline: the page opens", undefined);
  const isolated = await again.evaluate(() => globalThis.crossOriginIsolated);
  check(
    "from the second visit on: isolated, with threads",
    isolated && threads > 1 ? undefined : `${isolated}, ${threads}`,
  );
  const answer = await choose(again, "music.mp3", readFileSync(join(folder, "music.mp3")));
  const wanted = await answerOf(runs.sound, join(folder, "music.mp3"));
  check("offline: an mp3 is heard, with the numbers of Node.js", differenceOf(answer, wanted));
  check("offline: nothing went wrong in the page", again.problems());
  await context.close();
}
