/** @file A kernel of scalar products between rows of a table and stretches of a signal: what a resampler computes. */
import type { KernelBuilder } from "../machine/builder.ts";
import type { IntExpression, IntVariable, VectorVariable } from "../machine/ir.ts";
import { FLOAT_BYTES } from "./kernel.ts";

/** 32-bit words of a job: address of the row, of the first stretch, of the first result, and the number of results. */
export const JOB_WORDS = 4;

/** Rows have a multiple of so many numbers. */
export const ROW_MULTIPLE = 8;

/** Numbers of stretches that share the loads of a row, those of the rest included. Four with two sums each fill the registers. */
const BLOCKS = [4, 2, 1];

/** Sums of a product, that of each second vector: one addition need not wait for the one before. */
const SUMS = 2;

/**
 * Writes a kernel of the parameters (start, end, scratch, jobs, stretchBytes, resultBytes, rowBytes), which does the jobs
 * start … end - 1 of the table at `jobs`. Result i of a job is the product of its row with the stretch `i * stretchBytes`
 * behind its first one, and goes `i * resultBytes` behind its first result. The order of additions is the same for each result.
 * @param k a builder of 4 lanes and seven parameters
 */
export function writeDotProducts(k: KernelBuilder): void {
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
    BLOCKS.forEach((stretches, i) => {
      const left = i === 0 ? count : k.remainder(count, BLOCKS[i - 1]);
      k.loop(0, k.divide(left, stretches), 1, block(stretches));
    });
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
  const vectorBytes = k.machine.lanes * FLOAT_BYTES;
  const sums = stretches.map(() => Array.from({ length: SUMS }, () => k.vectorVariable(k.constant(0))));
  k.loop(0, rowBytes, SUMS * vectorBytes, (at) => {
    for (let i = 0; i < SUMS; i++) {
      const coefficients = k.vectorVariable(k.load(k.add(row, at), i * vectorBytes));
      stretches.forEach((stretch, s) => {
        const values = k.load(k.add(stretch, at), i * vectorBytes);
        k.setVector(sums[s][i], k.multiplyAdd(coefficients, values, sums[s][i]));
      });
    }
  });
  return sums.map(([even, odd]) => k.vectorVariable(k.binary("add", even, odd)));
}
