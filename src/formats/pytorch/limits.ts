/** @file Limits of what a PyTorch file may claim. Browser-safe. */

/** The description of a network's tensors takes some hundred bytes for each; larger ones are refused. */
export const LONGEST_PICKLE = 16 * 2 ** 20;

/** PyTorch's own limit of axes. */
export const MOST_AXES = 64;

/**
 * Tensors may share storage, as tied weights do: all together may have this many times the elements that are stored. Others make
 * much of little.
 */
export const MOST_SHARING = 8;

/** Checkpoints nest state dicts in one or two dictionaries. */
export const DEEPEST_STATE_DICT = 4;
