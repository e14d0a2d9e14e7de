/**
 * @file Gradient of a convolution by its filters: for each filter number, the sum over all output pixels of
 * input · output gradient.
 *
 *   for unit (a share of the blocks of rows of all images, and a share of the filter numbers):
 *     partial = 0
 *     for each block of rows in the share:
 *       copy the block's input with its padding into scratch, if there is padding
 *       for group: for tile of filter numbers: for 2 vectors of outputs:
 *         accumulators = partial
 *         for row of the block: multiply-add tile over the row's pixels
 *         partial = accumulators
 *
 * The number of shares depends on shapes alone, so the order of additions does too. Partial sums of several
 * shares are added by a reduction afterwards.
 */
import { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits } from "../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../kernel.ts";
import { vectorLoop } from "../strided.ts";
import { geometryKey, tileSizes, type ConvolutionGeometry } from "./geometry.ts";
import { blockLanes } from "./pack.ts";
import { blockInput, scratchBytesFor, type BlockInput } from "./rows.ts";
import { multiplyAddRun, tileRows, type Tile } from "./tile.ts";

export function filterGradientKey(geometry: ConvolutionGeometry): string {
  return `filter gradient ${geometryKey(geometry)}`;
}

/** Output pixels that a tile sums over before its accumulators go back to memory. */
const BLOCK_PIXELS = 128;
/** Most shares of the images: each costs a partial gradient of the filter's size. */
const MOST_SHARES = 8;
/** Filters of more numbers than this are shared out by their numbers instead when there are few pixels. */
const LARGE_FILTER = 16384;

export interface FilterGradientPlan {
  /** Rows of a block. */
  readonly rows: number;
  readonly blocks: number;
  /** Partial gradients; 1 means that the kernel writes the gradient itself. */
  readonly shares: number;
  /** Shares of the filter's tiles; only where one tile after the other reads the same run. */
  readonly tileShares: number;
}

export function planFilterGradient(geometry: ConvolutionGeometry): FilterGradientPlan {
  const { batch, outputHeight, outputWidth } = geometry;
  const rows = Math.min(outputHeight, Math.max(1, Math.floor(BLOCK_PIXELS / outputWidth)));
  const blocks = batch * Math.ceil(outputHeight / rows);
  const numbers = filterNumbers(geometry);
  const few = blocks < MOST_SHARES || blocks * rows * outputWidth < 512;
  if (few && oneStretch(geometry) && numbers * geometry.outputChannels > LARGE_FILTER) {
    return { rows, blocks, shares: 1, tileShares: Math.min(16, Math.ceil(numbers / SHARE_STEP)) };
  }
  return { rows, blocks, shares: Math.min(MOST_SHARES, blocks), tileShares: 1 };
}

/** Shares of filter numbers are multiples of this, which every tile's rows divide, so that a tile lies in one share. */
const SHARE_STEP = 24;

/** Whether the inputs of all filter numbers lie one after the other: one filter row without gaps. */
function oneStretch({ filterHeight, filterWidth, groups, dilations }: ConvolutionGeometry): boolean {
  return filterHeight === 1 && groups === 1 && (dilations[1] === 1 || filterWidth === 1);
}

/** Filter numbers of one output: rows × columns × inputs of a group. */
function filterNumbers({ filterHeight, filterWidth, inputChannels, groups }: ConvolutionGeometry): number {
  return (filterHeight * filterWidth * inputChannels) / groups;
}

