/** @file The faults of files and exports: they are said in the element, read out, and told by an event, and what was there before works on. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tones, wavOf } from "../studio-check/sounds.mjs";
import { longRecording, picture } from "./models.mjs";
import { choose, drop, openPage, serving, STRICT } from "./pages.mjs";

/** Waits for the event of an error, and for the same text as an alert. @returns a problem unless it says what it should */
async function refusal(page, says) {
  const alert = page.getByRole("alert");
  await alert.waitFor({ timeout: 20_000 });
  const { kind, detail } = await page.anyEvent();
  const text = (await alert.textContent()) ?? "";
  if (kind !== "error") return `the event ${kind} instead of an error`;
  if (detail.message !== text) return `the event says "${detail.message}", the element "${text}"`;
  return says.test(text) ? undefined : text;
}

export async function checkFaults({ browser, folder, check }) {
  await checkFiles({ browser, folder, check });
  await checkBrokenExports({ browser, folder, check });
}

async function checkFiles({ browser, folder, check }) {
  await serving(join(folder, "sound-web"), STRICT, async (address) => {
    const context = await browser.newContext({ serviceWorkers: "block" });
    const page = await openPage(context, address);
    await page.event("ready");
    const wav = wavOf(tones(8000, 1, [440]), 8000);
    for (const [name, content, says] of [
      ["words.txt", Buffer.from("no sound at all"), /words\.txt/],
      ["empty.flac", Buffer.alloc(0), /empty\.flac/],
      ["cut.wav", wav.subarray(0, 30), /cut\.wav/],
      ["picture.png", Buffer.from(picture()), /picture\.png/],
    ]) {
      await page.setFile(name, content);
      check(`${name}: refused by its name`, await refusal(page, says));
    }
    await drop(page, [
      ["a.wav", wav],
      ["b.wav", wav],
    ]);
    check("two files at once are refused", await refusal(page, /One file at a time; 2 were dropped/));
    await page.evaluate(() => document.querySelector("auricle-classifier").setAttribute("max-seconds", "20"));
    await page.setFile("long.wav", longRecording());
    check(
      "a recording that is too long is refused",
      await refusal(page, /long\.wav: .*the most that this page takes/),
    );
    const { classes } = await choose(page, "good.wav", wav);
    check(
      "after all that a recording is heard",
      classes.length === 3 ? undefined : `${classes.length} classes`,
    );
    check("its alert is gone", (await page.getByRole("alert").count()) === 0 ? undefined : "it stays");
    // The newest question is answered, and none of those before.
    const answers = await page.evaluate(
      async (bytes) => {
        const element = document.querySelector("auricle-classifier");
        const file = () => new File([new Uint8Array(bytes)], "a.wav");
        const asked = Array.from({ length: 5 }, () => element.predict(file()));
        return (await Promise.allSettled(asked)).map(({ status, reason }) => reason?.code ?? status);
      },
      [...wav],
    );
    check(
      "of five questions at once the last is answered, and the others are cancelled",
      answers.at(-1) === "fulfilled" &&
        answers.slice(0, -1).every((one) => ["cancelled", "fulfilled"].includes(one))
        ? undefined
        : answers.join(),
    );
    check("faults: nothing went wrong in the page", page.problems(/Service Worker registration blocked/));
    await context.close();
  });
}

/** Exports that are broken in one way each: what breaks them, and what is then said. */
const BROKEN = {
  "a plan that is cut off": [(model) => cut(join(model, "model.json")), /not JSON/],
  "a plan of another kind": [(model) => writeFileSync(join(model, "model.json"), "{}"), /no model that/],
  "a plan of another version": [
    (model) => change(join(model, "model.json"), /"version":\d+/, '"version":99'),
    /version 99/,
  ],
  "weights that are cut off": [(model) => cut(binaryOf(model)), /not the file that was exported.*instead of/],
  "weights with one byte changed": [(model) => flip(binaryOf(model)), /SHA-256/],
  "weights that are missing": [
    (model) => change(join(model, "model.json"), /model-\w{8}\.bin/, "nowhere.bin"),
    /404/,
  ],
};

async function checkBrokenExports({ browser, folder, check }) {
  const context = await browser.newContext({ serviceWorkers: "block" });
  for (const [number, [what, [damage, says]]] of Object.entries(BROKEN).entries()) {
    const broken = join(folder, `broken-${number}`);
    cpSync(join(folder, "sound-web"), broken, { recursive: true });
    damage(join(broken, "model"));
    await serving(broken, STRICT, async (address) => {
      const page = await openPage(context, address);
      check(what, await refusal(page, says));
      await page.close();
    });
  }
  await serving(join(folder, "pictures-web"), {}, async (address) => {
    const page = await openPage(context, address);
    await page.event("ready");
    for (const [src, element, says] of [
      ["model/", "auricle-classifier", /this is a model of pictures: use <auricle-image-classifier>/],
      [
        "nowhere/",
        "auricle-image-classifier",
        /nowhere\/model\.json: the model cannot be loaded: the server answers 404/,
      ],
      ["#nothing", "auricle-image-classifier", /no element with the id "nothing"/],
    ]) {
      await page.evaluate(
        ([name, address]) => {
          const made = document.createElement(name);
          made.setAttribute("src", address);
          document.querySelector("main").replaceChildren(made);
        },
        [element, src],
      );
      check(`<${element} src="${src}">`, await refusal(page, says));
    }
    await page.close();
  });
  await context.close();
}

function binaryOf(model) {
  return join(model, JSON.parse(readFileSync(join(model, "model.json"), "utf8")).binary.file);
}

function cut(path) {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length / 2));
}

function flip(path) {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(path, bytes);
}

function change(path, from, to) {
  const before = readFileSync(path, "utf8");
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${path}: has no ${from} to break`);
  writeFileSync(path, after);
}
