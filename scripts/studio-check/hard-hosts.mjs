/** @file Hosts and browsers that give less: no shared memory, no room to store anything, two tabs, a server asked for what it has not, damaged runs. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveFolder } from "../browser-check/chromium.mjs";
import { root } from "../setup.mjs";
import { startStudio } from "./serve.mjs";
import { difference } from "./studio.mjs";

export async function checkHardHosts({ studio, check }) {
  await checkPlainHost(studio, check);
  await checkFullStore(studio, check);
  await checkTwoTabs(studio, check);
  await checkRequests(studio, check);
  await checkDamagedRuns(studio, check);
}

/** The app's files from a host that sends no headers of its own, and has no runs. */
async function checkPlainHost(studio, check) {
  const host = await serveFolder(join(root, "dist", "studio"), {}, (_request, response) => response.end());
  try {
    const page = await studio.open("#/learn/lenet", {}, host.address);
    const isShared = await page.evaluate(() => crossOriginIsolated);
    check("a host without headers: there is no shared memory", difference(isShared, false));
    check(
      "a host without headers: the page says that there is one thread",
      (await page.getByText("on one thread here").count()) === 1 ? undefined : "it does not",
    );
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.getByText(/a second on one thread/).waitFor({ timeout: 60_000 });
    check("a host without headers: it trains", undefined);
    await page.goto(`${host.address}#/inspect`);
    await page.getByText("The sum behind it").waitFor({ timeout: 60_000 });
    check("a host without headers: the inspector works without runs", page.problems(/status of 404/));
    await page.close();
  } finally {
    host.close();
  }
}

/** A browser whose store takes nothing, as when it is full, and one that gives none, as with blocked cookies. */
async function checkFullStore(studio, check) {
  for (const [name, spoil] of [
    ["a full store", fillStore],
    ["no store", takeStoreAway],
  ]) {
    const page = await studio.open("#/", { initScript: spoil });
    const before = await page.evaluate(() => document.documentElement.dataset.theme);
    await page.getByRole("button", { name: /^Switch to/ }).click();
    const after = await page.evaluate(() => document.documentElement.dataset.theme);
    check(`${name}: the theme can be chosen`, before === after ? "it stays" : undefined);
    await page.goto(`${studio.address}#/learn/tensors?form=magnitude&window=2048&hop=256`);
    await page.getByRole("button", { name: "Check what is on the stage" }).click();
    await page.getByText("✓ Solved").waitFor({ timeout: 10_000 });
    check(`${name}: an exercise is solved for as long as the page is open`, page.problems());
    await page.close();
  }
}

/** Runs in the page before its own scripts. */
function fillStore() {
  Storage.prototype.setItem = () => {
    throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
  };
}

/** Runs in the page before its own scripts. */
function takeStoreAway() {
  Object.defineProperty(globalThis, "localStorage", {
    get() {
      throw new DOMException("Access is denied for this document.", "SecurityError");
    },
  });
}

async function checkTwoTabs(studio, check) {
  const first = await studio.open("#/learn/lenet");
  const second = await first.context().newPage();
  const problems = [];
  second.on("pageerror", (error) => problems.push(error.message));
  await second.goto(`${studio.address}#/learn/lenet`);
  for (const page of [first, second]) await page.getByRole("button", { name: "Train", exact: true }).click();
  for (const page of [first, second]) await page.getByText(/a second on/).waitFor({ timeout: 60_000 });
  check("two tabs train at the same time", first.problems() ?? problems[0]);
  await first.close();
}

