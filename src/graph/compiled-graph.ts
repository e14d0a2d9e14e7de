import { AuricleError } from "../errors.ts";
import { checkArray, dtypeOf, type NumericArray } from "../tensor/array.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Graph } from "./graph.ts";
import type { ProgramReport } from "./device.ts";

/** A compiled graph with its inputs and outputs by number. */
export interface CompiledGraph {
  readonly report: ProgramReport;
  /** Copies an argument in. @throws AuricleError "shape" */
  setInput(index: number, array: NumericArray): void;
  /** An input's memory, to be written in place; valid until the arena's next growth. */
  inputView(index: number): Float32Array | Int32Array;
  run(): void;
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
