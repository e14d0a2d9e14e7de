/** @file A training behind a session: in a browser with files of a page, stopped, and gone on with after the page was opened again. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ISOLATION, runInBrowser } from "./chromium.mjs";

/** The same training in Node.js, not stopped, from files on the disk. */
async function expectedOf(work) {
  const { loadModel } = await import("auricle/node");
  const { openSession } = await import("auricle/session");
  const { comparable, OPTIONS, recordings, REQUEST, RUN } = await import("./session/training.js");
  const data = join(work, "tones");
  for (const { path, file } of recordings()) {
    mkdirSync(dirname(join(data, path)), { recursive: true });
    writeFileSync(join(data, path), file);
  }
  const session = openSession();
  const options = { ...OPTIONS, featureFolder: join(work, "features") };
  const out = join(work, RUN);
  const outcome = await session.train({ ...REQUEST, data }, { ...options, out }).result();
  const outputs = [];
  for await (const { prediction } of session.predict(out, [data], OPTIONS))
    outputs.push([...prediction.outputs]);
  const weights = (await loadModel(join(out, "best.safetensors"))).getWeights();
  return {
    ...comparable(outcome),
    weights: [...weights].map(([path, { data: values }]) => [path, [...values]]),
    outputs,
  };
}

/** @param page the folder with the bundled page */
export async function checkSession(browser, page, work, check) {
  mkdirSync(work, { recursive: true });
  try {
    const expected = await expectedOf(work);
    for (const [where, headers] of [
      ["cross-origin isolated", ISOLATION],
      ["not isolated", {}],
    ]) {
      const found = await runInBrowser(browser, page, headers).catch(({ message }) => ({ error: message }));
      const name = `Chromium, ${where}, a session`;
      if (found.error) {
        check(`${name} trains`, found.error);
        continue;
      }
      const { before, kinds, locked, explained } = found;
      const stopped = before.length === 1 && before[0].epochs === 1 && !before[0].isFinished;
      check(`${name} finds its stopped run after a reload`, stopped ? undefined : JSON.stringify(before));
      const told = ["preparing", "started", "batch", "epoch"].filter((kind) => !kinds.includes(kind));
      check(`${name} tells of its training`, told.length > 0 ? `no ${told.join(", ")}` : undefined);
      const isLocked = locked.startsWith("file: ") && locked.includes("in another tab or worker");
      check(`${name} keeps its run to itself while it trains`, isLocked ? undefined : locked);
      check(`${name} explains`, explained.every((length) => length > 0) ? undefined : explained.join());
      for (const what of ["metrics", "weights", "evaluations", "outputs"]) {
        const same = JSON.stringify(found[what]) === JSON.stringify(expected[what]);
        check(`${name}: the ${what} of Node.js, bit for bit`, same ? undefined : "they differ");
      }
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