/** Asks the server for paths as they would come from an attack or a fault, byte by byte. */
async function checkRequests(studio, check) {
  const { hostname, port, host } = new URL(studio.address);
  const ask = (line, headers = `Host: ${host}`) =>
    new Promise((resolve) => {
      let answer = "";
      const socket = connect(Number(port), hostname, () =>
        socket.write(`${line}\r\n${headers}\r\nConnection: close\r\n\r\n`, "latin1"),
      );
      socket.setTimeout(10_000, () => socket.destroy());
      socket.on("data", (part) => (answer += part.toString("latin1")));
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(answer));
    });
  const manifest = readFileSync(join(root, "package.json"), "utf8").slice(0, 40);
  const wrong = [];
  for (const path of hostilePaths()) {
    const answer = await ask(`GET ${path} HTTP/1.1`);
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
    const leaks = answer.includes(manifest) || answer.includes("root:x:");
    if (leaks || !(status >= 400 && status < 500))
      wrong.push(`${path.slice(0, 80)}: ${leaks ? "it leaks" : status}`);
  }
  check(
    "the server refuses paths that are none",
    wrong.length === 0 ? undefined : wrong.slice(0, 5).join("; "),
  );
  const refused = await Promise.all([
    ask("POST / HTTP/1.1"),
    ask("PUT /runs/index.json HTTP/1.1"),
    ask("DELETE /runs/ HTTP/1.1"),
    ask("GET / HTTP/1.1", "Host: example.org"),
    ask("GET / HTTP/1.1", `Host: ${host}\r\nOrigin: http://example.org`),
    ask("GET http://example.org/ HTTP/1.1", "Host: example.org"),
    ask(`GET / HTTP/1.1`, `Host: ${host}\r\nX: ${"x".repeat(100_000)}`),
  ]);
  const answered = refused.filter((answer) => /^HTTP\/1\.1 [235]/.test(answer));
  check(
    "the server refuses other methods, hosts and sites",
    answered.map((answer) => answer.slice(0, 40))[0],
  );
  check(
    "the server still answers",
    /^HTTP\/1\.1 200/.test(await ask("GET / HTTP/1.1")) ? undefined : "it does not",
  );
}

function hostilePaths() {
  const up = [
    "..",
    "%2e%2e",
    "%2E%2E",
    ".%2e",
    "%252e%252e",
    "..%2f",
    "..%5c",
    "..\\",
    "%c0%ae%c0%ae",
    "....//",
  ];
  const starts = ["", "/assets", "/runs", "/runs/x", "/objects", "/assets/%00"];
  const ends = ["package.json", "etc/passwd", "../package.json", "src/index.ts"];
  const paths = starts.flatMap((start) =>
    up.flatMap((each) => ends.map((end) => `${start}/${each}/${each}/${end}`)),
  );
  const others = [
    "/%",
    "/%zz",
    "/%00",
    "//etc/passwd",
    "/./package.json",
    "/C:/Windows/win.ini",
    "/runs/%2e",
    "/runs/index.json/x",
  ];
  return [
    ...paths,
    ...others,
    `/${"a".repeat(8000)}`,
    `/${"../".repeat(2000)}etc/passwd`,
    "/\xff\xfe",
    "/runs/\x01",
  ];
}

/** Runs whose files are damaged: the list has them or says what is wrong, and opening one says so too. */
async function checkDamagedRuns(studio, check) {
  const runs = mkdtempSync(join(tmpdir(), "auricle-studio-runs-"));
  const write = (run, files) => {
    mkdirSync(join(runs, run), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(runs, run, name), text);
  };
  write("no json", { "config.json": "{", "history.json": "[", "best.safetensors": "no model" });
  write("empty", { "config.json": "", "best.safetensors": "" });
  write("<b>bold</b>", { "config.json": "{}", "history.json": "[]", "predictions.json": "{}" });
  const server = await startStudio(runs);
  try {
    for (const name of ["no json", "empty", "<b>bold</b>", "not there", "../../etc"]) {
      const page = await studio.open(`#/inspect?run=${encodeURIComponent(name)}`, {}, server.address);
      const told = page.getByRole("alert").filter({ hasText: name });
      const isTold = await told.waitFor({ timeout: 20_000 }).then(
        () => true,
        () => false,
      );
      check(`a run that cannot be opened, ${name}: the page says so`, isTold ? undefined : "it does not");
      check(`a run that cannot be opened, ${name}: nothing else goes wrong`, page.problems(/status of 4/));
      await page.close();
    }
  } finally {
    await server.close();
    rmSync(runs, { recursive: true, force: true });
  }
}
