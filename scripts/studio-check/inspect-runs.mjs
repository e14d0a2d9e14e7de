/** @file The inspector on runs of every task: maps of examples, strongest places, filters that are heard, what excites a unit, times. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeRuns, writeTones } from "./runs.mjs";
import { startStudio } from "./serve.mjs";
import { difference, distance, numberIn } from "./studio.mjs";
import { axeFaults, overflowOf } from "./views.mjs";

/** Milliseconds for a first answer on a busy machine. */
const PATIENCE = 60_000;

export async function checkRuns({ studio, check, screenshots }) {
  const folder = mkdtempSync(join(tmpdir(), "auricle-studio-runs-"));
  const [runs, data] = [join(folder, "runs"), join(folder, "data")];
  mkdirSync(runs);
  let server;
  try {
    const failed = await makeRuns(runs, data);
    check("runs: they were trained", failed.length === 0 ? undefined : `${failed.join(", ")} failed`);
    server = await startStudio(runs);
    const given = { studio, server, runs, data, check, screenshots };
    for (const part of [checkDigits, checkTags, checkNumbers, checkWaves, checkManyMaps]) {
      try {
        await part(given);
      } catch (error) {
        check(`runs: ${part.name}`, error instanceof Error ? (error.stack ?? error.message) : String(error));
      }
    }
  } finally {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens the inspector on a run. */
async function inspect({ studio, server }, query, options = {}) {
  const context = await studio.browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !/favicon/.test(message.text())) problems.push(message.text());
  });
  await page.addInitScript(watchTasks);
  await page.goto(`${server.address}#/inspect?${query}`);
  await page.locator("ol[aria-label^=Layers]").waitFor({ timeout: PATIENCE });
  // Loading is told by the checks of the first view.
  await page.evaluate(() => (globalThis.longest = 0));
  return {
    page,
    problems: () => (problems.length === 0 ? undefined : problems.join("; ")),
    close: () => context.close(),
  };
}

/** Runs in the page: the longest task of its thread. */
function watchTasks() {
  globalThis.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
  }).observe({ type: "longtask" });
}

async function tellTasks(page, what) {
  console.log(
    `${what}: longest task of the page's thread ${await page.evaluate(() => globalThis.longest)} ms`,
  );
}

/** Pictures and classes: the map of the test part, strongest places as Node.js finds them, an input that is made, times. */
async function checkDigits(given) {
  const { runs, check } = given;
  const { page, problems, close } = await inspect(given, "run=digits");

  await page.getByText(/all threads together, the\s+mean\s+of\s+\d+/).waitFor({ timeout: PATIENCE });
  await page.getByText("All layers as a table").click();
  const cells = await page
    .locator("table[aria-label='Layers as a table'] tbody td:nth-child(6)")
    .allTextContents();
  const measured = cells.filter((text) => /^[\d.,]+ (ms|µs)$/.test(text.trim()));
  check(
    "digits: layers have times, those with multiply-adds among them",
    measured.length >= 3 && cells.every((text) => !text.includes("…")) ? undefined : cells.join(", "),
  );

  const section = page.locator("section[aria-label=Examples]");
  await section.getByRole("button", { name: "The test part of digits" }).click();
  const plot = section.getByRole("application", { name: /as the network sees them/ });
  await plot.waitFor({ timeout: PATIENCE });
  const rows = await section
    .locator("table tbody tr")
    .evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll("td")].map(({ textContent }) => textContent)),
    );
  const { classNames } = JSON.parse(readFileSync(join(runs, "digits", "config.json"), "utf8"));
  const { test } = JSON.parse(readFileSync(join(runs, "digits", "predictions.json"), "utf8"));
  const expected = new Map(
    test.map(({ id, truth, outputs }) => [
      id,
      [classNames[truth[0]], classNames[outputs.indexOf(Math.max(...outputs))]],
    ]),
  );
  const wrong = rows.filter(([id, truth, answer]) => {
    const [right, said] = expected.get(id) ?? [];
    return truth !== right || !answer.startsWith(`${said} `);
  });
  check(
    "digits: each point has the true class and the answer of the run's own evaluation",
    rows.length > 50 && wrong.length === 0
      ? undefined
      : `${rows.length} points, wrong: ${JSON.stringify(wrong[0])}`,
  );

  await plot.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("PageDown");
  const says = await section.locator("p.picked").textContent();
  check("digits: points are walked by keyboard", /answered/.test(says ?? "") ? undefined : says);
  await page.keyboard.press("Enter");
  await page.locator("section[aria-label='Input and answer']").getByText(/%/).first().waitFor();
  await section.getByLabel("UMAP").check();
  check("digits: the layout is in the address", /map=umap/.test(page.url()) ? undefined : page.url());

  await checkStrongest(given, page, rows.length);

  const made = page.locator("section[aria-label=Layer]");
  await made.getByRole("button", { name: "Make a picture for it" }).click();
  const reached = made.getByText(/reaches .* for noise/);
  await reached.waitFor({ timeout: PATIENCE });
  const [, end, begin] = /reaches (\S+) .*from (\S+) for noise/s
    .exec(await reached.textContent())
    .map(numberIn);
  check(
    "digits: what is made excites the map more than noise does",
    end > begin ? undefined : `${end} after ${begin}`,
  );
  await tellTasks(page, "digits");
  check("digits: nothing went wrong in the page", problems());
  await close();
  await lookAtForms(given, "run=digits", "digits", async (shown) => {
    const examples = shown.locator("section[aria-label=Examples]");
    await examples.getByRole("button", { name: "The test part of digits" }).click();
    await examples.getByRole("application").waitFor({ timeout: PATIENCE });
  });
}

