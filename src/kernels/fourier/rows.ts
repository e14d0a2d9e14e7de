/** @file Between rows of memory, one for each lane, and scratch memory whose vectors hold one column of all rows. */
import type { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression } from "../../machine/ir.ts";
import { FLOAT_BYTES } from "../kernel.ts";

/** Visits squares of `lanes` columns, then those that are left. */
function forEachSquare(
  k: KernelBuilder,
  columns: number,
  visit: (columnBytes: IntExpression | number, count: number) => void,
): void {
  const { lanes } = k.machine;
  const squareBytes = lanes * FLOAT_BYTES;
  const full = Math.floor(columns / lanes);
  k.loop(0, full * squareBytes, squareBytes, (bytes) => visit(bytes, lanes));
  if (columns % lanes > 0) visit(full * squareBytes, columns % lanes);
}

/** Copies scratch vectors 0 … columns - 1 to the rows. */
export function storeRows(
  k: KernelBuilder,
  scratch: IntExpression,
  rows: readonly IntExpression[],
  columns: number,
): void {
  const { lanes } = k.machine;
  forEachSquare(k, columns, (bytes, count) => {
    const from = k.intVariable(k.add(scratch, k.multiply(bytes, lanes)));
    const square = Array.from({ length: lanes }, (_, i) =>
      k.vectorVariable(i < count ? k.load(from, i * lanes * FLOAT_BYTES) : k.constant(0)),
    );
    k.transpose(square);
    rows.forEach((row, lane) => k.store(k.add(row, bytes), 0, square[lane], count));
  });
}

/** Copies the rows' columns 0 … columns - 1 to scratch vectors. */
export function loadRows(
  k: KernelBuilder,
  rows: readonly IntExpression[],
  scratch: IntExpression,
  columns: number,
): void {
  const { lanes } = k.machine;
  forEachSquare(k, columns, (bytes, count) => {
    const to = k.intVariable(k.add(scratch, k.multiply(bytes, lanes)));
    const square = rows.map((row) => k.vectorVariable(k.load(k.add(row, bytes), 0, count)));
    k.transpose(square);
    for (let i = 0; i < count; i++) k.store(to, i * lanes * FLOAT_BYTES, square[i]);
  });
}

/**
 * Addresses of the rows that a block of `lanes` begins with: of row `first`, `first` + 1 … of `count`. Lanes beyond the
 * last row do it once more, so that no lane needs a mask.
 */
export function rowNumbers(k: KernelBuilder, first: IntExpression, count: number): IntExpression[] {
  return Array.from({ length: k.machine.lanes }, (_, lane) =>
    k.intVariable(k.minimum(k.add(first, lane), count - 1)),
  );
}
