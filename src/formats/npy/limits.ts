/** @file Limits of what an .npy file may claim. Browser-safe. */

/** NumPy's own limit of axes. */
export const MOST_AXES = 64;

/** Headers have some hundred bytes; NumPy itself reads 10,000. */
export const LONGEST_HEADER = 2 ** 16;

/** Elements of text take up to 4 bytes a letter, as long as the longest of the array. */
export const LONGEST_TEXT = 2 ** 16;
