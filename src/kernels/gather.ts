/**
 * @file Picking along one axis by indices that are data, and its gradient, adding up at indices. One index serves a whole row of
 * the axes behind, or each element has its own.
 *
 * Units of the sum own the words that they write: a range of the result's rows, or of its columns. Each goes through all
 * indices in order, so that equal ones are always added in the same order.
 */
import { KernelBuilder } from "../machine/builder.ts";
import type { IntExpression, MachineTraits, VectorExpression } from "../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "./kernel.ts";
import { ENOUGH_UNITS, atBlock, blockCount, rangeOfShare, shareCount, type Range } from "./shares.ts";
import { vectorLoop } from "./strided.ts";
import { machineKernel } from "./library.ts";
import type { GatherRequest, Outside, PickRequest } from "./requests.ts";

export const GATHER = machineKernel("gather", gatherKernel);

/** Pointers: values, indices, output. */
export function gatherKernel(request: GatherRequest, machine: MachineTraits): Kernel {
  const { outer, length, picks, inner, perElement, outside } = request;
  const k = new KernelBuilder(machine, FIRST_POINTER + 3);
  const [start, end, , values, indices, output] = k.parameters;
  const rowBytes = inner * FLOAT_BYTES;
  const shares = shareCount(picks, Math.ceil(ENOUGH_UNITS / outer));
  const filler: Record<Outside, VectorExpression> = {
    NaN: k.constant(NaN),
    "-1": k.intConstant(-1),
    "0": k.constant(0),
  };
  /** Runs one of both by whether an index lies inside; negative ones wrap to huge numbers. */
  const copy = (index: IntExpression, from: IntExpression, to: IntExpression, count: number) => {
    k.ifAtLeast(length - 1, index, () => {
      const source = k.intVariable(k.add(from, k.multiply(index, rowBytes)));
      moveWords(k, count, to, (address, offset, lanes) =>
        k.load(address ? k.add(source, address) : source, offset, lanes),
      );
    });
    k.ifAtLeast(index, length, () => moveWords(k, count, to, () => filler[outside]));
  };
  k.loop(start, end, 1, (unit) => {
    const share = k.intVariable(k.remainder(unit, shares));
    const row = k.intVariable(k.divide(unit, shares));
    const from = k.intVariable(k.add(values, k.multiply(row, length * rowBytes)));
    const to = k.intVariable(k.add(output, k.multiply(row, picks * rowBytes)));
    const own = rangeOfShare(k, picks, shares, share);
    k.loop(own.from, own.to, 1, (pick) => {
      const target = k.intVariable(k.add(to, k.multiply(pick, rowBytes)));
      if (!perElement) {
        const index = k.intVariable(k.loadInt(k.add(indices, k.multiply(pick, FLOAT_BYTES))));
        copy(index, from, target, inner);
        return;
      }
      const ownIndices = k.intVariable(
        k.add(indices, k.add(k.multiply(row, picks * rowBytes), k.multiply(pick, rowBytes))),
      );
      k.loop(0, rowBytes, FLOAT_BYTES, (bytes) => {
        const index = k.intVariable(k.loadInt(k.add(ownIndices, bytes)));
        copy(index, k.add(from, bytes), k.intVariable(k.add(target, bytes)), 1);
      });
    });
  });
  return { code: k.finish(), units: outer * shares, scratchBytes: 0 };
}

/** Stores `count` words from an address on. */
function moveWords(
  k: KernelBuilder,
  count: number,
  to: IntExpression,
  value: (bytes: IntExpression | undefined, offset: number, lanes: number) => VectorExpression,
): void {
  vectorLoop(k, count, ({ elements, bytes }, lanes) => {
    const offset = elements * FLOAT_BYTES;
    k.store(bytes ? k.add(to, bytes) : to, offset, k.let(value(bytes, offset, lanes)), lanes);
  });
}

export const SCATTER_ADD = machineKernel("scatterAdd", scatterAddKernel);

/** Pointers: picked values, indices, output. What lies outside is added nowhere. */
export function scatterAddKernel(request: PickRequest, machine: MachineTraits): Kernel {
  return request.perElement ? scatterElements(request, machine) : scatterRows(request, machine);
}

/** Vectors of a row that one unit adds up. */
const ROW_VECTORS = 4;

