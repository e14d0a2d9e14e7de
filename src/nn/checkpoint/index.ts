/** @file The parts that need no file system; model-file.ts has the others. */
export type { LoadOptions } from "./load-options.ts";
export { modelFromBytes, modelToBytes, type SaveOptions } from "./model-bytes.ts";
