/** @file Sweeps: many trainings of one search, side by side, and the best of them. Node only. */

export { runSweepOnRanks } from "./run-on-ranks.ts";
export { runSweep } from "./run-sweep.ts";
export type { SweepControls, SweepEvent, SweepOutcome } from "./sweep-events.ts";
export { proposeSweep, type ProposalFacts } from "./propose.ts";
export { METRIC_NAMES, type Score, type SweepMetric } from "./scores.ts";
export { SWEEP_SCHEMA_PLACE } from "./schema.ts";
export { readSweep, type Sweep } from "./sweep-file.ts";
export type { Entry, SweepResult, TestFigures } from "./sweep-result.ts";
export { SWEEP_FILES } from "./sweep-folder.ts";
export { testedFigures } from "./tested.ts";
