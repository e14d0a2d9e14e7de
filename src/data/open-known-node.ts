/** @file Opens data sets by name. Node only; `open-known-browser.ts` is the same for browsers. */

export { openKnownAudio } from "./known-audio.ts";
