/** @file Paths written as addresses. Node only; `file-url-browser.ts` is the same for browsers. */
export { fileURLToPath } from "node:url";
