/** @file A kernel of scalar products between rows of a table and stretches of a signal: what a resampler computes. */
import type { KernelBuilder } from "../machine/builder.ts";
import type { IntExpression, IntVariable, VectorVariable } from "../machine/ir.ts";
import { FLOAT_BYTES } from "./kernel.ts";

/** 32-bit words of a job: address of the row, of the first stretch, of the first result, and the number of results. */
export const JOB_WORDS = 4;

/**
 * Sums of a product: number i of a row goes into sum i modulo 16, and then halves are added up to one. Lanes hold them, of one vector
 * or more, and no multiply-add rounds once: so all machines give the same bits.
 */
const SUMS = 16;

/** Rows have a multiple of so many numbers. */
export const ROW_MULTIPLE = SUMS;

/** Vectors of sums at a time: those of several stretches share the loads of a row. With its operands eight fill the fewest registers. */
const VECTORS = 8;

/**
 * Writes a kernel of the parameters (start, end, scratch, jobs, stretchBytes, resultBytes, rowBytes), which does the jobs
 * start … end - 1 of the table at `jobs`. Result i of a job is the product of its row with the stretch `i * stretchBytes`
 * behind its first one, and goes `i * resultBytes` behind its first result. The order of additions is the same for each result.
 * @param k a builder of up to 16 lanes and seven parameters
 */
export function writeDotProducts(k: KernelBuilder): void {
  const most = (VECTORS * k.machine.lanes) / SUMS;
  const [start, end, , jobs, stretchBytes, resultBytes, rowBytes] = k.parameters;
  k.loop(start, end, 1, (number) => {
    const job = k.intVariable(k.add(jobs, k.multiply(number, JOB_WORDS * FLOAT_BYTES)));
    const [row, stretch, result, count] = [0, 1, 2, 3].map((word) =>
      k.intVariable(k.loadInt(job, word * FLOAT_BYTES)),
    );
    const block = (stretches: number) => (): void => {
      const totals = products(k, row, rowBytes, stretchAddresses(k, stretch, stretchBytes, stretches));
      for (const total of totals) {
        k.store(result, 0, k.horizontal("add", total), 1);
        k.increment(result, resultBytes);
      }
      k.increment(stretch, k.multiply(stretchBytes, stretches));
    };
    k.loop(0, k.divide(count, most), 1, block(most));
    // Of the stretches that are left a half, a quarter … as many at a time.
    for (let stretches = most / 2; stretches >= 1; stretches /= 2) {
      k.loop(0, k.divide(k.remainder(count, 2 * stretches), stretches), 1, block(stretches));
    }
  });
}

function stretchAddresses(
  k: KernelBuilder,
  first: IntVariable,
  stretchBytes: IntExpression,
  count: number,
): IntVariable[] {
  return Array.from({ length: count }, (_, i) => k.intVariable(k.add(first, k.multiply(stretchBytes, i))));
}

/** Multiplies a row with each of the stretches. The lanes of a result are still to be added up. */
function products(
  k: KernelBuilder,
  row: IntVariable,
  rowBytes: IntExpression,
  stretches: readonly IntVariable[],
): VectorVariable[] {
  const { lanes } = k.machine;
  const vectors = SUMS / lanes;
  const sums = stretches.map(() => Array.from({ length: vectors }, () => k.vectorVariable(k.constant(0))));
  k.loop(0, rowBytes, SUMS * FLOAT_BYTES, (at) => {
    for (let i = 0; i < vectors; i++) {
      const offset = i * lanes * FLOAT_BYTES;
      const coefficients = k.vectorVariable(k.load(k.add(row, at), offset));
      stretches.forEach((stretch, s) => {
        const values = k.load(k.add(stretch, at), offset);
        k.setVector(sums[s][i], k.binary("add", sums[s][i], k.binary("multiply", coefficients, values)));
      });
    }
  });
  return sums.map((parts) => {
    while (parts.length > 1) {
      const half = parts.length / 2;
      parts = parts.slice(0, half).map((part, i) => k.vectorVariable(k.binary("add", part, parts[i + half])));
    }
    return parts[0];
  });
}