/** Pointers: input, output gradient, partial gradients [shares, filterHeight, filterWidth, inputs, outputs]. */
export function filterGradientKernel(geometry: ConvolutionGeometry, machine: MachineTraits): Kernel {
  const plan = planFilterGradient(geometry);
  const { rows, blocks, shares, tileShares } = plan;
  const k = new KernelBuilder(machine, FIRST_POINTER + 3);
  const [start, end, scratch, images, gradients, partials] = k.parameters;
  const rowBlocks = Math.ceil(geometry.outputHeight / rows);
  const { inputHeight, inputWidth, inputChannels, outputHeight, outputWidth, outputChannels } = geometry;
  const imageBytes = inputHeight * inputWidth * inputChannels * FLOAT_BYTES;
  const gradientRowBytes = outputWidth * outputChannels * FLOAT_BYTES;
  const numbers = filterNumbers(geometry);
  k.loop(start, end, 1, (unit) => {
    const share = k.intVariable(k.divide(unit, tileShares));
    const tileShare = k.intVariable(k.remainder(unit, tileShares));
    const partial = k.intVariable(k.add(partials, k.multiply(share, numbers * outputChannels * FLOAT_BYTES)));
    const firstBlock = k.intVariable(k.divide(k.multiply(share, blocks), shares));
    const endBlock = k.intVariable(k.divide(k.multiply(k.add(share, 1), blocks), shares));
    const range = numberRange(k, numbers, tileShares, tileShare);
    zeroNumbers(k, partial, range, outputChannels);
    k.loop(firstBlock, endBlock, 1, (block) => {
      const row = k.intVariable(k.multiply(k.remainder(block, rowBlocks), rows));
      const batch = k.intVariable(k.divide(block, rowBlocks));
      const image = k.intVariable(k.add(images, k.multiply(batch, imageBytes)));
      const column = k.int(0);
      const input = blockInput(k, geometry, image, scratch, { row, column }, { rows, columns: outputWidth });
      const gradientRow = k.add(k.multiply(batch, outputHeight), row);
      const gradient = k.intVariable(k.add(gradients, k.multiply(gradientRow, gradientRowBytes)));
      const rowCount =
        geometry.outputHeight % rows === 0
          ? k.int(rows)
          : k.intVariable(k.minimum(k.subtract(outputHeight, row), rows));
      const place: BlockPlace = { input, gradient, rowCount, partial };
      new BlockKernel(k, geometry, place).build(range);
    });
  });
  return {
    code: k.finish(),
    units: shares * tileShares,
    scratchBytes: scratchBytesFor(geometry, rows, outputWidth),
  };
}

/** Filter numbers that a unit is responsible for; known now unless tiles are shared out. */
interface NumberRange {
  readonly from: IntExpression;
  readonly to: IntExpression;
  readonly whole: boolean;
}

