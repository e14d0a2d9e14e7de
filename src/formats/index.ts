/** @file `auricle/formats`: files of other programs. Browser-safe. */
export * from "./npy/index.ts";
export * from "./pytorch/index.ts";
export * from "./tf-checkpoint/index.ts";
