/** @file Paths of files, as the machine writes them. Node only; `path-browser.ts` is the same for browsers. */

export { basename, dirname, extname, isAbsolute, join, parse, relative, resolve, sep } from "node:path";
