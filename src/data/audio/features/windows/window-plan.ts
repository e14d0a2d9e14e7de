/** @file Which window each example of a data set is. Browser-safe. */

export interface WindowPlan {
  /** Number of examples. */
  readonly length: number;
  /** Index of the example's clip. */
  clipOf(example: number): number;
  /** The first frame of the example's window. */
  firstFrame(example: number): number;
  /** For the random numbers of the example's augmentation. */
  key(example: number): number;
  /** As Dataset.beginEpoch. */
  beginEpoch?(epoch: number): void;
}
