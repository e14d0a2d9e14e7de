/**
 * @file Mean and variance of each channel over all rows of `[rows, channels]`, in one pass over memory.
 *
 *   for unit (a part of the rows, some vectors of channels):
 *     for each block of rows, small enough to stay in the cache:
 *       the block's mean, then its squared deviations from that
 *       join it to the part's                            Chan, Golub and LeVeque 1979, equation 2.1
 *     store the part's mean and sum of squared deviations
 *
 * and a second kernel joins the parts in order. So the mean may be far from zero, as with two passes over everything; and
 * parts depend on sizes alone, so that the bits do not depend on the number of threads.
 */
import { KernelBuilder } from "../machine/builder.ts";
import type { IntExpression, MachineTraits, VectorExpression, VectorVariable } from "../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "./kernel.ts";
import { atBlock, blockCount } from "./shares.ts";
import { machineKernel } from "./library.ts";
import type { MomentsRequest } from "./requests.ts";

/** Rows whose mean is found before they are read again. */
const BLOCK_ROWS = 32;
/** Vectors of channels side by side: enough to hide the latency of an addition. */
const UNIT_VECTORS = 4;
const MOST_PARTS = 64;

/** How many parts the rows are divided into: of equal length, so that all are joined alike. */
export function momentsParts({ rows }: MomentsRequest): number {
  let parts = Math.max(1, Math.min(MOST_PARTS, Math.floor(rows / BLOCK_ROWS)));
  while (rows % parts !== 0) parts--;
  return parts;
}

/** Floats of the parts' results: means and sums of squared deviations. */
export function partialMomentsWords(request: MomentsRequest): number {
  return 2 * momentsParts(request) * request.channels;
}

/** The moments of what has been seen, for each of some vectors of channels. */
interface Moments {
  readonly mean: VectorVariable;
  /** Sum of squared deviations from the mean. */
  readonly squares: VectorVariable;
}

/** Where a vector of channels is, and how many of its lanes are channels. */
interface Lanes {
  readonly offset: number;
  readonly count: number;
}

export const PARTIAL_MOMENTS = machineKernel("partialMoments", partialMomentsKernel);

/** Pointers: input `[rows, channels]`, results `[2, parts, channels]`. */
export function partialMomentsKernel(request: MomentsRequest, machine: MachineTraits): Kernel {
  const { rows, channels } = request;
  const parts = momentsParts(request);
  const partRows = rows / parts;
  const k = new KernelBuilder(machine, FIRST_POINTER + 2);
  const [input, results] = k.parameters.slice(FIRST_POINTER);
  const rowBytes = channels * FLOAT_BYTES;
  const units = forEachChannels(k, channels, parts, (part, channelBytes, vectors) => {
    const start = k.add(k.add(input, channelBytes), k.multiply(part, partRows * rowBytes));
    const seen = vectors.map(() => noMoments(k));
    const block = (first: IntExpression | number, count: number) => {
      const from = k.intVariable(k.add(start, k.multiply(first, rowBytes)));
      const to = k.intVariable(k.add(from, count * rowBytes));
      join(k, seen, blockMoments(k, { from, to, rowBytes }, vectors, count), { seen: first, more: count });
    };
    const whole = partRows - (partRows % BLOCK_ROWS);
    k.loop(0, whole, BLOCK_ROWS, (first) => block(first, BLOCK_ROWS));
    if (whole < partRows) block(whole, partRows - whole);
    const target = k.intVariable(k.add(k.add(results, channelBytes), k.multiply(part, rowBytes)));
    seen.forEach(({ mean, squares }, i) => {
      const { offset, count } = vectors[i];
      k.store(target, offset, mean, count);
      k.store(target, offset + parts * rowBytes, squares, count);
    });
  });
  return { code: k.finish(), units, scratchBytes: 0 };
}

export const JOIN_MOMENTS = machineKernel("joinMoments", joinMomentsKernel);

