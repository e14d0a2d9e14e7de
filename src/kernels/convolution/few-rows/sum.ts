/**
 * @file The sum of the parts of a product of few rows, each over a share of the inner length, and its epilogue.
 *
 *   for unit (share of the blocks of columns): for block: for row: for vector:
 *     output = epilogue(part 0 + part 1 + …)
 */
import type { IntExpression, MachineTraits, VectorExpression } from "../../../machine/ir.ts";
import { epilogueParameters } from "../../epilogue-parameters.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../../kernel.ts";
import { machineKernel } from "../../library.ts";
import type { FewRowsSumRequest } from "../../requests.ts";
import { blockCount, ENOUGH_UNITS, forEachBlock, rangeOfShare, shareCount } from "../../shares.ts";
import { eachResult, epilogueAt } from "./results.ts";

/** Vectors of a block of columns. */
const BLOCK_VECTORS = 8;
/** Pointers before those of the epilogue: the parts. */
const POINTERS_BEFORE = 1;

export const FEW_ROWS_SUM = machineKernel("fewRowsSum", fewRowsSumKernel);

/** Pointers: the parts, the epilogue's memory operands, output. */
export function fewRowsSumKernel(request: FewRowsSumRequest, machine: MachineTraits): Kernel {
  const { epilogue, parts } = request;
  const { k, epiloguePointers, output } = epilogueParameters(epilogue, machine, POINTERS_BEFORE);
  const [start, end] = k.parameters;
  const blocks = { length: request.columns, width: BLOCK_VECTORS * machine.lanes };
  const units = shareCount(blockCount(blocks), ENOUGH_UNITS);
  const partBytes = request.rows * request.columns * FLOAT_BYTES;
  const own = { epilogue, pointers: epiloguePointers };
  k.loop(start, end, 1, (unit) => {
    const range = rangeOfShare(k, blockCount(blocks), units, unit);
    forEachBlock(k, blocks, range, (block, columns) => {
      const column = k.intVariable(k.multiply(block, blocks.width));
      const bytes = k.intVariable(k.multiply(column, FLOAT_BYTES));
      const first = k.intVariable(k.add(k.parameters[FIRST_POINTER], bytes));
      const distance = k.intVariable(k.subtract(output, k.parameters[FIRST_POINTER]));
      eachResult(k, request, first, columns, ({ address, offset, count, row, channel }) => {
        const sum = k.vectorVariable(k.load(address, offset, count));
        k.loop(partBytes, parts * partBytes, partBytes, (part) => {
          k.setVector(sum, k.binary("add", sum, k.load(k.add(address, part), offset, count)));
        });
        const place: IntExpression = k.add(address, distance);
        const result: VectorExpression = epilogueAt(k, own, column, { row, channel }).apply(
          sum,
          { row: 0, column: 0, channel: 0 },
          count,
        );
        k.store(place, offset, count < machine.lanes ? k.let(result) : result, count);
      });
    });
  });
  return { code: k.finish(), units, scratchBytes: 0 };
}
