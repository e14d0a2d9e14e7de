import { describe, expect, it } from "vitest";
import { KernelBuilder } from "../machine/builder.ts";
import type { IntExpression, KernelCode } from "../machine/ir.ts";
import { WASM_TRAITS } from "../machine/wasm.ts";
import { FLOAT_BYTES } from "./kernel.ts";
import {
  atBlock,
  blockCount,
  forEachBlock,
  largestShare,
  rangeOfShare,
  shareCount,
  type Blocks,
} from "./shares.ts";
import { interpretKernel } from "./testing/interpret-kernel.ts";

/** Notes a visit: adds 1 to the word of a block, and its number of items to the word behind those of all blocks. */
function visit(k: KernelBuilder, blocks: Blocks, block: IntExpression, count: number): void {
  const address = k.intVariable(k.multiply(block, FLOAT_BYTES));
  k.store(address, 0, k.binary("intAdd", k.load(address, 0, 1), k.intConstant(1)), 1);
  const items = blockCount(blocks) * FLOAT_BYTES;
  k.store(items, 0, k.binary("intAdd", k.load(items, 0, 1), k.intConstant(count)), 1);
}

/** How often each block was visited by units 0 … units - 1, and the items of all visits. */
function visitsOf(code: KernelCode, blocks: Blocks, units: number): { visits: number[]; items: number } {
  const memory = new Int32Array(blockCount(blocks) + 1);
  const run = interpretKernel(code, memory.buffer);
  for (let unit = 0; unit < units; unit++) run(unit);
  return { visits: [...memory.slice(0, -1)], items: memory[blockCount(blocks)] };
}

function sharedBlocks(blocks: Blocks, shares: number): KernelCode {
  const k = new KernelBuilder(WASM_TRAITS, 1);
  const range = rangeOfShare(k, blockCount(blocks), shares, k.parameters[0]);
  forEachBlock(k, blocks, range, (block, count) => visit(k, blocks, block, count));
  return k.finish();
}

describe("shares", () => {
  it("have every block once, for all numbers of blocks and shares, also more shares than blocks", () => {
    for (let length = 1; length <= 26; length++) {
      const blocks = { length, width: 3 };
      const count = blockCount(blocks);
      for (let shares = 1; shares <= 11; shares++) {
        const title = `${length} items in ${shares} shares`;
        const { visits, items } = visitsOf(sharedBlocks(blocks, shares), blocks, shares);
        expect(visits, title).toEqual(new Array(count).fill(1));
        expect(items, title).toBe(length);
      }
    }
  });

  it("are as many as are wanted at most, none empty, and no larger than so many must be", () => {
    for (let items = 1; items <= 40; items++) {
      for (let wanted = 1; wanted <= 20; wanted++) {
        const shares = shareCount(items, wanted);
        expect(shares).toBeLessThanOrEqual(Math.min(items, wanted));
        expect(largestShare(items, shares)).toBe(Math.ceil(items / Math.min(items, wanted)));
      }
    }
    // ceil(11 / 8) = 2 blocks in a share, of which 6 are enough.
    expect(shareCount(11, 8)).toBe(6);
  });

  it("of one block each have its number of items", () => {
    for (const length of [1, 2, 3, 4, 6, 7]) {
      const blocks = { length, width: 3 };
      const k = new KernelBuilder(WASM_TRAITS, 1);
      const [block] = k.parameters;
      atBlock(k, blocks, block, (count) => visit(k, blocks, block, count));
      const { visits, items } = visitsOf(k.finish(), blocks, blockCount(blocks));
      expect(visits).toEqual(new Array(blockCount(blocks)).fill(1));
      expect(items).toBe(length);
    }
  });
});
