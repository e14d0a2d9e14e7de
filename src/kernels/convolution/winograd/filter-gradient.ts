/**
 * @file Gradient of a convolution by its filters, by Winograd's algorithm (transforms.ts):
 *
 *   for unit (share of the tiles of all images, share of the blocks of 2 vectors of outputs):
 *     X[all points][all inputs][outputs of the share] = 0
 *     for each block of tiles in the share:
 *       for tile: V[all points][tile][all inputs] = Bᵀ input B,  D[all points][tile][outputs] = A output gradient Aᵀ
 *       for point: for block of outputs: for 12 (6, 4) inputs:
 *         X[point] += multiply-add tile over the block's tiles of V[point] · D[point]
 *     partial gradient = Gᵀ X G
 *
 * V, D and X are scratch of the thread. Shares depend on shapes alone, so the order of additions does too; the partial
 * gradients of several shares of tiles are added by a reduction afterwards.
 */
import { KernelBuilder, type Int } from "../../../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits } from "../../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../../kernel.ts";
import {
  blockCount,
  forEachBlock,
  largestShare,
  rangeOfShare,
  shareCount,
  type Blocks,
  type Range,
} from "../../shares.ts";
import { tileSizes, type ConvolutionGeometry } from "../geometry.ts";
import { blockLanes } from "../pack.ts";
import { forEachRestTile, multiplyAddRun, tileRows } from "../tile.ts";
import { forEachVector, pointBytes, tileGrid, type TileGrid } from "./geometry.ts";
import { squareBytes, transformSquare } from "./square.ts";
import { patchBytes, placeOfTile, tileWindow, transformChannels, withWholeTiles } from "./tiles.ts";
import { POINTS, TILE_INPUTS, tileTransforms, transformInput, type TileTransforms } from "./transforms.ts";
import { machineKernel } from "../../library.ts";

/** Tiles of a block: X is read and written once for each block, so there should be many; V and D grow with them. */
const MOST_TILES = 48;
/** Most shares of the tiles: each costs a partial gradient of the filter's size and a transform of X. */
const MOST_SHARES = 8;
/** X of a unit should leave room in a last-level cache that threads share. */
const SUM_BYTES = 2560 * 1024;

export interface WinogradFilterGradientPlan {
  readonly grid: TileGrid;
  /** Tiles of a block. */
  readonly tiles: number;
  /** Partial gradients; 1 means that the kernel writes the gradient itself. */
  readonly shares: number;
  readonly outputs: Blocks;
  /** Parts that the blocks of outputs are shared out in. */
  readonly outputShares: number;
}

export function planWinogradFilterGradient(
  geometry: ConvolutionGeometry,
  machine: MachineTraits,
): WinogradFilterGradientPlan {
  const { inputChannels, outputChannels } = geometry;
  const grid = tileGrid(geometry);
  const shares = Math.min(MOST_SHARES, Math.ceil(grid.count / MOST_TILES));
  const perShare = Math.ceil(grid.count / shares);
  const tiles = Math.ceil(perShare / Math.ceil(perShare / MOST_TILES));
  const bytes = POINTS * inputChannels * outputChannels * FLOAT_BYTES;
  const wanted = Math.max(Math.ceil(bytes / SUM_BYTES), Math.floor(MOST_SHARES / shares));
  const outputs = { length: outputChannels, width: blockLanes(machine) };
  return { grid, tiles, shares, outputs, outputShares: shareCount(blockCount(outputs), wanted) };
}

export const WINOGRAD_FILTER_GRADIENT = machineKernel("winogradFilterGradient", ({ geometry }, machine) =>
  winogradFilterGradientKernel(geometry, machine),
);

/** Pointers: input, output gradient, partial gradients [shares, filterHeight, filterWidth, inputs, outputs]. */
export function winogradFilterGradientKernel(geometry: ConvolutionGeometry, machine: MachineTraits): Kernel {
  return new FilterGradientKernel(geometry, machine).build();
}

class FilterGradientKernel {
  private readonly geometry: ConvolutionGeometry;
  private readonly plan: WinogradFilterGradientPlan;
  private readonly transforms: TileTransforms;
  private readonly k: KernelBuilder;
  /** Outputs of a full block. */
  private readonly width: number;
  /** The most blocks of outputs that a unit has. */
  private readonly mostBlocks: number;
  /** Bytes from one point to the next, and from one block of outputs to the next. */
  private readonly inputStride: number;
  private readonly gradientStride: number;
  private readonly sumStride: number;
  private readonly gradientBlock: number;
  private readonly sumBlock: number;
  private readonly inputs: IntVariable;
  private readonly gradients: IntVariable;
  private readonly sums: IntVariable;
  /** The scratch memory of {@link transformSquare}. */
  private readonly square: IntVariable;

