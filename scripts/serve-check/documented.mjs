/** @file Runs what docs/serving.md shows, as it stands there, against servers that are started as it says. */

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import * as schemas from "../../dist/serve/schemas.js";
import { findBrowser, runInBrowser } from "../browser-check/chromium.mjs";
import { makePhotos } from "../package-check/readme.mjs";
import { auricle as COMMAND, root } from "../setup.mjs";
import { chordFile, RATE, seeded } from "./inputs.mjs";
import { startServer } from "./server.mjs";

const PAGE = join(root, "docs", "serving.md");

/** The address of the page's examples: the server's usual one. */
const ADDRESS = "http://127.0.0.1:8080";

/** Commands that other checks run, or that need what is not here. */
const ELSEWHERE = [/^docker /, /^node scripts\/serve-check\.mjs/, /^npm run /];

/** A model that has learnt nothing, as after one epoch of a few recordings, ends with 3. */
const TRAINED = [0, 3];

const MICROPHONE_FLAGS = [
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
];

const STRICTEST = {
  target: "es2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  lib: ["es2022", "dom", "dom.iterable"],
  types: ["node"],
  strict: true,
  skipLibCheck: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
};

function run(command, words, cwd, allowed = [0]) {
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    cwd,
    encoding: "utf8",
    input: "",
    env: { ...process.env, NO_COLOR: "1", PATH: `${cwd}${delimiter}${process.env.PATH}` },
  });
  if (error) throw error;
  if (!allowed.includes(status))
    throw new Error(`${command} ${words.join(" ")}: ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** The page's code: language, text, and the heading above it. */
function blocksOf(page) {
  const blocks = [];
  let heading = "";
  for (const [whole, title, language, text] of page.matchAll(/^## (.*)$|^```(\w*)\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    else if (whole) blocks.push({ language, text, heading });
  }
  return blocks;
}

/** A folder that has what the page's commands name: runs/genres, runs/photos, song.mp3, a.mp3, b.mp3, the package. */
function prepare(folder) {
  const random = seeded(3);
  for (const name of ["high", "low"]) {
    mkdirSync(join(folder, "genres", name), { recursive: true });
    for (let i = 0; i < 10; i++)
      writeFileSync(join(folder, "genres", name, `${i}.wav`), chordFile(2 * RATE, random));
  }
  makePhotos(folder);
  for (const [data, model] of [
    ["genres", "mel-cnn"],
    ["photos", "lenet5"],
  ]) {
    const words = [COMMAND, "train", data, "--model", model, "--epochs", "1", "--out", `runs/${data}`];
    run(process.execPath, words, folder, TRAINED);
  }
  for (const name of ["song", "a", "b"])
    copyFileSync(
      join(root, "tools", "oracle", "fixtures", "audio", "signal.mp3"),
      join(folder, `${name}.mp3`),
    );
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "auricle"), "junction");
  symlinkSync(join(root, "node_modules", "@types"), join(folder, "node_modules", "@types"), "junction");
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "project", private: true, type: "module" }),
  );
}

/** The lines of a block of shell commands, without comments. */
function commandsOf({ text }) {
  return text
    .split("\n")
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter(Boolean);
}

/** Whether an answer of curl has what was asked for. */
function requireAnswer(text, command) {
  const answer = JSON.parse(text);
  const parsed = [schemas.predictionSchema, schemas.predictionsSchema, schemas.modelsSchema].some(
    (schema) => schema.strict().safeParse(answer).success,
  );
  if (!parsed || answer.answers?.some(({ problem }) => problem)) throw new Error(`${command}: ${text}`);
}

/** Values of JSON are examples of what the server sends or takes. */
function requireExample(text) {
  const value = JSON.parse(text);
  const { predictionSchema, liveStartSchema, problemSchema } = schemas;
  const fits = [predictionSchema, liveStartSchema, problemSchema].filter(
    (schema) => schema.strict().safeParse(value).success,
  );
  if (fits.length !== 1) throw new Error(`this is no example of one schema: ${text}`);
}

