/** @file The parts that need no file system; model-file.ts has the others. */
export { modelFromBytes, modelToBytes, type LoadOptions, type SaveOptions } from "./model-bytes.ts";
