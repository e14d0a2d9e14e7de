/** @file Each kind of model in a page of its own, with and without isolation: its numbers are those of Node.js. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AudioModel } from "../../dist/audio-model/index.js";
import { loadModel } from "../../dist/nn/checkpoint/model-file.js";
import { ISOLATION } from "../browser-check/chromium.mjs";
import { root } from "../setup.mjs";
import { command, longRecording, picture } from "./models.mjs";
import { choose, drop, openPage, serving, STRICT } from "./pages.mjs";

/** Programs for other numbers of windows add up in another order. */
const ROUNDING = 2e-6;

const MUSIC = join(root, "src", "data", "audio", "inspect", "testing", "fixtures", "music.mp3");

/** The command's answer about a file by class. */
export async function answerOf(run, file) {
  const [line] = (await command("predict", run, file, "--json")).trim().split("\n");
  const { probabilities, values } = JSON.parse(line);
  return probabilities ?? values;
}

/** The answer of a run's model about samples, by class. @param {{ samples: number[], sampleRate: number }} heard */
export async function answerTo(run, { samples, sampleRate }) {
  const model = await loadModel(join(run, "best.safetensors"), { threads: 1, target: "wasm" });
  const listener = new AudioModel(model);
  const { outputs } = await listener.predict({ samples: Float32Array.from(samples), sampleRate });
  return Object.fromEntries(listener.classNames.map((name, i) => [name, outputs[i]]));
}

/** The largest difference between a page's prediction and the command's answer, as a problem. */
export function differenceOf({ classes }, wanted, tolerance = ROUNDING) {
  const names = Object.keys(wanted);
  if (classes.length !== names.length) return `classes ${classes.map(({ name }) => name)}, wanted ${names}`;
  for (const { name, value } of classes) {
    const scale = Math.max(1, Math.abs(wanted[name]));
    if (!(Math.abs(value - wanted[name]) <= tolerance * scale))
      return `${name}: ${value}, in Node.js ${wanted[name]}`;
  }
  return undefined;
}

export async function checkNumbers({ browser, folder, runs, check }) {
  const files = {
    "long.wav": longRecording(),
    "music.mp3": readFileSync(MUSIC),
    "stripes.png": Buffer.from(picture()),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  for (const [name, run] of Object.entries(runs)) {
    const asked = Object.keys(files).filter((file) => file.endsWith(".png") === (name === "pictures"));
    const wanted = await Promise.all(asked.map((file) => answerOf(run, join(folder, file))));
    for (const [how, headers] of [
      ["not isolated", STRICT],
      ["isolated", { ...STRICT, ...ISOLATION }],
    ]) {
      await serving(join(folder, `${name}-web`), headers, async (address) => {
        const context = await browser.newContext({ serviceWorkers: "block" });
        const page = await openPage(context, address);
        const { threads } = await page.event("ready");
        check(
          `${name}, ${how}: ${threads} threads`,
          threads > 1 === (how === "isolated") ? undefined : "wrong",
        );
        for (const [i, file] of asked.entries()) {
          const answer =
            i === 0 ? await choose(page, file, files[file]) : await dropped(page, file, files[file]);
          check(`${name}, ${how}, ${file}: the numbers of Node.js`, differenceOf(answer, wanted[i]));
        }
        check(
          `${name}, ${how}: nothing went wrong in the page`,
          page.problems(/Service Worker registration blocked/),
        );
        await context.close();
      });
    }
  }
}

async function dropped(page, name, content) {
  await drop(page, [[name, content]]);
  return page.event("prediction");
}