/** Compares the strongest places among the examples with those that a session of Node.js finds. */
async function checkStrongest({ runs, data, server, check }, page, examples) {
  const layerView = page.locator("section[aria-label=Layer]");
  await layerView.getByRole("button", { name: /^In the test part of digits/ }).click();
  const list = layerView.locator("ol[aria-label^='The strongest places'] li");
  await list.first().waitFor({ timeout: PATIENCE });
  const shown = await list.first().locator("b").textContent();
  const title = await layerView.getByText(/^Where map \d+ is strongest/).textContent();
  const channel = Number(/map (\d+)/.exec(title)[1]);
  const layer = (await layerView.locator("h2").first().textContent()).split(" ")[0];

  const folder = join(data, "digits");
  mkdirSync(folder, { recursive: true });
  const index = await (await fetch(`${server.address}runs/digits/examples/index.json`)).json();
  const count = index.examples.filter(({ part }) => part === "test").length;
  const chosen = Array.from({ length: examples }, (_, i) => Math.round((i * (count - 1)) / (examples - 1)));
  const parts = [];
  for (const number of chosen) {
    const path = join(folder, `${number}.png`);
    const response = await fetch(`${server.address}runs/digits/examples/${number}`);
    writeFileSync(path, Buffer.from(await response.arrayBuffer()));
    parts.push({ path });
  }
  const { openSession } = await import("../../dist/session/index.js");
  const model = join(runs, "digits", "best.safetensors");
  const [best] = await openSession().strongestPlaces(model, parts, { layer, channel, count: 1 }).result();
  check(
    "digits: the strongest place among the examples is that of a session in Node.js",
    distance(numberIn(shown), best.value, 0.006 * Math.abs(best.value)),
  );
  check(
    "digits: it is told in rows and columns",
    /rows \d+ to \d+, columns \d+ to \d+/.test(await list.first().textContent())
      ? undefined
      : await list.first().textContent(),
  );
}

/** Several labels: precision and recall of each tag, counts that open examples. */
async function checkTags(given) {
  const { runs, check } = given;
  const { page, problems, close } = await inspect(given, "run=tags");
  const table = page.locator("table[aria-label='Answers by tag'] tbody tr");
  await table.first().waitFor({ timeout: PATIENCE });
  const { classNames } = JSON.parse(readFileSync(join(runs, "tags", "config.json"), "utf8"));
  const { test } = JSON.parse(readFileSync(join(runs, "tags", "predictions.json"), "utf8"));
  const expected = classNames.map((name, tag) => {
    const count = (has, said) =>
      test.filter(({ truth, outputs }) => truth[tag] >= 0.5 === has && outputs[tag] >= 0.5 === said).length;
    const [hits, misses, alarms] = [count(true, true), count(true, false), count(false, true)];
    const percent = (part, whole) => (whole === 0 ? "–" : `${((100 * part) / whole).toFixed(0)} %`);
    return [name, percent(hits, hits + alarms), percent(hits, hits + misses), hits, misses, alarms].map(
      String,
    );
  });
  const shown = await table.evaluateAll((rows) =>
    rows.map((row) => [...row.children].map(({ textContent }) => textContent.trim())),
  );
  check("tags: precision and recall are those of the predictions", difference(shown, expected));
  await page.locator("table[aria-label='Answers by tag'] tbody button").first().click();
  await page.locator("ul[aria-label='Examples of the count'] button").first().click();
  await page.getByText("What speaks for").waitFor({ timeout: PATIENCE });
  check("tags: nothing went wrong in the page", problems());
  await close();
  await lookAtForms(given, "run=tags", "tags");
}

