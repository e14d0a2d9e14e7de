/**
 * @file Running sums along one axis of [outer, length, inner].
 *
 *   inner > 1: for unit (outer, block of vectors of the inner axis):   inner = 1: for unit (row):
 *     sums = 0                                                           for vector: sums within it, plus what came before
 *     for place: sums += values; store
 *
 * The sums within a vector take log2(lanes) steps: at each, a lane adds the value 1, 2, 4 … lanes before it.
 */
import { KernelBuilder } from "../machine/builder.ts";
import type { IntExpression, MachineTraits, VectorExpression } from "../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "./kernel.ts";
import { atBlock, blockCount } from "./shares.ts";
import { machineKernel } from "./library.ts";
import type { CumulativeSumRequest } from "./requests.ts";

export const CUMULATIVE_SUM = machineKernel("cumulativeSum", cumulativeSumKernel);

/** Pointers: input, output. */
export function cumulativeSumKernel(request: CumulativeSumRequest, machine: MachineTraits): Kernel {
  const k = new KernelBuilder(machine, FIRST_POINTER + 2);
  const units = request.inner === 1 ? rows(k, request) : columns(k, request);
  return { code: k.finish(), units, scratchBytes: 0 };
}

/** Vectors of the inner axis side by side. */
const BLOCK_VECTORS = 4;

function columns(
  k: KernelBuilder,
  { outer, length, inner, exclusive, reverse }: CumulativeSumRequest,
): number {
  const { lanes } = k.machine;
  const [start, end, , input, output] = k.parameters;
  const blocks = { length: inner, width: BLOCK_VECTORS * lanes };
  const perRow = blockCount(blocks);
  const rowBytes = inner * FLOAT_BYTES;
  k.loop(start, end, 1, (unit) => {
    const block = k.intVariable(k.remainder(unit, perRow));
    const row = k.intVariable(k.divide(unit, perRow));
    const first = k.intVariable(
      k.add(k.multiply(row, length * rowBytes), k.multiply(block, blocks.width * FLOAT_BYTES)),
    );
    atBlock(k, blocks, block, (elements) => {
      const counts: number[] = [];
      for (let left = elements; left > 0; left -= lanes) counts.push(Math.min(left, lanes));
      const sums = counts.map(() => k.vectorVariable(k.constant(0)));
      k.loop(0, length, 1, (place) => {
        const number = reverse ? k.subtract(length - 1, place) : place;
        const at = k.intVariable(k.add(first, k.multiply(number, rowBytes)));
        counts.forEach((count, i) => {
          const offset = i * lanes * FLOAT_BYTES;
          const value = k.vectorVariable(k.load(k.add(input, at), offset, count));
          const add = () => k.setVector(sums[i], k.binary("add", sums[i], value));
          if (!exclusive) add();
          k.store(k.add(output, at), offset, sums[i], count);
          if (exclusive) add();
        });
      });
    });
  });
  return outer * perRow;
}

function rows(k: KernelBuilder, { outer, length, exclusive, reverse }: CumulativeSumRequest): number {
  const { lanes } = k.machine;
  const [start, end, , input, output] = k.parameters;
  const full = Math.floor(length / lanes);
  const rest = length % lanes;
  k.loop(start, end, 1, (row) => {
    const first = k.intVariable(k.multiply(row, length * FLOAT_BYTES));
    const before = k.vectorVariable(k.constant(0));
    const visit = (element: IntExpression, count: number) => {
      const at = k.intVariable(k.add(first, k.multiply(element, FLOAT_BYTES)));
      const within = sumsWithin(k, k.load(k.add(input, at), 0, count), reverse);
      const sums = k.let(k.binary("add", within, before));
      k.store(k.add(output, at), 0, exclusive ? k.let(shifted(k, sums, before, 1, reverse)) : sums, count);
      const last = reverse ? 0 : lanes - 1;
      k.setVector(before, k.shuffle(sums, sums, new Array<number>(lanes).fill(last)));
    };
    // From the end, a vector that is not full is the row's first one.
    k.loop(0, full, 1, (i) =>
      visit(reverse ? k.add(k.multiply(k.subtract(full - 1, i), lanes), rest) : k.multiply(i, lanes), lanes),
    );
    if (rest > 0) visit(k.int(reverse ? 0 : full * lanes), rest);
  });
  return outer;
}

/** The sum of each lane and those before it, or behind it. */
function sumsWithin(k: KernelBuilder, values: VectorExpression, reverse: boolean): VectorExpression {
  let sums = k.let(values);
  for (let distance = 1; distance < k.machine.lanes; distance *= 2) {
    sums = k.let(k.binary("add", sums, shifted(k, sums, k.vectorVariable(k.constant(0)), distance, reverse)));
  }
  return sums;
}

/** Each lane of a vector moved on by a distance; lanes of `filler` take the places left free. */
function shifted(
  k: KernelBuilder,
  values: VectorExpression,
  filler: VectorExpression,
  distance: number,
  reverse: boolean,
): VectorExpression {
  const { lanes } = k.machine;
  const sources = Array.from({ length: lanes }, (_, lane) => {
    const source = reverse ? lane + distance : lane - distance;
    return source >= 0 && source < lanes ? source : lanes + lane;
  });
  return k.shuffle(values, filler, sources);
}
