/**
 * @file Gradient of a convolution by its filters: for each filter number, the sum over all output pixels of
 * input · output gradient.
 *
 *   for unit (a share of the blocks of pixels of all images, and a share of the filter numbers):
 *     partial = 0
 *     for each block of pixels in the share:
 *       copy the block's input with its padding into scratch, if there is padding
 *       copy the block's output gradient into scratch, 2 vectors of outputs after the other
 *       for group: for tile of filter numbers: for 2 vectors of outputs:
 *         accumulators = partial
 *         for row of the block: multiply-add tile over the row's pixels
 *         partial = accumulators
 *
 * A unit that has a share of the filter numbers writes far more than it reads: there, tiles of numbers are the outer loop and
 * blocks of outputs the inner one, so that the rows of a tile are written in long pieces.
 *
 * Without the second copy the tile would read the output gradient at a stride that is often a power of two, and
 * the few cache sets that such a stride meets would not hold a block. Where all outputs are one tile wide, they lie as the
 * copy would, and are read in place.
 *
 * The number of shares depends on shapes alone, so the order of additions does too. Partial sums of several
 * shares are added by a reduction afterwards.
 */
import { KernelBuilder, type Int } from "../../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits } from "../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../kernel.ts";
import { blockCount, forEachBlock, rangeOfShare, type Range } from "../shares.ts";
import { vectorLoop } from "../strided.ts";
import { filterNumbers, planFilterGradient, type FilterGradientPlan } from "./filter-gradient-plan.ts";
import { tileSizes, type ConvolutionGeometry } from "./geometry.ts";
import { blockLanes } from "./pack.ts";
import {
  outputBlocksOf,
  packedGradientBytes,
  packGradient,
  readsGradientInPlace,
  type BlockSize,
} from "./packed-gradient.ts";
import { blockInput, scratchBytesFor, type BlockInput } from "./rows.ts";
import { forEachRestTile, multiplyAddRun, TILE_VECTORS, tileRows, zeroTile, type Tile } from "./tile.ts";
import { machineKernel } from "../library.ts";

export const FILTER_GRADIENT = machineKernel("filterGradient", ({ geometry }, machine) =>
  filterGradientKernel(geometry, machine),
);

/** Pointers: input, output gradient, partial gradients [shares, filterHeight, filterWidth, inputs, outputs]. */
export function filterGradientKernel(geometry: ConvolutionGeometry, machine: MachineTraits): Kernel {
  const plan = planFilterGradient(geometry);
  const { rows, columns, blocks, shares, tileShares } = plan;
  const k = new KernelBuilder(machine, FIRST_POINTER + 3);
  const [start, end, scratch, images, gradients, partials] = k.parameters;
  const { inputHeight, inputWidth, inputChannels, outputHeight, outputWidth, outputChannels } = geometry;
  const columnBlocks = Math.ceil(outputWidth / columns);
  const rowBlocks = Math.ceil(outputHeight / rows);
  const imageBytes = inputHeight * inputWidth * inputChannels * FLOAT_BYTES;
  const numbers = filterNumbers(geometry);
  const inputScratch = scratchBytesFor(geometry, rows, columns);
  const packed = k.intVariable(k.add(scratch, inputScratch));
  k.loop(start, end, 1, (unit) => {
    const share = k.intVariable(k.divide(unit, tileShares));
    const tileShare = k.intVariable(k.remainder(unit, tileShares));
    const partial = k.intVariable(k.add(partials, k.multiply(share, numbers * outputChannels * FLOAT_BYTES)));
    const blocksOfShare = rangeOfShare(k, blocks, shares, share);
    const range = numberRange(k, plan, tileShare);
    if (blocks > 1) zeroNumbers(k, partial, range, outputChannels);
    k.loop(blocksOfShare.from, blocksOfShare.to, 1, (block) => {
      const column = k.intVariable(k.multiply(k.remainder(block, columnBlocks), columns));
      const rowBlock = k.intVariable(k.divide(block, columnBlocks));
      const row = k.intVariable(k.multiply(k.remainder(rowBlock, rowBlocks), rows));
      const batch = k.intVariable(k.divide(rowBlock, rowBlocks));
      const image = k.intVariable(k.add(images, k.multiply(batch, imageBytes)));
      const input = blockInput(k, geometry, image, scratch, { row, column }, { rows, columns });
      const size = {
        rows: lengthOfBlock(k, row, rows, outputHeight),
        columns: lengthOfBlock(k, column, columns, outputWidth),
      };
      const gradientRow = k.add(k.multiply(batch, outputHeight), row);
      const firstPixel = k.add(k.multiply(gradientRow, outputWidth), column);
      const gradient = k.intVariable(k.add(gradients, k.multiply(firstPixel, outputChannels * FLOAT_BYTES)));
      const inPlace = readsGradientInPlace(geometry, machine);
      if (!inPlace) packGradient(k, geometry, plan, gradient, packed, size);
      const rowPixels = inPlace ? outputWidth : columns;
      const place = { input, packed: inPlace ? gradient : packed, rowPixels, plan, size, partial };
      new BlockKernel(k, geometry, place).build(range);
    });
  });
  return {
    code: k.finish(),
    units: shares * tileShares,
    scratchBytes: inputScratch + packedGradientBytes(geometry, plan, machine),
  };
}

