/** @file Many models in one page: memory that threads share takes addresses, of which a page has few. */
import { availableParallelism } from "node:os";
import { ISOLATION, runInBrowser } from "./chromium.mjs";

/** Flags with which a page takes the browser for a phone's, where arenas reserve less. */
const PHONE = [
  "--user-agent=Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
];

/** @param page the folder with the bundled page */
export async function checkMemory(browser, page, check) {
  for (const [where, flags] of Object.entries({ "a computer": [], "a phone": PHONE })) {
    const name = `Chromium, isolated, many models on ${where}`;
    const found = await runInBrowser(browser, page, ISOLATION, flags).catch(({ message }) => ({
      error: message,
    }));
    if (found.error) {
      check(name, found.error);
      continue;
    }
    const { isolated, ...threads } = found;
    const wanted = { page: 1, worker: availableParallelism() > 1 ? 2 : 1 };
    for (const [thread, count] of Object.entries(wanted)) {
      const { threads: used, together, inTurn, answers, growing, failure } = threads[thread];
      const cell = `${name}, ${thread}: ${together} open at once, ${inTurn} in turn`;
      const asExpected = isolated && used === count && answers === 1 && growing === 1;
      check(cell, failure ?? (asExpected ? undefined : JSON.stringify(found)));
    }
  }
}