/** A regression: answers against the truth, by pointer and keyboard. */
async function checkNumbers(given) {
  const { runs, check } = given;
  const { page, problems, close } = await inspect(given, "run=levels");
  const section = page.locator("section[aria-label='Test part']");
  const plot = section.getByRole("application", { name: /against the true one/ });
  await plot.waitFor({ timeout: PATIENCE });
  const { test } = JSON.parse(readFileSync(join(runs, "levels", "predictions.json"), "utf8"));
  const mean =
    test.reduce((sum, { truth, outputs }) => sum + Math.abs(truth[0] - outputs[0]), 0) / test.length;
  const shown = numberIn(await section.locator(".says b").first().textContent());
  check("numbers: the mean error is that of the predictions", distance(shown, mean, 0.006 * mean));
  check(
    "numbers: the table has every example",
    difference(await section.locator("table tbody tr").count(), test.length),
  );
  await plot.focus();
  await page.keyboard.press("PageDown");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("Enter");
  await page.getByText("What makes it greater:").waitFor({ timeout: PATIENCE });
  check(
    "numbers: a point that is opened becomes the input",
    (await page.getByRole("alert").count()) === 0
      ? undefined
      : await page.getByRole("alert").first().textContent(),
  );
  const made = page.locator("section[aria-label=Layer]");
  // A chosen map stays the one that is looked at when the new input arrives.
  await made
    .getByRole("button", { name: /^Map \d+$/ })
    .first()
    .click();
  await made.getByRole("button", { name: "Make a sound for it" }).click();
  await made.getByText(/reaches .* for noise/).waitFor({ timeout: PATIENCE });
  await made.getByRole("button", { name: "▶ Hear it" }).click();
  check("numbers: nothing went wrong in the page", problems());
  await close();
  await lookAtForms(given, "run=levels", "levels");
}

/** A network on waveforms: its filters, and a set of files that are dropped. */
async function checkWaves(given) {
  const { data, check } = given;
  const { page, problems, close } = await inspect(given, "run=waves");
  const filters = page.locator("section[aria-label='Filters on the waveform']");
  await filters.waitFor({ timeout: PATIENCE });
  const bank = filters.getByRole("application", { name: /Responses of the filters/ });
  await bank.waitFor({ timeout: PATIENCE });
  await bank.focus();
  await page.keyboard.press("ArrowRight");
  const frequencies = filters.getByRole("application", { name: /frequency response/ });
  const axis = (await frequencies.getAttribute("aria-label")) ?? "";
  check("waves: the response is over Hz", /Hz/.test(axis) ? undefined : axis);
  for (const name of ["▶ An impulse", "▶ Noise through it", "▶ The sound through it"]) {
    await filters.getByRole("button", { name }).click();
  }
  const failure = filters.getByRole("alert");
  check(
    "waves: filters can be heard",
    (await failure.count()) === 0 ? undefined : await failure.textContent(),
  );

  const { folder, files } = await writeTones(join(data, "set"), 4);
  const section = page.locator("section[aria-label=Examples]");
  await section.getByLabel("Sounds from a folder…", { exact: true }).setInputFiles(folder);
  await section.getByRole("application").waitFor({ timeout: PATIENCE });
  const rows = await section.locator("table tbody tr td:nth-child(2)").allTextContents();
  check(
    "waves: a folder's files are points with the folder's names",
    difference(
      rows,
      files.map((path) => path.split("/")[0]),
    ),
  );
  const layerView = page.locator("section[aria-label=Layer]");
  await layerView.getByRole("button", { name: "In 8 files" }).click();
  const list = layerView.locator("ol[aria-label^='The strongest places'] li");
  await list.first().waitFor({ timeout: PATIENCE });
  check(
    "waves: places are told in seconds",
    /at \d\.\d+ s to \d\.\d+ s/.test(await list.first().textContent())
      ? undefined
      : await list.first().textContent(),
  );
  await list
    .first()
    .getByRole("button", { name: /^Play place/ })
    .click();
  await section.getByLabel("Sounds from files…", { exact: true }).setInputFiles([
    { name: "a.wav", mimeType: "audio/wav", buffer: Buffer.from("RIFF") },
    { name: "b.wav", mimeType: "audio/wav", buffer: Buffer.from("RIFF") },
  ]);
  await section.getByRole("alert").filter({ hasText: "none of the 2 files could be read" }).waitFor();
  check("waves: files of which none can be read are refused", undefined);
  await tellTasks(page, "waves");
  check("waves: nothing went wrong in the page", problems());
  await close();
  await lookAtForms(given, "run=waves", "waves");
}

