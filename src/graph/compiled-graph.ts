import { AuricleError } from "../errors.ts";
import { checkArray, dtypeOf, type NumericArray } from "../tensor/array.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Graph } from "./graph.ts";
import type { ProgramReport } from "./device.ts";

/** Numbers that a program hands over at one point. */
export interface HandOverPoint {
  readonly purpose: string;
  /** How many. */
  readonly words: number;
}

/**
 * Takes what a program hands over.
 * @param numbers in the program's own memory, valid until the promise settles
 * @param index of the point among the program's
 */
export type HandOver = (numbers: Float32Array, index: number) => Promise<void>;

/** A compiled graph with its inputs and outputs by number. */
export interface CompiledGraph {
  readonly report: ProgramReport;
  /** Copies an argument in. @throws AuricleError "shape" */
  setInput(index: number, array: NumericArray): void;
  /** An input's memory, to be written in place; valid until the arena's next growth. */
  inputView(index: number): Float32Array | Int32Array;
  run(): void;
  /** The numbers that the program hands over as it runs, in their order: see {@link HandOver}. */
  readonly handOvers: readonly HandOverPoint[];
  /**
   * Runs the program, and waits wherever it hands numbers over. {@link run} leaves them as they are.
   * @param handOver may write others in their place
   */
  runHandingOver(handOver: HandOver): Promise<void>;
  /** A copy of an output. */
  output(index: number): NumericArray;
}

/** @throws AuricleError "shape" when an argument is not what the graph was traced with. */
export function checkInput(graph: Graph, index: number, array: NumericArray): void {
  const tensor = graph.inputs[index];
  if (!tensor) {
    throw new AuricleError("argument", `compiled function: takes ${graph.inputs.length} arguments; got more`);
  }
  if (!sameShape(tensor.shape, array.shape) || tensor.dtype !== dtypeOf(array)) {
    throw new AuricleError(
      "shape",
      `compiled function: argument ${index} must be ${tensor.dtype} ${formatShape(tensor.shape)}; got ${dtypeOf(array)} ${formatShape(array.shape)}`,
    );
  }
  checkArray(array, `compiled function: argument ${index}`);
}
