/**
 * @file Products of many pairs of matrices at once, the second ones packed as filters are (convolution/pack.ts):
 *
 *   for unit (pair, share of the row tiles, share of the blocks of columns):
 *     for block of 2 vectors of columns:   for tile of rows:
 *       multiply-add tile over the inner length
 */
import { KernelBuilder } from "../machine/builder.ts";
import type { IntExpression, MachineTraits } from "../machine/ir.ts";
import { sizeOf, stridesOf } from "../tensor/shape.ts";
import { blockLanes } from "./convolution/pack.ts";
import { multiplyAddRun, tileRows, zeroTile } from "./convolution/tile.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "./kernel.ts";
import { ENOUGH_UNITS, blockCount, forEachBlock, rangeOfShare, shareCount } from "./shares.ts";
import { machineKernel } from "./library.ts";
import type { BatchedProductRequest } from "./requests.ts";

export const BATCHED_PRODUCT = machineKernel("batchedProduct", batchedProductKernel);

/** Pointers: first matrices, packed second ones, output. */
export function batchedProductKernel(request: BatchedProductRequest, machine: MachineTraits): Kernel {
  const { batch, strides, rows, inner, columns, transposeA } = request;
  const k = new KernelBuilder(machine, FIRST_POINTER + 3);
  const [start, end, , first, packed, output] = k.parameters;
  const width = blockLanes(machine);
  const blocks = { length: columns, width };
  const blockBytes = inner * width * FLOAT_BYTES;
  const height = tileRows(machine, Math.ceil(Math.min(columns, width) / machine.lanes));
  const tiles = { length: rows, width: height };
  const pairs = sizeOf(batch);
  const rowShares = shareCount(blockCount(tiles), Math.ceil(ENOUGH_UNITS / pairs));
  const columnShares = shareCount(blockCount(blocks), Math.ceil(ENOUGH_UNITS / (pairs * rowShares)));
  const [rowBytes, stepBytes] = (transposeA ? [1, rows] : [inner, 1]).map((words) => words * FLOAT_BYTES);

  k.loop(start, end, 1, (unit) => {
    const columnShare = k.intVariable(k.remainder(unit, columnShares));
    const place = k.intVariable(k.divide(unit, columnShares));
    const rowShare = k.intVariable(k.remainder(place, rowShares));
    const pair = k.intVariable(k.divide(place, rowShares));
    const matrix = (pointer: IntExpression, number: IntExpression, bytes: number) =>
      k.intVariable(k.add(pointer, k.multiply(number, bytes)));
    const a = matrix(first, matrixNumber(k, batch, strides.a, pair), rows * inner * FLOAT_BYTES);
    const b = matrix(packed, matrixNumber(k, batch, strides.b, pair), blockCount(blocks) * blockBytes);
    const c = matrix(output, pair, rows * columns * FLOAT_BYTES);
    const ownRows = rangeOfShare(k, blockCount(tiles), rowShares, rowShare);
    const ownColumns = rangeOfShare(k, blockCount(blocks), columnShares, columnShare);
    forEachBlock(k, blocks, ownColumns, (block, outputs) => {
      forEachBlock(k, tiles, ownRows, (tileNumber, tileHeight) => {
        const vectors = Math.ceil(outputs / machine.lanes);
        const row = k.intVariable(k.multiply(tileNumber, height));
        const tile = zeroTile(k, tileHeight, vectors);
        multiplyAddRun(k, tile, {
          a: k.intVariable(k.add(a, k.multiply(row, rowBytes))),
          stepBytes,
          rowOffsets: tile.map((_, i) => i * rowBytes),
          b: k.intVariable(k.add(b, k.multiply(block, blockBytes))),
          bBytes: width * FLOAT_BYTES,
          steps: inner,
        });
        const target = k.intVariable(
          k.add(c, k.multiply(k.add(k.multiply(row, columns), k.multiply(block, width)), FLOAT_BYTES)),
        );
        tile.forEach((vectorsOfRow, i) =>
          vectorsOfRow.forEach((vector, j) => {
            const count = Math.min(machine.lanes, outputs - j * machine.lanes);
            k.store(target, (i * columns + j * machine.lanes) * FLOAT_BYTES, vector, count);
          }),
        );
      });
    });
  });
  return { code: k.finish(), units: pairs * rowShares * columnShares, scratchBytes: 0 };
}

/** Which of the stored matrices the pair of that number has. */
function matrixNumber(
  k: KernelBuilder,
  batch: readonly number[],
  strides: readonly number[],
  pair: IntExpression,
): IntExpression {
  const ownStrides = stridesOf(batch);
  if (strides.every((stride, axis) => stride === ownStrides[axis])) return pair;
  let number = k.int(0);
  let rest = pair;
  for (let axis = batch.length - 1; axis >= 0; axis--) {
    const coordinate = k.intVariable(k.remainder(rest, batch[axis]));
    rest = k.intVariable(k.divide(rest, batch[axis]));
    number = k.add(number, k.multiply(coordinate, strides[axis]));
  }
  return number;
}
