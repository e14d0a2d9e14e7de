/**
 * @file Weighted sums over ranges of bins, `lanes` rows at once: what mel filters and other sparse filter banks are.
 *
 *   for band: sum over its bins of weight · bin              4 bins a round on two sums, then those left
 *
 * The ranges and weights are data, so that one kernel serves every bank of the same size.
 */
import type { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, IntVariable } from "../../machine/ir.ts";
import { FLOAT_BYTES } from "../kernel.ts";

/** One band: bins first … first + weights.length - 1. */
export interface BandFilter {
  readonly firstBin: number;
  readonly weights: Float32Array;
}

const BINS_A_ROUND = 4;
const RANGE_WORDS = 3;

/** For each band: first bin, rounds of four bins, bins left. */
export function rangeTable(filters: readonly BandFilter[]): Int32Array {
  return Int32Array.from(
    filters.flatMap(({ firstBin, weights }) => [
      firstBin,
      Math.floor(weights.length / BINS_A_ROUND),
      weights.length % BINS_A_ROUND,
    ]),
  );
}

/** All bands' weights, one after the other; never empty. */
export function weightTable(filters: readonly BandFilter[]): Float32Array {
  const table = filters.flatMap(({ weights }) => [...weights]);
  return Float32Array.from(table.length > 0 ? table : [0]);
}

export interface BandTables {
  readonly ranges: IntExpression;
  readonly weights: IntExpression;
}

/** Vectors of `bins` to vectors of `sums`, both in scratch memory. */
export function writeBandSums(
  k: KernelBuilder,
  bands: number,
  { ranges, weights }: BandTables,
  bins: IntExpression,
  sums: IntExpression,
): void {
  const vectorBytes = k.machine.lanes * FLOAT_BYTES;
  const weight = k.intVariable(weights);
  const range = k.intVariable(ranges);
  const addProducts = (
    bin: IntVariable,
    totals: readonly ReturnType<KernelBuilder["vectorVariable"]>[],
    count: number,
  ) => {
    for (let i = 0; i < count; i++) {
      const total = totals[i % totals.length];
      k.setVector(
        total,
        k.multiplyAdd(k.load(bin, i * vectorBytes), k.broadcast(weight, i * FLOAT_BYTES), total),
      );
    }
    k.increment(bin, count * vectorBytes);
    k.increment(weight, count * FLOAT_BYTES);
  };
  k.loop(0, bands * vectorBytes, vectorBytes, (bytes) => {
    const bin = k.intVariable(k.add(bins, k.multiply(k.loadInt(range), vectorBytes)));
    const rounds = k.intVariable(k.loadInt(range, FLOAT_BYTES));
    const left = k.intVariable(k.loadInt(range, 2 * FLOAT_BYTES));
    const totals = [k.vectorVariable(k.constant(0)), k.vectorVariable(k.constant(0))];
    k.loop(0, rounds, 1, () => addProducts(bin, totals, BINS_A_ROUND));
    k.loop(0, left, 1, () => addProducts(bin, totals.slice(0, 1), 1));
    k.store(k.add(sums, bytes), 0, k.binary("add", totals[0], totals[1]));
    k.increment(range, RANGE_WORDS * FLOAT_BYTES);
  });
}