/** Pointers: what the first kernel gave, means `[channels]`, variances `[channels]`, biased. */
export function joinMomentsKernel(request: MomentsRequest, machine: MachineTraits): Kernel {
  const { rows, channels } = request;
  const parts = momentsParts(request);
  const k = new KernelBuilder(machine, FIRST_POINTER + 3);
  const [results, means, variances] = k.parameters.slice(FIRST_POINTER);
  const rowBytes = channels * FLOAT_BYTES;
  const units = forEachChannels(k, channels, 1, (_, channelBytes, vectors) => {
    const seen = vectors.map(() => noMoments(k));
    const start = k.intVariable(k.add(results, channelBytes));
    k.loop(0, parts, 1, (part) => {
      const from = k.intVariable(k.add(start, k.multiply(part, rowBytes)));
      const more = vectors.map(({ offset, count }) => ({
        mean: k.vectorVariable(k.load(from, offset, count)),
        squares: k.vectorVariable(k.load(from, offset + parts * rowBytes, count)),
      }));
      join(k, seen, more, { seen: k.multiply(part, rows / parts), more: rows / parts });
    });
    const [mean, variance] = [means, variances].map((to) => k.intVariable(k.add(to, channelBytes)));
    seen.forEach((moments, i) => {
      const { offset, count } = vectors[i];
      k.store(mean, offset, moments.mean, count);
      k.store(variance, offset, k.let(k.binary("divide", moments.squares, k.constant(rows))), count);
    });
  });
  return { code: k.finish(), units, scratchBytes: 0 };
}

/** Visits some vectors of channels of each part, as units. Returns the number of units. */
function forEachChannels(
  k: KernelBuilder,
  channels: number,
  parts: number,
  visit: (part: IntExpression, channelBytes: IntExpression, vectors: readonly Lanes[]) => void,
): number {
  const { lanes } = k.machine;
  const channelBlocks = { length: channels, width: UNIT_VECTORS * lanes };
  const blocks = blockCount(channelBlocks);
  const vectorsOf = (count: number): Lanes[] =>
    Array.from({ length: Math.ceil(count / lanes) }, (_, i) => ({
      offset: i * lanes * FLOAT_BYTES,
      count: Math.min(lanes, count - i * lanes),
    }));
  const [start, end] = k.parameters;
  k.loop(start, end, 1, (unit) => {
    const which = k.intVariable(k.remainder(unit, blocks));
    const part = k.intVariable(k.divide(unit, blocks));
    const channelBytes = k.intVariable(k.multiply(which, channelBlocks.width * FLOAT_BYTES));
    atBlock(k, channelBlocks, which, (count) => visit(part, channelBytes, vectorsOf(count)));
  });
  return parts * blocks;
}

function noMoments(k: KernelBuilder): Moments {
  return { mean: k.vectorVariable(k.constant(0)), squares: k.vectorVariable(k.constant(0)) };
}

/** The moments of a few rows: their mean, then the squared deviations from it, with the rows in the cache. */
function blockMoments(
  k: KernelBuilder,
  { from, to, rowBytes }: { from: IntExpression; to: IntExpression; rowBytes: number },
  vectors: readonly Lanes[],
  count: number,
): Moments[] {
  const moments = vectors.map(() => noMoments(k));
  const forEachRow = (visit: (x: VectorExpression, i: number) => void) =>
    k.loop(from, to, rowBytes, (row) =>
      vectors.forEach(({ offset, count }, i) => visit(k.load(row, offset, count), i)),
    );
  forEachRow((x, i) => k.setVector(moments[i].mean, k.binary("add", x, moments[i].mean)));
  for (const { mean } of moments) k.setVector(mean, k.binary("divide", mean, k.constant(count)));
  forEachRow((x, i) => {
    const { mean, squares } = moments[i];
    const deviation = k.vectorVariable(k.binary("subtract", x, mean));
    k.setVector(squares, k.multiplyAdd(deviation, deviation, squares));
  });
  return moments;
}

/** Adds the moments of `more` further rows to those of the `seen` ones. */
function join(
  k: KernelBuilder,
  all: readonly Moments[],
  further: readonly Moments[],
  counts: { readonly seen: IntExpression | number; readonly more: number },
): void {
  const seen = k.let(k.unary("toFloat", k.splatInt(counts.seen)));
  const total = k.binary("add", seen, k.constant(counts.more));
  const share = k.let(k.binary("divide", k.constant(counts.more), total));
  // seen·more / total
  const weight = k.let(k.binary("multiply", seen, share));
  all.forEach(({ mean, squares }, i) => {
    const distance = k.let(k.binary("subtract", further[i].mean, mean));
    k.setVector(mean, k.multiplyAdd(distance, share, mean));
    k.setVector(squares, k.binary("add", squares, further[i].squares));
    const squared = k.binary("multiply", distance, distance);
    k.setVector(squares, k.multiplyAdd(squared, weight, squares));
  });
}
