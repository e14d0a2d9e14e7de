/** @file PyTorch's files: state dicts. Browser-safe. */
export { readStateDict, type StateDict, type StateDictOptions } from "./read-state-dict.ts";