/** Rows (columns) of the block that starts at `first`: fewer at the edge if the output is no multiple of blocks. */
function lengthOfBlock(k: KernelBuilder, first: IntExpression, block: number, length: number): Int {
  return length % block === 0 ? block : k.intVariable(k.minimum(k.subtract(length, first), block));
}

/** Filter numbers that a unit is responsible for; known now unless tiles are shared out. */
interface NumberRange {
  readonly from: IntExpression;
  readonly to: IntExpression;
  readonly whole: boolean;
}

function numberRange(
  k: KernelBuilder,
  { numbers, tileShares }: FilterGradientPlan,
  share: IntExpression,
): NumberRange {
  const { length, width } = numbers;
  if (tileShares === 1) return { from: k.int(0), to: k.int(length), whole: true };
  const range = rangeOfShare(k, blockCount(numbers), tileShares, share);
  const from = k.intVariable(k.multiply(range.from, width));
  const to = k.intVariable(k.minimum(k.multiply(range.to, width), length));
  return { from, to, whole: false };
}

function zeroNumbers(k: KernelBuilder, partial: IntExpression, range: NumberRange, outputs: number): void {
  const zero = k.constant(0);
  if (range.from.kind === "int" && range.to.kind === "int") {
    vectorLoop(k, range.to.value * outputs, (position, count) => {
      const address = position.bytes ? k.add(partial, position.bytes) : partial;
      k.store(address, position.elements * FLOAT_BYTES, zero, count);
    });
    return;
  }
  k.loop(range.from, range.to, 1, (number) => {
    const target = k.intVariable(k.add(partial, k.multiply(number, outputs * FLOAT_BYTES)));
    vectorLoop(k, outputs, (position, count) => {
      const address = position.bytes ? k.add(target, position.bytes) : target;
      k.store(address, position.elements * FLOAT_BYTES, zero, count);
    });
  });
}

interface BlockPlace {
  readonly input: BlockInput;
  /** The block's output gradient, packed or as it lies in memory, and the pixels from one of its rows to the next. */
  readonly packed: IntVariable;
  readonly rowPixels: number;
  readonly plan: FilterGradientPlan;
  readonly size: BlockSize;
  readonly partial: IntVariable;
}

/** A stretch of consecutive filter numbers whose inputs are consecutive floats. */
interface Stretch {
  /** First filter number. */
  readonly number: number;
  readonly length: number;
  /** Where the first one's input lies, from the input of the block's first output. */
  readonly filterRow: number;
  readonly offset: number;
}

/** Filter numbers that are summed together. */
interface NumberTile {
  /** Address of the input of the first number for the block's first output, and the byte offsets of all numbers from there. */
  readonly input: IntVariable;
  readonly rowOffsets: readonly number[];
  /** The first number. */
  readonly number: IntExpression;
}

interface OutputBlock {
  /** Its first output channel. */
  readonly channel: IntVariable;
  readonly gradient: IntVariable;
  readonly count: number;
}

/** A panel of the output gradient is read for each tile of numbers: it should leave half of a second-level cache of 512 KB to the rest. */
const PANEL_BYTES = 256 * 1024;

