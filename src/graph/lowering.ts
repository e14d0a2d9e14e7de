import type { MachineTraits } from "../machine/ir.ts";
import type { Precision } from "../runtime/precision.ts";
import type { Expression } from "../kernels/expression.ts";
import type { KernelRequest } from "../kernels/requests.ts";
import type { StridedOperand } from "../kernels/strided.ts";
import type { Epilogue } from "../kernels/epilogue.ts";
import type { Buffer } from "./buffer.ts";

/** The arithmetic that a kernel computes while reading, in place of its first input, on operands strided over its shape. */
export interface Prologue {
  readonly expression: Expression;
  readonly operands: readonly StridedOperand[];
  /** The buffers of the operands, in order. */
  readonly buffers: readonly Buffer[];
}

/** The interface with which an operation of the "kernels" structure asks for its kernels. */
export interface Lowering {
  readonly machine: MachineTraits;
  readonly inputs: readonly Buffer[];
  readonly output: Buffer;
  /** The outputs to compute, its own included, for an operation that belongs to a family. */
  readonly family: ReadonlyMap<string, Buffer>;
  /** The first input of an operation that fuses prologues, in memory or not. */
  readonly prologue: Prologue | undefined;
  /** An elementwise expression to apply to each result before it is stored; only if the operation fuses epilogues. */
  readonly epilogue: Epilogue | undefined;
  /** The buffers of the epilogue's operands, in order. */
  readonly epilogueBuffers: readonly Buffer[];
  /** The precision that factors of large sums may be rounded to; the machine supports it. */
  readonly precision: Precision;
  /** Picks one of several algorithms, which then lowers the operation. */
  readonly choose: ChooseAlgorithm;
  /** Whether an input holds constants or weights that the program leaves as they are: what only they are needed for is computed once. */
  isPrepared(input: Buffer): boolean;
  /** Memory between the kernels of this operation, in words. */
  temporary(words: number): Buffer;
  /**
   * Pointers are `reads`, then `writes`. Of several calls, the one `withMultiplyAdds` does the operation's multiply-adds.
   * @param machine the traits to generate it for, if not the device's
   */
  call(
    request: KernelRequest,
    reads: readonly Buffer[],
    writes: readonly Buffer[],
    withMultiplyAdds?: boolean,
    machine?: MachineTraits,
  ): void;
}

/**
 * The machine whose vectors fit an axis that they lie along: of half as many lanes where the axis fills no more, if it has such
 * vectors.
 * @param axis how many numbers
 */
export function machineFor(axis: number, machine: MachineTraits): MachineTraits {
  const { narrower } = machine;
  return narrower && axis <= narrower.lanes ? narrower : machine;
}

/** The same lowering with the vectors of {@link machineFor}. */
export function withVectorsFor(axis: number, lowering: Lowering): Lowering {
  const machine = machineFor(axis, lowering.machine);
  if (machine === lowering.machine) return lowering;
  return {
    ...lowering,
    machine,
    call: (request, reads, writes, withMultiplyAdds) =>
      lowering.call(request, reads, writes, withMultiplyAdds, machine),
  };
}

/** One way to compute an operation. */
export interface Algorithm {
  readonly name: string;
  readonly lower: (lowering: Lowering) => void;
}

export interface Choice {
  /** Text that two choices share only if they are between the same algorithms on the same shapes. */
  readonly key: string;
  /** Those that can compute the operation; the fixed rule's comes first. One is called "direct". */
  readonly algorithms: readonly Algorithm[];
  /** The same, with the same order, on as few examples as say which is faster. */
  readonly sample: () => ChoiceSample;
}

export interface ChoiceSample {
  readonly algorithms: readonly Algorithm[];
  /** Words of each operand and of the result. */
  readonly inputs: readonly number[];
  readonly output: number;
}

export type ChooseAlgorithm = (choice: Choice) => Algorithm;