function numberRange(k: KernelBuilder, numbers: number, shares: number, share: IntExpression): NumberRange {
  if (shares === 1) return { from: k.int(0), to: k.int(numbers), whole: true };
  const perShare = Math.ceil(numbers / shares / SHARE_STEP) * SHARE_STEP;
  const from = k.intVariable(k.minimum(k.multiply(share, perShare), numbers));
  const to = k.intVariable(k.minimum(k.add(from, perShare), numbers));
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
  /** Output gradient at the block's first row. */
  readonly gradient: IntVariable;
  readonly rowCount: IntExpression;
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
    k.loop(0, geometry.groups, 1, (group) => {
      this.outputBlocks(group, (channel, outputs) => {
        const vectors = Math.ceil(outputs / k.machine.lanes);
        const size = tileRows(k.machine, vectors);
        if (
          range.whole &&
          filterNumbers(geometry) <= SMALL_FILTER &&
          this.stretches().some((s) => s.length % size)
        ) {
          this.smallFilter(size, group, channel, outputs);
        } else {
          for (const stretch of this.stretches()) this.stretch(stretch, size, range, group, channel, outputs);
        }
      });
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

  /** Blocks of outputs of one group; the last may have fewer. */
  private outputBlocks(group: IntExpression, body: (channel: IntExpression, outputs: number) => void): void {
    const { k } = this;
    const lanes = blockLanes(k.machine);
    const first = k.intVariable(k.multiply(group, this.groupOutputs));
    const full = Math.floor(this.groupOutputs / lanes);
    const rest = this.groupOutputs % lanes;
    if (full > 0) {
      k.loop(0, full, 1, (block) => body(k.intVariable(k.add(first, k.multiply(block, lanes))), lanes));
    }
    if (rest > 0) body(k.intVariable(k.add(first, full * lanes)), rest);
  }

  /** Bytes from the input of the block's first output to that of a filter number. */
  private inputOffset(stretch: Stretch, inside: number): number {
    const row = stretch.filterRow * this.geometry.dilations[0] * this.place.input.rowBytes;
    return row + (stretch.offset + inside) * FLOAT_BYTES;
  }

  private smallFilter(size: number, group: IntExpression, channel: IntExpression, outputs: number): void {
    const { k } = this;
    const offsets = this.stretches().flatMap((stretch) =>
      Array.from({ length: stretch.length }, (_, inside) => this.inputOffset(stretch, inside)),
    );
    const { full, rest } = tileSizes(offsets.length, size, true);
    let number = 0;
    for (const rows of [...new Array<number>(full).fill(size), ...rest]) {
      const chosen = offsets.slice(number, number + rows);
      const base = k.add(this.place.input.origin, k.multiply(group, this.groupInputs * FLOAT_BYTES));
      this.tile(k.intVariable(base), chosen, k.int(number), channel, outputs);
      number += rows;
    }
  }

  private stretch(
    stretch: Stretch,
    size: number,
    range: NumberRange,
    group: IntExpression,
    channel: IntExpression,
    outputs: number,
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
      const offsets = Array.from({ length: rows }, (_, i) => i * FLOAT_BYTES);
      this.tile(input, offsets, k.add(inside, stretch.number), channel, outputs);
    };
    const to = range.whole ? full * size : k.intVariable(k.minimum(range.to, full * size));
    k.loop(range.whole ? 0 : range.from, to, size, (inside) => tileAt(inside, size));
    let inside = full * size;
    for (const rows of rest) {
      const at = k.int(inside);
      if (range.whole) tileAt(at, rows);
      else k.ifAtLeast(at, range.from, () => k.ifAtLeast(range.to, k.add(at, 1), () => tileAt(at, rows)));
      inside += rows;
    }
  }

  /** Sums one tile of filter numbers (rows) × outputs (vectors) over the block's pixels. */
  private tile(
    input: IntVariable,
    rowOffsets: readonly number[],
    number: IntExpression,
    channel: IntExpression,
    outputs: number,
  ): void {
    const { k, geometry, place } = this;
    const { lanes } = k.machine;
    const numberBytes = geometry.outputChannels * FLOAT_BYTES;
    const channelBytes = k.multiply(channel, FLOAT_BYTES);
    const target = k.intVariable(k.add(k.add(place.partial, k.multiply(number, numberBytes)), channelBytes));
    const vectors = Math.ceil(outputs / lanes);
    const count = (j: number) => Math.min(lanes, outputs - j * lanes);
    const tile: Tile = rowOffsets.map((_, i) =>
      Array.from({ length: vectors }, (_, j) =>
        k.vectorVariable(k.load(target, i * numberBytes + j * lanes * FLOAT_BYTES, count(j))),
      ),
    );
    const stepBytes = geometry.strides[1] * geometry.inputChannels * FLOAT_BYTES;
    const gradientRowBytes = geometry.outputWidth * numberBytes;
    const gradientStart = k.intVariable(k.add(place.gradient, channelBytes));
    k.loop(0, place.rowCount, 1, (row) => {
      const a = k.intVariable(k.add(input, k.multiply(row, geometry.strides[0] * place.input.rowBytes)));
      const b = k.intVariable(k.add(gradientStart, k.multiply(row, gradientRowBytes)));
      multiplyAddRun(k, tile, {
        a,
        stepBytes,
        rowOffsets,
        b,
        bBytes: numberBytes,
        steps: geometry.outputWidth,
      });
    });
    tile.forEach((accumulators, i) =>
      accumulators.forEach((accumulator, j) =>
        k.store(target, i * numberBytes + j * lanes * FLOAT_BYTES, accumulator, count(j)),
      ),
    );
  }
}
