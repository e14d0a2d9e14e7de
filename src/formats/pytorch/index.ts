/** @file PyTorch's files: state dicts, and networks as Python programs. Browser-safe. */
export { exportPytorch, type PytorchExport, type PytorchOptions } from "./export-pytorch.ts";
export {
  loadStateDict,
  type LoadReport,
  type LoadStateDictOptions,
  type MatchedTensor,
  type MissingWeight,
  type UnusedTensor,
} from "./load-state-dict.ts";
export { readStateDict, type StateDict, type StateDictOptions } from "./read-state-dict.ts";
