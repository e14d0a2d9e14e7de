/** @file How a model is trained when nothing is said about it: numbers that depend on how much data there is. */

/**
 * Windows that an epoch has at least, so that few clips do not make epochs of two or three steps, between which there
 * would be nothing to validate.
 */
const WINDOWS_PER_EPOCH = 1000;

/** Windows of one clip in an epoch at most. */
const MOST_WINDOWS_PER_CLIP = 20;

/** Windows that a training takes in all, about, within the bounds of the epochs. */
const WINDOWS_IN_ALL = 40_000;
const EPOCHS = { least: 10, most: 40 };

/** How often each of `clips` training clips is cut in an epoch. */
export function defaultWindowsPerClip(clips: number): number {
  return Math.min(MOST_WINDOWS_PER_CLIP, Math.max(1, Math.round(WINDOWS_PER_EPOCH / clips)));
}

/** 40 epochs for up to a thousand clips; fewer, but no fewer than 10, for more. */
export function defaultEpochs(clips: number): number {
  const epochs = Math.round(WINDOWS_IN_ALL / (clips * defaultWindowsPerClip(clips)));
  return Math.min(EPOCHS.most, Math.max(EPOCHS.least, epochs));
}
