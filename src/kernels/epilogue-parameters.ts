/** @file The parameters of kernels that apply an epilogue to their results from an input and weights. */
import { KernelBuilder } from "../machine/builder.ts";
import type { IntVariable, MachineTraits } from "../machine/ir.ts";
import { FIRST_POINTER } from "./kernel.ts";
import type { Epilogue } from "./epilogue.ts";

/** Input and weights. */
const POINTERS_BEFORE = 2;

export interface EpilogueParameters {
  /** Its pointers: input and weights, or as many others, the epilogue's memory operands, output. */
  readonly k: KernelBuilder;
  /** The pointers to the epilogue's operands; undefined for those that are not in memory. */
  readonly epiloguePointers: readonly (IntVariable | undefined)[];
  readonly output: IntVariable;
}

export function epilogueParameters(
  epilogue: Epilogue | undefined,
  machine: MachineTraits,
  pointersBefore = POINTERS_BEFORE,
): EpilogueParameters {
  const operands = epilogue?.operands ?? [];
  const inMemory = operands.filter(({ source }) => source === "memory").length;
  const k = new KernelBuilder(machine, FIRST_POINTER + pointersBefore + inMemory + 1);
  const pointers = k.parameters.slice(FIRST_POINTER + pointersBefore);
  let next = 0;
  const epiloguePointers = operands.map(({ source }) => (source === "memory" ? pointers[next++] : undefined));
  return { k, epiloguePointers, output: pointers[next] };
}
