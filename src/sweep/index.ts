/** @file Sweeps: many trainings of one search, side by side, and the best of them. Node only. */

export {
  runSweep,
  type Entry,
  type SweepControls,
  type SweepEvent,
  type SweepOutcome,
  type SweepResult,
  type TestFigures,
} from "./run-sweep.ts";
export { compareScores, type Score, type SweepMetric } from "./scores.ts";
export { readSweep, type Sweep } from "./sweep-file.ts";
export { SWEEP_FILES } from "./sweep-folder.ts";