function scatterRows({ outer, length, picks, inner }: PickRequest, machine: MachineTraits): Kernel {
  const k = new KernelBuilder(machine, FIRST_POINTER + 3);
  const [start, end, , picked, indices, output] = k.parameters;
  const rowBytes = inner * FLOAT_BYTES;
  const blocks = { length: inner, width: ROW_VECTORS * machine.lanes };
  const columns = blockCount(blocks);
  const shares = shareCount(length, Math.ceil(ENOUGH_UNITS / (outer * columns)));
  k.loop(start, end, 1, (unit) => {
    const share = k.intVariable(k.remainder(unit, shares));
    const place = k.intVariable(k.divide(unit, shares));
    const block = k.intVariable(k.remainder(place, columns));
    const row = k.intVariable(k.divide(place, columns));
    const skipped = k.multiply(block, blocks.width * FLOAT_BYTES);
    const from = k.intVariable(k.add(k.add(picked, k.multiply(row, picks * rowBytes)), skipped));
    const to = k.intVariable(k.add(k.add(output, k.multiply(row, length * rowBytes)), skipped));
    const own = rangeOfShare(k, length, shares, share);
    const target = (index: IntExpression) => k.intVariable(k.add(to, k.multiply(index, rowBytes)));
    atBlock(k, blocks, block, (count) => {
      k.loop(own.from, own.to, 1, (index) => moveWords(k, count, target(index), () => k.constant(0)));
      k.loop(0, picks, 1, (pick) => {
        const index = k.intVariable(k.loadInt(k.add(indices, k.multiply(pick, FLOAT_BYTES))));
        ifWithin(k, index, own, () => {
          const sum = target(index);
          const source = k.intVariable(k.add(from, k.multiply(pick, rowBytes)));
          moveWords(k, count, sum, (_, offset, lanes) =>
            k.binary("add", k.load(sum, offset, lanes), k.load(source, offset, lanes)),
          );
        });
      });
    });
  });
  return { code: k.finish(), units: outer * columns * shares, scratchBytes: 0 };
}

/** Units own columns: an element's index leads to a row of its own column. */
function scatterElements({ outer, length, picks, inner }: PickRequest, machine: MachineTraits): Kernel {
  const k = new KernelBuilder(machine, FIRST_POINTER + 3);
  const [start, end, , picked, indices, output] = k.parameters;
  const rowBytes = inner * FLOAT_BYTES;
  const shares = shareCount(inner, Math.ceil(ENOUGH_UNITS / outer));
  k.loop(start, end, 1, (unit) => {
    const share = k.intVariable(k.remainder(unit, shares));
    const row = k.intVariable(k.divide(unit, shares));
    const own = rangeOfShare(k, inner, shares, share);
    const first = k.intVariable(k.multiply(own.from, FLOAT_BYTES));
    const last = k.intVariable(k.multiply(own.to, FLOAT_BYTES));
    const to = k.intVariable(k.add(output, k.multiply(row, length * rowBytes)));
    k.loop(0, length, 1, (index) => {
      const target = k.intVariable(k.add(to, k.multiply(index, rowBytes)));
      k.loop(first, last, FLOAT_BYTES, (bytes) => k.store(k.add(target, bytes), 0, k.constant(0), 1));
    });
    k.loop(0, picks, 1, (pick) => {
      const place = k.intVariable(k.add(k.multiply(row, picks * rowBytes), k.multiply(pick, rowBytes)));
      k.loop(first, last, FLOAT_BYTES, (bytes) => {
        const at = k.intVariable(k.add(place, bytes));
        const index = k.intVariable(k.loadInt(k.add(indices, at)));
        ifWithin(k, index, { from: k.int(0), to: k.int(length) }, () => {
          const sum = k.intVariable(k.add(k.add(to, bytes), k.multiply(index, rowBytes)));
          k.store(sum, 0, k.let(k.binary("add", k.load(sum, 0, 1), k.load(k.add(picked, at), 0, 1))), 1);
        });
      });
    });
  });
  return { code: k.finish(), units: outer * shares, scratchBytes: 0 };
}

/** Runs `body` for an index of a range; negative ones wrap to huge numbers. */
function ifWithin(k: KernelBuilder, index: IntExpression, { from, to }: Range, body: () => void): void {
  k.ifAtLeast(index, from, () => k.ifAtLeast(k.subtract(to, 1), index, body));
}
