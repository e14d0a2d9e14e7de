import { AuricleError } from "../errors.ts";
import { checkArray, dtypeOf, type NumericArray } from "../tensor/array.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Graph } from "./graph.ts";
import type { ProgramReport } from "./device.ts";

/** A point at which a program hands numbers over: why, and how many. */
export interface HandOverPoint {
  readonly handOver?: string | undefined;
  readonly writes: readonly { readonly words: number }[];
}

/** A program that can wait as it runs. */
export interface PausingProgram {
  /** The parts that it hands over, in its order. */
  readonly handOvers: readonly HandOverPoint[];
  /**
   * Runs the program, a part each time that it is asked for the next. In between it has handed over what it yields: numbers in its own
   * memory, which may be replaced until the next part begins. A program that is simply run leaves them as they are.
   */
  parts(): Iterable<Float32Array>;
}

/** A compiled graph with its inputs and outputs by number. */
export interface CompiledGraph {
  readonly report: ProgramReport;
  /** Copies an argument in. @throws AuricleError "shape" */
  setInput(index: number, array: NumericArray): void;
  /** An input's memory, to be written in place; valid until the arena's next growth. */
  inputView(index: number): Float32Array | Int32Array;
  run(): void;
  /** The same program, which can wait as it runs. Absent for the target reference, which computes in one go. */
  readonly pausing?: PausingProgram;
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
