/** @file The results [rows, columns] of a product of few rows, in memory. */
import type { KernelBuilder } from "../../../machine/builder.ts";
import type { IntExpression, IntVariable } from "../../../machine/ir.ts";
import type { Epilogue } from "../../epilogue.ts";
import { FLOAT_BYTES } from "../../kernel.ts";
import { TileEpilogue } from "../../tile-epilogue.ts";

export interface ResultSizes {
  readonly rows: number;
  readonly columns: number;
}

/** Neighbouring results of one row. */
export interface ResultPlace {
  readonly address: IntExpression;
  readonly offset: number;
  readonly count: number;
  readonly row: IntExpression;
  /** From the first column that is visited. */
  readonly channel: IntExpression;
}

/** Visits the results of all rows and of some columns, vector by vector. @param first address of the first row's first one */
export function eachResult(
  k: KernelBuilder,
  sizes: ResultSizes,
  first: IntVariable,
  columns: number,
  body: (place: ResultPlace) => void,
): void {
  const { lanes } = k.machine;
  k.loop(0, sizes.rows, 1, (row) => {
    const start = k.intVariable(k.add(first, k.multiply(row, sizes.columns * FLOAT_BYTES)));
    const whole = columns - (columns % lanes);
    k.loop(0, whole, lanes, (channel) => {
      const address = k.intVariable(k.add(start, k.multiply(channel, FLOAT_BYTES)));
      body({ address, offset: 0, count: lanes, row, channel });
    });
    const rest = columns % lanes;
    if (rest === 0) return;
    body({ address: start, offset: whole * FLOAT_BYTES, count: rest, row, channel: k.int(whole) });
  });
}

/** Where the epilogue of a product finds its operands. */
export interface ProductEpilogue {
  readonly epilogue: Epilogue | undefined;
  readonly pointers: readonly (IntVariable | undefined)[];
}

/** The epilogue at so many columns behind `column`. */
export function epilogueAt(
  k: KernelBuilder,
  { epilogue, pointers }: ProductEpilogue,
  column: IntExpression,
  { row, channel }: Pick<ResultPlace, "row" | "channel">,
): TileEpilogue {
  const zero = k.int(0);
  const at = { batch: zero, row: zero, column: row, channel: k.intVariable(k.add(column, channel)) };
  return new TileEpilogue(k, epilogue, pointers, at);
}

/** Applies the epilogue to results that were stored without it. */
export function finishResults(
  k: KernelBuilder,
  sizes: ResultSizes,
  own: ProductEpilogue,
  {
    first,
    column,
    columns,
  }: { readonly first: IntVariable; readonly column: IntExpression; readonly columns: number },
): void {
  if (!own.epilogue) return;
  eachResult(k, sizes, first, columns, ({ address, offset, count, row, channel }) => {
    const epilogue = epilogueAt(k, own, column, { row, channel });
    const value = k.vectorVariable(k.load(address, offset, count));
    const result = epilogue.apply(value, { row: 0, column: 0, channel: 0 }, count);
    k.store(address, offset, count < k.machine.lanes ? k.let(result) : result, count);
  });
}