  constructor(geometry: ConvolutionGeometry, machine: MachineTraits) {
    this.geometry = geometry;
    this.plan = planWinogradFilterGradient(geometry, machine);
    this.transforms = tileTransforms(geometry.filterWidth);
    this.width = blockLanes(machine);
    const { tiles, outputs, outputShares } = this.plan;
    this.mostBlocks = largestShare(blockCount(outputs), outputShares);
    this.inputStride = pointBytes(tiles, geometry.inputChannels);
    this.gradientStride = pointBytes(tiles, this.width);
    this.sumStride = pointBytes(geometry.inputChannels, this.width);
    this.gradientBlock = POINTS * this.gradientStride;
    this.sumBlock = POINTS * this.sumStride;
    this.k = new KernelBuilder(machine, FIRST_POINTER + 3);
    const { k } = this;
    [, , this.inputs] = k.parameters;
    this.gradients = k.intVariable(k.add(this.inputs, POINTS * this.inputStride));
    this.sums = k.intVariable(k.add(this.gradients, this.mostBlocks * this.gradientBlock));
    this.square = k.intVariable(k.add(this.sums, this.mostBlocks * this.sumBlock));
  }

  build(): Kernel {
    const { k, geometry, plan } = this;
    const { grid, tiles, shares, outputs, outputShares } = plan;
    const [start, end] = k.parameters;
    const partials = k.parameters[FIRST_POINTER + 2];
    const { filterHeight, filterWidth, inputChannels, outputChannels } = geometry;
    const partialBytes = filterHeight * filterWidth * inputChannels * outputChannels * FLOAT_BYTES;
    k.loop(start, end, 1, (unit) => {
      const share = k.intVariable(k.divide(unit, outputShares));
      const outputShare = k.intVariable(k.remainder(unit, outputShares));
      const { from, to } = rangeOfShare(k, grid.count, shares, share);
      const range = rangeOfShare(k, blockCount(outputs), outputShares, outputShare);
      this.clearSums();
      k.loop(from, to, tiles, (first) => {
        const count = k.intVariable(k.minimum(k.subtract(to, first), tiles));
        this.transformTiles(first, count, range);
        this.multiply(count, range);
      });
      this.store(k.intVariable(k.add(partials, k.multiply(share, partialBytes))), range);
    });
    const scratchBytes =
      POINTS * this.inputStride +
      this.mostBlocks * (this.gradientBlock + this.sumBlock) +
      this.squareBytes() +
      this.patchBytes();
    return { code: k.finish(), units: shares * outputShares, scratchBytes };
  }

  /** The output gradient as the input of a 1×1 convolution: a tile reads its own outputs of it. */
  private gradientGeometry(): ConvolutionGeometry {
    const { geometry, plan } = this;
    return withWholeTiles(
      {
        ...geometry,
        inputHeight: geometry.outputHeight,
        inputWidth: geometry.outputWidth,
        inputChannels: geometry.outputChannels,
        filterHeight: 1,
        filterWidth: 1,
        padding: [0, 0],
      },
      plan.grid,
    );
  }

  /** The largest square is the input's. */
  private squareBytes(): number {
    return squareBytes(transformInput, this.k.machine.lanes);
  }

  private patchBytes(): number {
    const { grid } = this.plan;
    return Math.max(patchBytes(this.geometry, grid), patchBytes(this.gradientGeometry(), grid));
  }

  private clearSums(): void {
    const { k } = this;
    const zero = k.constant(0);
    const vectorBytes = k.machine.lanes * FLOAT_BYTES;
    const end = k.intVariable(k.add(this.sums, this.mostBlocks * this.sumBlock));
    k.loop(this.sums, end, vectorBytes, (address) => k.store(address, 0, zero));
  }

  /** V and D of `count` tiles. */
  private transformTiles(first: IntExpression, count: IntExpression, range: Range): void {
    const { k, geometry, plan, width } = this;
    const [images, gradients] = k.parameters.slice(FIRST_POINTER);
    const whole = withWholeTiles(geometry, plan.grid);
    const patch = k.intVariable(k.add(this.square, this.squareBytes()));
    k.loop(0, count, 1, (row) => {
      const place = placeOfTile(k, plan.grid, k.intVariable(k.add(first, row)));
      const inputs = tileWindow(k, whole, plan.grid, images, patch, place);
      const inputTarget = {
        address: k.add(this.inputs, k.multiply(row, geometry.inputChannels * FLOAT_BYTES)),
        pointBytes: this.inputStride,
        isPadded: false,
      };
      transformChannels(
        k,
        transformInput,
        inputs,
        k.int(0),
        geometry.inputChannels,
        inputTarget,
        this.square,
      );
      const outputs = tileWindow(k, this.gradientGeometry(), plan.grid, gradients, patch, place);
      const target = k.intVariable(k.add(this.gradients, k.multiply(row, width * FLOAT_BYTES)));
      forEachBlock(k, plan.outputs, range, (block, channels) => {
        const offset = k.intVariable(k.multiply(block, width * FLOAT_BYTES));
        const gradientTarget = {
          address: k.add(target, k.multiply(k.subtract(block, range.from), this.gradientBlock)),
          pointBytes: this.gradientStride,
          isPadded: true,
        };
        transformChannels(
          k,
          this.transforms.outputGradient,
          outputs,
          offset,
          channels,
          gradientTarget,
          this.square,
        );
      });
    });
  }