/** Compiles a program. @returns the path of its JavaScript */
function compile(folder, name, text) {
  // As a module of its own.
  writeFileSync(join(folder, `${name}.ts`), text);
  const options = { compilerOptions: { ...STRICTEST, outDir: "out" }, files: [`${name}.ts`] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
  run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", "."], folder);
  return join(folder, "out", `${name}.js`);
}

/** Opens a page whose microphone is a generator of tones, and waits for an answer in its console. */
async function hearInPage(folder, script, browser) {
  const site = join(folder, "site");
  mkdirSync(site);
  copyFileSync(script, join(site, "page.js"));
  copyFileSync(join(root, "dist", "client", "index.js"), join(site, "client.js"));
  writeFileSync(
    join(site, "index.html"),
    `<!doctype html><script>
      const tell = (value) => fetch("/result", { method: "POST", body: JSON.stringify(value) });
      console.log = (...words) => words.includes("answer") && tell({ words });
      window.onunhandledrejection = ({ reason }) => tell({ error: String(reason) });
      window.onerror = (message) => void tell({ error: message });
    </script>
    <script type="importmap">{ "imports": { "auricle/client": "./client.js" } }</script>
    <script type="module" src="page.js"></script>`,
  );
  const { words, error } = await runInBrowser(browser, site, {}, MICROPHONE_FLAGS);
  if (error) throw new Error(error);
  return words.join(" ");
}

/** Runs `use` while a server runs that a line of the page starts. */
async function whileServing(line, folder, use) {
  // Pages come from a server of this check.
  const [program, command, ...words] = line.replace(/(?<=--cors )\S+/, "*").split(" ");
  if (program !== "./auricle" || command !== "serve") throw new Error(`not a server's start: ${line}`);
  const server = await startServer(words, { cwd: folder });
  try {
    if (server.address !== ADDRESS) throw new Error(`${line} serves at ${server.address}, not at ${ADDRESS}`);
    await use();
  } finally {
    server.child.kill("SIGTERM");
    const { code } = await server.ended;
    if (code !== 0) throw new Error(`${line} ended with ${code}`);
  }
}

/**
 * Runs all of the page's code: a block that nothing here knows how to run is a failure.
 * @param folder an empty one @param check (name, run) runs a part, and takes its failure
 */
export async function checkDocumented(folder, check) {
  const blocks = blocksOf(readFileSync(PAGE, "utf8"));
  const of = (language) => blocks.filter((block) => block.language === language);
  const known = ["sh", "json", "ts", "python"];
  await check("all code of the page is run", () => {
    const others = blocks.filter(({ language }) => !known.includes(language));
    if (others.length > 0)
      throw new Error(`${others.map(({ language, heading }) => `${language} in ${heading}`)}`);
  });
  for (const { text, heading } of of("json")) await check(`JSON in ${heading}`, () => requireExample(text));
  await check("runs as the page has them", () => prepare(folder));
  const commands = of("sh").flatMap(commandsOf);
  const starts = commands.filter((line) => line.startsWith("./auricle serve "));
  const asks = commands.filter((line) => line.startsWith("curl "));
  await check("each command is run", () => {
    const others = commands.filter(
      (line) => !starts.includes(line) && !asks.includes(line) && !ELSEWHERE.some((one) => one.test(line)),
    );
    if (others.length > 0 || asks.length === 0) throw new Error(others.join("\n"));
  });
  const programs = of("ts").map(({ text }, i) => ({
    text,
    name: `program${i}`,
    isPage: text.includes("AudioContext"),
  }));
  for (const line of starts) {
    await check(line, () =>
      whileServing(line, folder, async () => {
        for (const ask of asks)
          await check(ask, () =>
            requireAnswer(run("sh", ["-c", `${ask} --silent --show-error`], folder), ask),
          );
        for (const { text, heading } of of("python")) {
          await check(`Python in ${heading}`, () => {
            writeFileSync(join(folder, "ask.py"), text);
            return run("python3", ["ask.py"], folder).trim();
          });
        }
        for (const { text, name, isPage } of programs) {
          await check(`TypeScript: ${text.split("\n").at(-2)}`, async () => {
            const script = compile(folder, name, text);
            if (!isPage) return run(process.execPath, [script], folder).trim();
            if (!line.includes("--cors")) return "compiled";
            const browser = findBrowser();
            return browser
              ? hearInPage(folder, script, browser)
              : "compiled; there is no Chromium that could run it";
          });
        }
      }),
    );
  }
}