/** Filters of at most this many numbers are tiled across rows and runs, each tile with code of its own. */
const SMALL_FILTER = 64;

class BlockKernel {
  private readonly k: KernelBuilder;
  private readonly geometry: ConvolutionGeometry;
  private readonly place: BlockPlace;
  private readonly groupOutputs: number;
  private readonly groupInputs: number;

  constructor(k: KernelBuilder, geometry: ConvolutionGeometry, place: BlockPlace) {
    this.k = k;
    this.geometry = geometry;
    this.place = place;
    this.groupOutputs = geometry.outputChannels / geometry.groups;
    this.groupInputs = geometry.inputChannels / geometry.groups;
  }

  build(range: NumberRange): void {
    const { k, geometry } = this;
    if (!range.whole) {
      this.numbersThenOutputs(range);
      return;
    }
    k.loop(0, geometry.groups, 1, (group) => {
      this.outputBlocks(group, (outputs) => {
        const vectors = Math.ceil(outputs.count / k.machine.lanes);
        const size = tileRows(k.machine, vectors);
        if (
          range.whole &&
          filterNumbers(geometry) <= SMALL_FILTER &&
          this.stretches().some((s) => s.length % size)
        ) {
          this.smallFilter(size, group, outputs);
        } else {
          for (const stretch of this.stretches())
            this.stretch(stretch, size, range, group, (tile) => this.tile(tile, outputs));
        }
      });
    });
  }

  /** Numbers that are shared out are one stretch of one group: a plan shares no others. */
  private numbersThenOutputs(range: NumberRange): void {
    const { k, geometry } = this;
    const { rows, columns } = this.place.plan;
    const group = k.int(0);
    const [stretch] = this.stretches();
    const size = tileRows(k.machine, TILE_VECTORS);
    const blocks = outputBlocksOf(geometry, k.machine);
    const blockBytes = rows * columns * blockLanes(k.machine) * FLOAT_BYTES;
    const panel = Math.max(1, Math.floor(PANEL_BYTES / blockBytes));
    k.loop(0, blocks, panel, (from) => {
      const panelBlocks = { from, to: k.intVariable(k.minimum(k.add(from, panel), blocks)) };
      this.stretch(stretch, size, range, group, (tile) =>
        this.outputBlocks(group, (outputs) => this.tile(tile, outputs), panelBlocks),
      );
    });
  }

  private stretches(): Stretch[] {
    const { filterHeight, filterWidth, inputChannels, groups, dilations } = this.geometry;
    const merged = groups === 1 && (dilations[1] === 1 || filterWidth === 1);
    const length = merged ? filterWidth * inputChannels : this.groupInputs;
    const perRow = merged ? 1 : filterWidth;
    return Array.from({ length: filterHeight * perRow }, (_, i) => ({
      number: i * length,
      length,
      filterRow: Math.floor(i / perRow),
      offset: (i % perRow) * dilations[1] * inputChannels,
    }));
  }

  /** Blocks of outputs of one group with their packed gradient; the last may have fewer outputs. `range`: default all. */
  private outputBlocks(
    group: IntExpression,
    body: (outputs: OutputBlock) => void,
    range: Range = { from: this.k.int(0), to: this.k.int(outputBlocksOf(this.geometry, this.k.machine)) },
  ): void {
    const { k, geometry } = this;
    const { plan, packed } = this.place;
    const lanes = blockLanes(k.machine);
    const blockBytes = plan.rows * plan.columns * lanes * FLOAT_BYTES;
    const firstChannel = k.intVariable(k.multiply(group, this.groupOutputs));
    const firstBlock = k.multiply(group, outputBlocksOf(geometry, k.machine) * blockBytes);
    const groupPacked = k.intVariable(k.add(packed, firstBlock));
    forEachBlock(k, { length: this.groupOutputs, width: lanes }, range, (block, count) =>
      body({
        channel: k.intVariable(k.add(firstChannel, k.multiply(block, lanes))),
        gradient: k.intVariable(k.add(groupPacked, k.multiply(block, blockBytes))),
        count,
      }),
    );
  }