  /** Adds the products of `count` tiles to X. */
  private multiply(count: IntExpression, range: Range): void {
    const { k, geometry, plan } = this;
    k.loop(0, POINTS, 1, (point) => {
      const inputs = k.intVariable(k.add(this.inputs, k.multiply(point, this.inputStride)));
      const gradients = k.intVariable(k.add(this.gradients, k.multiply(point, this.gradientStride)));
      const sums = k.intVariable(k.add(this.sums, k.multiply(point, this.sumStride)));
      forEachBlock(k, plan.outputs, range, (block, outputs) => {
        const inShare = k.intVariable(k.subtract(block, range.from));
        const b = k.intVariable(k.add(gradients, k.multiply(inShare, this.gradientBlock)));
        const target = k.intVariable(k.add(sums, k.multiply(inShare, this.sumBlock)));
        const vectors = Math.ceil(outputs / k.machine.lanes);
        const size = tileRows(k.machine, vectors);
        const { full, rest } = tileSizes(geometry.inputChannels, size, true);
        const tileAt = (channel: Int, rows: number) =>
          this.tile(inputs, channel, rows, vectors, b, target, count);
        k.loop(0, full * size, size, (channel) => tileAt(channel, size));
        forEachRestTile(k, full * size, rest, tileAt);
      });
    });
  }

  /** `rows` inputs × `vectors` vectors of outputs of one point. */
  private tile(
    inputs: IntExpression,
    channel: Int,
    rows: number,
    vectors: number,
    gradients: IntExpression,
    sums: IntExpression,
    count: IntExpression,
  ): void {
    const { k, geometry, width } = this;
    const { lanes } = k.machine;
    const rowBytes = width * FLOAT_BYTES;
    const target = k.intVariable(k.add(sums, k.multiply(channel, rowBytes)));
    const offset = (i: number, j: number) => i * rowBytes + j * lanes * FLOAT_BYTES;
    const indices = Array.from({ length: rows }, (_, i) => i);
    const tile = indices.map((i) =>
      Array.from({ length: vectors }, (_, j) => k.vectorVariable(k.load(target, offset(i, j)))),
    );
    multiplyAddRun(k, tile, {
      a: k.intVariable(k.add(inputs, k.multiply(channel, FLOAT_BYTES))),
      stepBytes: geometry.inputChannels * FLOAT_BYTES,
      rowOffsets: indices.map((i) => i * FLOAT_BYTES),
      b: k.intVariable(gradients),
      bBytes: rowBytes,
      steps: count,
    });
    tile.forEach((accumulators, i) =>
      accumulators.forEach((accumulator, j) => k.store(target, offset(i, j), accumulator)),
    );
  }

  /** Transforms X back to the share's partial gradient. */
  private store(partial: IntExpression, range: Range): void {
    const { k, geometry, plan, width } = this;
    const { inputChannels, outputChannels, filterWidth } = geometry;
    forEachBlock(k, plan.outputs, range, (block, outputs) => {
      const inShare = k.subtract(block, range.from);
      const sums = k.intVariable(k.add(this.sums, k.multiply(inShare, this.sumBlock)));
      const first = k.intVariable(k.add(partial, k.multiply(block, width * FLOAT_BYTES)));
      k.loop(0, inputChannels, 1, (channel) => {
        const source = k.intVariable(k.add(sums, k.multiply(channel, width * FLOAT_BYTES)));
        const target = k.intVariable(k.add(first, k.multiply(channel, outputChannels * FLOAT_BYTES)));
        forEachVector(k, outputs, (lane, count) => {
          const bytes = k.multiply(lane, FLOAT_BYTES);
          const to = k.intVariable(k.add(target, bytes));
          const square = {
            address: k.add(source, bytes),
            rowBytes: TILE_INPUTS * this.sumStride,
            load: (row: IntVariable, column: number) => k.load(row, column * this.sumStride),
          };
          const filterBytes = inputChannels * outputChannels * FLOAT_BYTES;
          transformSquare(k, this.transforms.filterGradient, square, this.square, (values) => {
            values.forEach((value, i) => {
              const offset = i * filterWidth * filterBytes;
              k.store(to, offset, count < k.machine.lanes ? k.let(value) : value, count);
            });
            k.increment(to, filterBytes);
          });
        });
      });
    });
  }
}