/** A layer of hundreds of large maps: page by page, by keyboard. */
async function checkManyMaps(given) {
  const { data, check } = given;
  const path = join(data, "many.safetensors");
  const { conv2d, dense, globalAveragePooling2d, sequential } = await import("../../dist/index.js");
  const { saveModel } = await import("../../dist/node.js");
  const { imageMetadata } = await import("../../dist/image-model/index.js");
  const model = sequential([
    conv2d({ name: "many", filters: 512, kernelSize: 3, padding: "same", inputShape: [72, 72, 3] }),
    globalAveragePooling2d(),
    dense({ units: 2 }),
  ]);
  model.metadata = imageMetadata({
    task: "classification",
    classNames: ["<b>bold</b>", "plain"],
    pixels: { width: 72, height: 72, channels: 3, fit: "crop", background: [255, 255, 255] },
  });
  await saveModel(model, path);
  const { page, problems, close } = await inspect(given, "layer=many");
  await page.getByLabel("Open a model (.safetensors)…", { exact: true }).last().setInputFiles(path);
  const pages = page.getByRole("group", { name: "Pages of maps" });
  await pages.getByText("1–24 of 512 maps").waitFor({ timeout: PATIENCE });
  await page.evaluate(() => (globalThis.longest = 0));
  const next = pages.getByRole("button", { name: "Further maps" });
  await next.focus();
  for (let i = 0; i < 21; i++) await page.keyboard.press("Enter");
  await pages.getByText("505–512 of 512 maps").waitFor();
  await page.locator("ul[aria-label='Maps, the strongest first'] button").first().press("Enter");
  await page.getByText(/^Map \d+ of many: touch a unit/).waitFor();
  await tellTasks(page, "512 maps of 72 × 72");
  check(
    "many maps: names are text, never HTML",
    (await page.getByText("<b>bold</b>").count()) > 0 ? undefined : "the name of a class is not in the page",
  );
  check("many maps: nothing went wrong in the page", problems());
  await close();
}

/** Looks at a run at two widths in both themes. */
async function lookAtForms(given, query, name, prepare = async () => undefined) {
  for (const width of [390, 1440]) {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      const viewport = { width, height: width < 600 ? 844 : 900 };
      const { page, problems, close } = await inspect(given, query, { viewport, colorScheme });
      await page
        .getByText(/What (speaks for|makes it greater)/)
        .first()
        .waitFor({ timeout: PATIENCE });
      const layer = page.locator("section[aria-label=Layer]");
      await layer.getByRole("button", { name: /^In this (sound|picture)$/ }).click();
      await layer.locator("ol[aria-label^='The strongest places'] li").first().waitFor({ timeout: PATIENCE });
      await layer.getByRole("button", { name: /^Make a (sound|picture) for it$/ }).click();
      await layer.getByText(/reaches .* for noise/).waitFor({ timeout: PATIENCE });
      await prepare(page);
      const where = `${name} at ${width} px, ${colorScheme}`;
      given.check(`${where}: axe`, await axeFaults(page));
      given.check(`${where}: nothing wider than the page`, await overflowOf(page));
      given.check(`${where}: no errors`, problems());
      if (given.screenshots) {
        const file = join(given.screenshots, `inspect-${name}-${width}-${colorScheme}.png`);
        await page.screenshot({ path: file, fullPage: true });
      }
      await close();
    }
  }
}
