/** @file Trainings behind a session: in a browser with files of a page, stopped, and gone on with after the page was opened again. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runInBrowser } from "./chromium.mjs";

/** The same trainings in Node.js, not stopped, from files on the disk. */
async function expectedOf(work) {
  const { loadModel } = await import("auricle/node");
  const { openSession } = await import("auricle/session");
  const { comparable, OPTIONS, outputsOf, TRAININGS } = await import("./session/training.js");
  const session = openSession();
  const expected = {};
  for (const [name, { files, request }] of Object.entries(TRAININGS)) {
    const data = join(work, name);
    for (const { path, file } of files()) {
      mkdirSync(dirname(join(data, path)), { recursive: true });
      writeFileSync(join(data, path), file);
    }
    const options = { ...OPTIONS, featureFolder: join(work, "features"), out: join(work, "runs", name) };
    const outcome = await session.train({ ...request, data }, options).result();
    const weights = (await loadModel(join(options.out, "best.safetensors"))).getWeights();
    expected[name] = {
      ...comparable(outcome),
      weights: [...weights].map(([path, { data: values }]) => [path, [...values]]),
      outputs: await outputsOf(session, options.out, data),
    };
  }
  return expected;
}

/** @param page the folder with the bundled page */
export async function checkSession(browser, page, work, check) {
  mkdirSync(work, { recursive: true });
  try {
    const expected = await expectedOf(work);
    const { store } = await import("../../dist/io/store/store-node.js");
    const { APP_HEADERS } = await import("../../dist/cli/studio/headers.js");
    const { storeProblems } = await import("./session/store.js");
    const problems = await storeProblems(store, join(work, "store"));
    check("Node.js keeps files as a store does", problems.length > 0 ? problems.join("; ") : undefined);
    for (const [where, headers] of [
      ["cross-origin isolated, under the studio's policy", APP_HEADERS],
      ["not isolated", {}],
    ]) {
      const found = await runInBrowser(browser, page, headers).catch(({ message }) => ({ error: message }));
      const name = `Chromium, ${where}, a session`;
      if (found.error) check(`${name} trains`, found.error);
      else compare(name, found, expected, check);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function compare(name, { before, store, ...found }, expected, check) {
  // The message to stop may come an epoch late.
  const stopped = before.filter(({ epochs, isFinished }) => epochs > 0 && !isFinished);
  const all = stopped.length === Object.keys(expected).length;
  check(
    `${name} finds a stopped run and a killed one after a reload`,
    all ? undefined : JSON.stringify(before),
  );
  check(`${name} keeps files as Node.js does`, store.length > 0 ? store.join("; ") : undefined);
  for (const [data, { kinds, locked, asked, ...figures }] of Object.entries(found)) {
    const told = ["preparing", "started", "batch", "epoch"].filter((kind) => !kinds.includes(kind));
    check(`${name} tells of its training on ${data}`, told.length > 0 ? `no ${told.join(", ")}` : undefined);
    const isAnswered = [asked.layers, ...asked.maps, ...asked.outputs].every((length) => length > 0);
    const isSame = JSON.stringify(asked.weights) === JSON.stringify(figures.weights);
    check(
      `${name} explains and inspects the page's model of ${data}`,
      isAnswered && isSame && asked.maps.length > 2
        ? undefined
        : JSON.stringify({ ...asked, weights: isSame }),
    );
    const isLocked = locked.startsWith("file: ") && locked.includes("in another tab or worker");
    check(`${name} keeps its run on ${data} to itself while it trains`, isLocked ? undefined : locked);
    for (const what of ["weights", "outputs"]) {
      const equal = JSON.stringify(figures[what]) === JSON.stringify(expected[data][what]);
      check(`${name} on ${data}: the ${what} of Node.js, bit for bit`, equal ? undefined : "they differ");
    }
    for (const what of ["metrics", "evaluations"]) {
      const problem = firstDifference(figures[what], expected[data][what], what);
      check(`${name} on ${data}: the ${what} of Node.js, but for the last place of logarithms`, problem);
    }
  }
}

/** Versions of V8 have logarithms that differ in their last place; the losses of whole files are sums of such. */
const LARGEST_ERROR = 1e-14;

/** Where two values of JSON differ, in words; undefined where nowhere. */
function firstDifference(came, wanted, where) {
  if (typeof wanted === "number" && typeof came === "number") {
    const isNear = Math.abs(came - wanted) <= LARGEST_ERROR * Math.abs(wanted);
    return isNear ? undefined : `${where}: ${came}, in Node.js ${wanted}`;
  }
  if (typeof wanted !== "object" || wanted === null || typeof came !== "object" || came === null) {
    return came === wanted ? undefined : `${where}: ${came}, in Node.js ${wanted}`;
  }
  const keys = new Set([...Object.keys(came), ...Object.keys(wanted)]);
  for (const key of keys) {
    const problem = firstDifference(came[key], wanted[key], `${where}.${key}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
