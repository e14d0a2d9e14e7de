/** @file Pages of exported models in a browser that a script drives. */
import { chromium } from "playwright-core";
import { serveFolder } from "../browser-check/chromium.mjs";

/** The headers of a site that allows nothing but its own scripts. */
export const STRICT = { "Content-Security-Policy": "script-src 'self' 'wasm-unsafe-eval'" };

/** Milliseconds for an answer. */
const PATIENCE = 30_000;

/** @param {string} program @param {readonly string[]} [flags] */
export function openBrowser(program, flags = []) {
  return chromium.launch({
    executablePath: program,
    args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", ...flags],
  });
}

/** Serves a folder while something is done with its address. */
export async function serving(folder, headers, run) {
  const { address, close } = await serveFolder(folder, headers, (_, response) =>
    response.writeHead(405).end(),
  );
  try {
    return await run(address);
  } finally {
    close();
  }
}

/** Runs in the page before its own scripts: keeps the events of all elements, which come before a script could listen. */
function keepEvents() {
  globalThis.heard = [];
  const { dispatchEvent } = EventTarget.prototype;
  EventTarget.prototype.dispatchEvent = function (event) {
    if (event instanceof CustomEvent) globalThis.heard.push({ kind: event.type, detail: event.detail });
    return dispatchEvent.call(this, event);
  };
}

/**
 * Opens a page and keeps what its elements tell and what goes wrong in it.
 * @returns the page, with `event(kind)`, the next such event's detail, and `problems()`
 */
export async function openPage(context, address) {
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  await page.addInitScript(keepEvents);
  await page.goto(address);
  /** Waits for an event of some kinds, takes it and those before it away, and returns it. */
  const next = async (kinds) => {
    const handle = await page.waitForFunction(
      (wanted) => {
        const at = globalThis.heard.findIndex((one) => wanted.includes(one.kind));
        if (at < 0) return undefined;
        const [found] = globalThis.heard.splice(0, at + 1).slice(-1);
        // Arrays of numbers arrive as objects otherwise.
        return JSON.stringify(found, (_, value) => (ArrayBuffer.isView(value) ? [...value] : value));
      },
      kinds,
      { timeout: PATIENCE },
    );
    return JSON.parse(await handle.jsonValue());
  };
  /** Waits for an event of a kind and returns its detail; throws an error's message. */
  const event = async (kind) => {
    const found = await next([kind, "error"]);
    if (found.kind !== kind) throw new Error(`an error instead of ${kind}: ${found.detail.message}`);
    return found.detail;
  };
  return Object.assign(page, {
    event,
    /** Waits for an answer or an error. */
    anyEvent: () => next(["prediction", "error"]),
    /** Gives the page a file as if it had been chosen. */
    setFile: (name, content) =>
      page
        .locator("input[type=file]")
        .setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) }),
    problems: (expected) => {
      const others = problems.filter((problem) => !expected?.test(problem));
      return others.length === 0 ? undefined : others.join("; ");
    },
  });
}

/** Gives the page a file as if it had been chosen, and returns the answer. */
export async function choose(page, name, content) {
  await page.setFile(name, content);
  return page.event("prediction");
}

/** Gives the page files as if they had been dropped on its element. @param files pairs of a name and bytes */
export function drop(page, files) {
  return page.evaluate(
    (given) => {
      const transfer = new DataTransfer();
      for (const [name, bytes] of given) transfer.items.add(new File([new Uint8Array(bytes)], name));
      const element = document.querySelector("auricle-classifier, auricle-image-classifier");
      element.dispatchEvent(
        new DragEvent("dragover", { dataTransfer: transfer, cancelable: true, bubbles: true }),
      );
      element.dispatchEvent(
        new DragEvent("drop", { dataTransfer: transfer, cancelable: true, bubbles: true }),
      );
    },
    files.map(([name, content]) => [name, [...content]]),
  );
}
