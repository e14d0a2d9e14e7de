/**
 * @file Weighted sums along one axis, `[outer, bins, inner]` to `[outer, bands, inner]`: resizing and its gradient.
 *
 *   for unit (outer, share of the bands):
 *     for band:   for block of vectors of the inner axis:
 *       for bin of the band: accumulators += weight · bin
 *
 * Ranges and weights are data, so that one kernel serves every bank of the same size.
 */
import { KernelBuilder } from "../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits } from "../machine/ir.ts";
import type { BandFilter } from "./fourier/band-sums.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "./kernel.ts";
import { ENOUGH_UNITS, blockCount, forEachBlock, rangeOfShare, shareCount } from "./shares.ts";
import { machineKernel } from "./library.ts";
import type { AxisFilterBankRequest } from "./requests.ts";

const RANGE_WORDS = 3;
/** Vectors of the inner axis side by side: a band has few bins, so that its loop must do some work for each. */
const BLOCK_VECTORS = 4;

/** For each band: first bin, bins, and which of all weights is its first. */
export function axisRangeTable(filters: readonly BandFilter[]): Int32Array {
  let weightsBefore = 0;
  return Int32Array.from(
    filters.flatMap(({ firstBin, weights }) => {
      const range = [firstBin, weights.length, weightsBefore];
      weightsBefore += weights.length;
      return range;
    }),
  );
}

export const AXIS_FILTER_BANK = machineKernel("axisFilterBank", axisFilterBankKernel);

/** Pointers: input, ranges, weights, output. */
export function axisFilterBankKernel(request: AxisFilterBankRequest, machine: MachineTraits): Kernel {
  const { outer, bins, bands, inner } = request;
  const k = new KernelBuilder(machine, FIRST_POINTER + 4);
  const [start, end, , input, ranges, weights, output] = k.parameters;
  const innerBytes = inner * FLOAT_BYTES;
  const shares = shareCount(bands, Math.ceil(ENOUGH_UNITS / outer));
  const vectors = { length: inner, width: BLOCK_VECTORS * machine.lanes };
  k.loop(start, end, 1, (unit) => {
    const share = k.intVariable(k.remainder(unit, shares));
    const row = k.intVariable(k.divide(unit, shares));
    const from = k.intVariable(k.add(input, k.multiply(row, bins * innerBytes)));
    const to = k.intVariable(k.add(output, k.multiply(row, bands * innerBytes)));
    const own = rangeOfShare(k, bands, shares, share);
    k.loop(own.from, own.to, 1, (band) => {
      const range = k.intVariable(k.add(ranges, k.multiply(band, RANGE_WORDS * FLOAT_BYTES)));
      const first = k.intVariable(k.add(from, k.multiply(k.loadInt(range), innerBytes)));
      const count = k.intVariable(k.loadInt(range, FLOAT_BYTES));
      const weight = k.intVariable(
        k.add(weights, k.multiply(k.loadInt(range, 2 * FLOAT_BYTES), FLOAT_BYTES)),
      );
      const target = k.intVariable(k.add(to, k.multiply(band, innerBytes)));
      forEachBlock(k, vectors, { from: k.int(0), to: k.int(blockCount(vectors)) }, (block, elements) => {
        const skipped = k.intVariable(k.multiply(block, vectors.width * FLOAT_BYTES));
        sumBins(
          k,
          { first: k.add(first, skipped), count, innerBytes, weight },
          elements,
          (vector, sum, lanes) =>
            k.store(k.add(target, skipped), vector * machine.lanes * FLOAT_BYTES, sum, lanes),
        );
      });
    });
  });
  return { code: k.finish(), units: outer * shares, scratchBytes: 0 };
}

interface BandPlace {
  readonly first: IntExpression;
  readonly count: IntVariable;
  readonly innerBytes: number;
  readonly weight: IntVariable;
}

/** The sums of one band for `elements` of the inner axis. */
function sumBins(
  k: KernelBuilder,
  band: BandPlace,
  elements: number,
  store: (vector: number, sum: ReturnType<KernelBuilder["vectorVariable"]>, lanes: number) => void,
): void {
  const { lanes } = k.machine;
  const counts: number[] = [];
  for (let left = elements; left > 0; left -= lanes) counts.push(Math.min(left, lanes));
  const sums = counts.map(() => k.vectorVariable(k.constant(0)));
  const bin = k.intVariable(band.first);
  const weight = k.intVariable(band.weight);
  k.loop(0, band.count, 1, () => {
    const factor = k.vectorVariable(k.broadcast(weight));
    counts.forEach((count, i) => {
      k.setVector(sums[i], k.multiplyAdd(k.load(bin, i * lanes * FLOAT_BYTES, count), factor, sums[i]));
    });
    k.increment(bin, band.innerBytes);
    k.increment(weight, FLOAT_BYTES);
  });
  counts.forEach((count, i) => store(i, sums[i], count));
}
