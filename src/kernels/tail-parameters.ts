/** @file Parameters of kernels that apply a tail to what they compute from an input and weights. */
import { KernelBuilder } from "../machine/builder.ts";
import type { IntVariable, MachineTraits } from "../machine/ir.ts";
import { FIRST_POINTER } from "./kernel.ts";
import type { Tail } from "./tail.ts";

/** Input and weights. */
const POINTERS_BEFORE = 2;

export interface TailParameters {
  /** Its pointers: input, weights, the tail's memory operands, output. */
  readonly k: KernelBuilder;
  /** Of the tail's operands; undefined for those that are not in memory. */
  readonly tailPointers: readonly (IntVariable | undefined)[];
  readonly output: IntVariable;
}

export function tailParameters(tail: Tail | undefined, machine: MachineTraits): TailParameters {
  const operands = tail?.operands ?? [];
  const inMemory = operands.filter(({ source }) => source === "memory").length;
  const k = new KernelBuilder(machine, FIRST_POINTER + POINTERS_BEFORE + inMemory + 1);
  const pointers = k.parameters.slice(FIRST_POINTER + POINTERS_BEFORE);
  let next = 0;
  const tailPointers = operands.map(({ source }) => (source === "memory" ? pointers[next++] : undefined));
  return { k, tailPointers, output: pointers[next] };
}
