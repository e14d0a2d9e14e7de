/** @file Applies a transform along both axes of a square of vectors. */
import type { Int, KernelBuilder } from "../../../machine/builder.ts";
import type { IntExpression, IntVariable, VectorExpression } from "../../../machine/ir.ts";
import { FLOAT_BYTES } from "../../kernel.ts";
import type { Transform } from "./transforms.ts";

/** Where the vectors of a square lie. */
export interface Square {
  /** The address of the first row. */
  readonly address: Int;
  /** The bytes from one row to the next. */
  readonly rowBytes: Int;
  /** Loads a vector of the row at an address. */
  readonly load: (row: IntVariable, column: number) => VectorExpression;
}

/** Scratch that {@link transformSquare} needs. */
export function squareBytes({ inputs, outputs }: Transform, lanes: number): number {
  return inputs * outputs * lanes * FLOAT_BYTES;
}

/**
 * Transforms the rows of a square into scratch memory, then the columns of the result. Two short loops instead of an
 * unrolled transform, which takes four times as long to generate; and an intermediate square of 36 vectors
 * does not fit the registers anyway.
 * @param visit stores a column of results, given from the first row to the last; it is called once, for code that runs
 *   for each of the first `columns` columns in turn
 */
export function transformSquare(
  k: KernelBuilder,
  transform: Transform,
  { address, rowBytes, load }: Square,
  scratch: IntExpression,
  visit: (values: readonly VectorExpression[]) => void,
  columns: Int = transform.outputs,
): void {
  const { inputs, outputs } = transform;
  const vectorBytes = k.machine.lanes * FLOAT_BYTES;
  const lineBytes = outputs * vectorBytes;
  const indices = Array.from({ length: inputs }, (_, i) => i);
  const row = k.intVariable(address);
  const line = k.intVariable(scratch);
  k.loop(0, inputs, 1, () => {
    const values = indices.map((column) => k.let(load(row, column)));
    transform.apply(k, values).forEach((value, i) => k.store(line, i * vectorBytes, value));
    k.increment(row, rowBytes);
    k.increment(line, lineBytes);
  });
  const column = k.intVariable(scratch);
  k.loop(0, columns, 1, () => {
    visit(
      transform.apply(
        k,
        indices.map((i) => k.let(k.load(column, i * lineBytes))),
      ),
    );
    k.increment(column, vectorBytes);
  });
}
