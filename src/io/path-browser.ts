/** @file Paths of files in a browser's storage, which have `/` and begin at the root. `path-node.ts` is the same for Node.js. */

export { basename, dirname, extname, isAbsolute, join, parse, relative, resolve, sep } from "pathe";
