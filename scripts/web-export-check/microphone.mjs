/** @file The microphone: one that hears a known sound, one that is not allowed, and none. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { soundForMicrophone } from "./models.mjs";
import { differenceOf, answerTo } from "./numbers.mjs";
import { openBrowser, openPage, serving, STRICT } from "./pages.mjs";

const FAKE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

/** A page whose microphone was asked for, with other flags of the browser. */
async function listening({ program, folder, flags, permissions, initScript }, run) {
  const browser = await openBrowser(program, flags);
  try {
    await serving(join(folder, "sound-web"), STRICT, async (address) => {
      const context = await browser.newContext({ serviceWorkers: "block", permissions });
      if (initScript) await context.addInitScript(initScript);
      const page = await openPage(context, address);
      await page.event("ready");
      await page.getByRole("button", { name: "Use the microphone" }).click();
      await run(page);
    });
  } finally {
    await browser.close();
  }
}

export async function checkMicrophone({ program, folder, runs, check }) {
  const path = join(folder, "microphone.wav");
  writeFileSync(path, soundForMicrophone());
  const flags = [...FAKE, `--use-file-for-fake-audio-capture=${path}`];
  const permissions = ["microphone"];
  await listening({ program, folder, flags, permissions }, async (page) => {
    const [first, second] = [await page.event("prediction"), await page.event("prediction")];
    check("the microphone: it goes on", second.source === "microphone" ? undefined : second.source);
    const wanted = await answerTo(runs.sound, first.heard);
    check("the microphone: the numbers of Node.js for the same samples", differenceOf(first, wanted));
    const peak = first.heard.samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    check("the microphone: it has heard the sound", peak > 0.2 ? undefined : `the loudest sample is ${peak}`);
    const button = page.getByRole("button", { name: "Use the microphone" });
    await button.click();
    check(
      "the microphone: it stops",
      (await button.getAttribute("aria-pressed")) === "false" ? undefined : "it is on",
    );
    check(
      "the microphone: nothing went wrong in the page",
      page.problems(/Service Worker registration blocked/),
    );
  });
  const refused = async (what, given, says) =>
    listening({ program, folder, ...given }, async (page) => {
      const alert = page.getByRole("alert");
      await alert.waitFor({ timeout: 10_000 });
      const text = (await alert.textContent()) ?? "";
      check(`${what}: it says what to do`, says.test(text) ? undefined : text);
    });
  await refused(
    "no permission",
    { flags: ["--use-fake-device-for-media-stream", "--deny-permission-prompts"], permissions: [] },
    /does not let this page use the microphone/,
  );
  await refused(
    "no microphone",
    { flags: [], permissions, initScript: takeMicrophoneAway },
    /No microphone was found/,
  );
}

/** Runs in the page before its own scripts: what a browser answers on a machine without a microphone. */
function takeMicrophoneAway() {
  navigator.mediaDevices.getUserMedia = () =>
    Promise.reject(new DOMException("Requested device not found", "NotFoundError"));
}
