/**
 * @file Checks Auricle in a browser: Vite bundles a page and examples/browser, headless Chromium trains two networks
 * in a worker, with and without memory that threads share, and the bits must be those of Node.js; and a report is opened
 * with a script in it that must not run. A session trains on files of a page, in the site's storage: `session.mjs`. Many models
 * are open in one page, and opened and dropped in turn: `memory.mjs`.
 * Sound is decoded, resampled and classified in pages of every bundler: `bundlers.mjs`.
 * Where there is no Chromium it says so.
 *
 *     node scripts/browser-check.mjs
 *
 * The environment variable CHROMIUM may name the browser's program.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { BROWSERS, findBrowser, ISOLATION, runInBrowser } from "./browser-check/chromium.mjs";
import { checkBundlers } from "./browser-check/bundlers.mjs";
import { checkMemory } from "./browser-check/memory.mjs";
import { checkSession } from "./browser-check/session.mjs";
import { root, runScript, setup } from "./setup.mjs";

/** Packages for Node.js alone, and traces of its modules. */
const FORBIDDEN = ["write-file-atomic", "env-paths", "commander", "__vite-browser-external"];

const page = join(root, "scripts", "browser-check");
const session = join(page, "session");
const memory = join(page, "memory");
const example = join(root, "examples", "browser");

/** Bundles the page of a folder into another one. Returns what is wrong with the bundle. */
async function bundle(folder, outDir, configFile = join(example, "vite.config.js")) {
  const { build, createLogger } = await import("vite");
  const complaints = [];
  const complain = (message) => {
    // Zod's comments for other bundlers are no concern of ours.
    if (!message.includes("/zod/")) complaints.push(message);
  };
  const customLogger = { ...createLogger("silent"), warn: complain, warnOnce: complain };
  const used = new Set();
  const record = {
    name: "record-modules",
    moduleParsed: ({ id }) => FORBIDDEN.filter((name) => id.includes(name)).forEach((name) => used.add(name)),
  };
  await build({
    root: folder,
    configFile,
    customLogger,
    plugins: [record],
    worker: { plugins: () => [record] },
    // How long plugins took is no warning.
    build: { outDir, emptyOutDir: true, rolldownOptions: { checks: { bundlerTimings: false } } },
  });
  return [...complaints, ...[...used].map((name) => `${name} is part of the bundle`)];
}

/** Lines of a table: the files of a bundle with their sizes. */
function sizesOf(folder) {
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(9);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => {
      const content = readFileSync(join(parentPath, name));
      return `  ${name.padEnd(28)} ${kilobytes(content.length)} ${kilobytes(gzipSync(content).length)} gzip`;
    });
}

/** Compares a run of the workload with Node.js', number by number; losses are doubles and go through JSON unchanged. */
function differenceOf(result, expected) {
  for (const network of ["lenet5", "dropout"]) {
    const [got, wanted] = [result[network], expected[network]];
    const step = wanted.losses.findIndex((loss, i) => !Object.is(loss, got.losses[i]));
    if (step >= 0)
      return `${network}, step ${step}: loss ${got.losses[step]}, in Node.js ${wanted.losses[step]}`;
    if (got.weights !== wanted.weights) return `${network}: the weights after training differ`;
  }
  return undefined;
}

let failed = 0;

function check(what, problem) {
  if (problem) failed++;
  console.log(`${problem ? "FAILED" : "ok"}: ${what}${problem ? `: ${problem}` : ""}`);
}

/** Runs the bundled page and compares what each number of threads gave. */
async function checkPage(browser, folder, { isolated, threads }, expected) {
  const where = `Chromium, ${isolated ? "cross-origin isolated" : "not isolated"}`;
  const outcome = await runInBrowser(browser, folder, isolated ? ISOLATION : {}).catch(({ message }) => ({
    error: message,
  }));
  if (outcome.error) {
    check(where, outcome.error);
    return;
  }
  const numbers = outcome.results.map((result) => result.threads);
  const asExpected = outcome.isolated === isolated && numbers.join() === threads.join();
  check(
    `${where}: threads ${numbers.join(" and ")}`,
    asExpected ? undefined : `isolated: ${outcome.isolated}, expected threads ${threads.join(" and ")}`,
  );
  for (const result of outcome.results) {
    check(`${where}, threads ${result.threads}: the bits of Node.js`, differenceOf(result, expected));
  }
}

/** A report's script and style work under its policy, and a script that came into the page does not run. */
async function checkReport(browser, folder) {
  const { probedReport } = await import("./browser-check/report.js");
  mkdirSync(folder);
  writeFileSync(join(folder, "index.html"), probedReport());
  const { answers, styled, injected, error } = await runInBrowser(browser, folder, {}).catch(
    ({ message }) => ({
      error: message,
    }),
  );
  check(
    "Chromium, a report: its script answers",
    error ?? (answers ? undefined : "a key in a chart did nothing"),
  );
  check("Chromium, a report: its style applies", error ?? (styled ? undefined : "it has no rules"));
  check("Chromium, a report: an injected script does not run", error ?? (injected ? "it ran" : undefined));
}

await runScript(async () => {
  const browser = findBrowser();
  if (!browser) {
    console.log(`not checked: none of ${BROWSERS.join(", ")} is here; CHROMIUM=… may name one`);
    return 0;
  }
  setup();
  const work = mkdtempSync(join(tmpdir(), "auricle-bundles-"));
  try {
    for (const [name, folder] of Object.entries({ example, page })) {
      const problems = await bundle(folder, join(work, name));
      check(`Vite bundles the ${name} without a warning`, problems.join("; "));
      console.log(sizesOf(join(work, name)).join("\n"));
    }
    const trained = join(work, "trained");
    const problems = await bundle(session, trained, join(session, "vite.config.js"));
    check("Vite bundles a session without a warning", problems.join("; "));
    await checkSession(browser, trained, join(work, "session"), check);
    const many = join(work, "memory");
    const complaints = await bundle(memory, many, join(session, "vite.config.js"));
    check("Vite bundles a page with many models without a warning", complaints.join("; "));
    await checkMemory(browser, many, check);
    await checkBundlers(browser, join(work, "bundlers"), check);
    await checkReport(browser, join(work, "report"));
    const { runWorkload } = await import("./browser-check/workload.js");
    const expected = await runWorkload(1);
    const several = availableParallelism() > 1 ? [1, 2] : [1];
    await checkPage(browser, join(work, "page"), { isolated: true, threads: several }, expected);
    await checkPage(browser, join(work, "page"), { isolated: false, threads: [1] }, expected);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  console.log(failed === 0 ? "browser check: all passed" : `browser check: ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