  /** Bytes from the input of the block's first output to that of a filter number. */
  private inputOffset(stretch: Stretch, inside: number): number {
    const row = stretch.filterRow * this.geometry.dilations[0] * this.place.input.rowBytes;
    return row + (stretch.offset + inside) * FLOAT_BYTES;
  }

  private smallFilter(size: number, group: IntExpression, outputs: OutputBlock): void {
    const { k } = this;
    const offsets = this.stretches().flatMap((stretch) =>
      Array.from({ length: stretch.length }, (_, inside) => this.inputOffset(stretch, inside)),
    );
    const { full, rest } = tileSizes(offsets.length, size, true);
    let number = 0;
    for (const rows of [...new Array<number>(full).fill(size), ...rest]) {
      const chosen = offsets.slice(number, number + rows);
      const base = k.add(this.place.input.origin, k.multiply(group, this.groupInputs * FLOAT_BYTES));
      this.tile({ input: k.intVariable(base), rowOffsets: chosen, number: k.int(number) }, outputs);
      number += rows;
    }
  }

  private stretch(
    stretch: Stretch,
    size: number,
    range: NumberRange,
    group: IntExpression,
    body: (tile: NumberTile) => void,
  ): void {
    const { k } = this;
    const { full, rest } = tileSizes(stretch.length, size, range.whole);
    const base = k.intVariable(
      k.add(
        k.add(this.place.input.origin, this.inputOffset(stretch, 0)),
        k.multiply(group, this.groupInputs * FLOAT_BYTES),
      ),
    );
    const tileAt = (inside: IntExpression, rows: number) => {
      const input = k.intVariable(k.add(base, k.multiply(inside, FLOAT_BYTES)));
      const rowOffsets = Array.from({ length: rows }, (_, i) => i * FLOAT_BYTES);
      body({ input, rowOffsets, number: k.intVariable(k.add(inside, stretch.number)) });
    };
    const to = range.whole ? full * size : k.intVariable(k.minimum(range.to, full * size));
    k.loop(range.whole ? 0 : range.from, to, size, (inside) => tileAt(inside, size));
    forEachRestTile(k, full * size, rest, (at, rows) => {
      if (range.whole) tileAt(at, rows);
      else k.ifAtLeast(at, range.from, () => k.ifAtLeast(range.to, k.add(at, 1), () => tileAt(at, rows)));
    });
  }

  /** Sums one tile of filter numbers (rows) × outputs (vectors) over the block's pixels. */
  private tile({ input, rowOffsets, number }: NumberTile, outputs: OutputBlock): void {
    const { k, geometry, place } = this;
    const { lanes } = k.machine;
    const numberBytes = geometry.outputChannels * FLOAT_BYTES;
    const first = k.add(place.partial, k.multiply(number, numberBytes));
    const target = k.intVariable(k.add(first, k.multiply(outputs.channel, FLOAT_BYTES)));
    const vectors = Math.ceil(outputs.count / lanes);
    const count = (j: number) => Math.min(lanes, outputs.count - j * lanes);
    const isOnlyBlock = place.plan.blocks === 1;
    const tile: Tile = isOnlyBlock
      ? zeroTile(k, rowOffsets.length, vectors)
      : rowOffsets.map((_, i) =>
          Array.from({ length: vectors }, (_, j) =>
            k.vectorVariable(k.load(target, i * numberBytes + j * lanes * FLOAT_BYTES, count(j))),
          ),
        );
    const stepBytes = geometry.strides[1] * geometry.inputChannels * FLOAT_BYTES;
    const bBytes = blockLanes(k.machine) * FLOAT_BYTES;
    k.loop(0, place.size.rows, 1, (row) => {
      const a = k.intVariable(k.add(input, k.multiply(row, geometry.strides[0] * place.input.rowBytes)));
      const b = k.intVariable(k.add(outputs.gradient, k.multiply(row, place.rowPixels * bBytes)));
      multiplyAddRun(k, tile, { a, stepBytes, rowOffsets, b, bBytes, steps: place.size.columns });
    });
    tile.forEach((accumulators, i) =>
      accumulators.forEach((accumulator, j) =>
        k.store(target, i * numberBytes + j * lanes * FLOAT_BYTES, accumulator, count(j)),
      ),
    );
  }
}
