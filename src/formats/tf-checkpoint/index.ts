/** @file TensorFlow's checkpoints. Browser-safe. */

export { readCheckpointIndex, readVariable, shardName, type Checkpoint } from "./checkpoint.ts";
