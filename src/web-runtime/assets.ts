/** @file The files that the elements' script needs, beside it. `assets-inline.ts` has them within the page. */
import type { Plan } from "./plan.ts";

/** Starts the worker of a model of sound or pictures. */
export function startModelWorker(kind: Plan["input"]["kind"]): Worker {
  // Bundlers look for these very expressions, and take the files along.
  return kind === "sound"
    ? new Worker(new URL("./auricle-sound.js", import.meta.url), { type: "module" })
    : new Worker(new URL("./auricle-picture.js", import.meta.url), { type: "module" });
}

/** Returns the address of the script that takes samples off the audio thread. */
export function recorderAddress(): string {
  return new URL("./auricle-recorder.js", import.meta.url).href;
}
