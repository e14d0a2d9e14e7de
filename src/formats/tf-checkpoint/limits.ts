/** @file How large an index may be. Networks with more would not fit into the engine's memory. Browser-safe. */

/** Bytes of an index file; that of a network with 10,000 variables has about 500 kB. */
export const LARGEST_INDEX = 64 * 2 ** 20;

/** Bytes of a variable's name: keys share their beginnings, so that a small file could name very long ones. */
export const LONGEST_NAME = 4096;

/** Variables, the optimizer's included. */
export const MOST_VARIABLES = 1_000_000;

/** Axes of a variable; TensorFlow's own limit is 254. */
export const MOST_AXES = 32;

/** Data files of one checkpoint. */
export const MOST_SHARDS = 1000;

/** Numbers of a variable. */
export const LARGEST_VARIABLE = 2 ** 31;
