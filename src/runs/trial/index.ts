/** @file Trials of a training, of which no run is kept. Browser-safe. */

export { dryRun } from "./dry-run.ts";
export { learningRateTrial } from "./learning-rate.ts";
export { overfitTrial } from "./overfit.ts";
