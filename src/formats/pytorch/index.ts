/** @file PyTorch's files: state dicts, and networks as Python programs. Browser-safe. */
export { exportPytorch, type PytorchExport, type PytorchOptions } from "./export-pytorch.ts";
export { loadStateDict, type LoadStateDictOptions } from "./load-state-dict.ts";
export type { LoadReport, MatchedTensor, MissingWeight, UnusedTensor } from "../load-report.ts";
export { readStateDict, type StateDict, type StateDictOptions } from "./read-state-dict.ts";
