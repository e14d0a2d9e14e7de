/** @file Opens data sets by name. Node only; `open-known-browser.ts` is the same for browsers. */

export { openKnownImages } from "./images/known-images.ts";
export { openKnownAudio } from "./known-audio.ts";
