/** @file NumPy's files, .npy and .npz. Browser-safe. */
export { numbersOf, type NpyArray, type NpyData, type NpyDtype } from "./npy-array.ts";
export { openNpz, writeNpz, type NpzFile, type NpzOptions } from "./npz.ts";
export { readNpy } from "./read-npy.ts";
export { writeNpy, type WritableArray } from "./write-npy.ts";
