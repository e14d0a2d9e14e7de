/**
 * @file Convolution by Winograd's algorithm (transforms.ts), channels last. Also the input gradient, which is a
 * convolution with flipped filters.
 *
 *   for unit (block of neighbouring tiles of all images, share of the filter blocks):
 *     for tile: V[all points][tile][all inputs] = Bᵀ input B
 *     for block of 2 vectors of filters:
 *       for point: for 12 (6, 4) tiles: M[point][tiles] = multiply-add tile over V[point] and the filters of the point
 *       for tile: store epilogue(Aᵀ M A)
 *
 * V and M of a block of tiles are scratch of the thread, sized for the second-level cache. The filters of one point and
 * block fit the first-level cache, and all tiles of the block use them there.
 */
import type { KernelBuilder } from "../../../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits } from "../../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../../kernel.ts";
import {
  ENOUGH_UNITS,
  blockCount,
  forEachBlock,
  rangeOfShare,
  shareCount,
  type Blocks,
} from "../../shares.ts";
import { TileEpilogue } from "../../tile-epilogue.ts";
import { type Epilogue } from "../../epilogue.ts";
import { epilogueParameters } from "../../epilogue-parameters.ts";
import { type ConvolutionGeometry } from "../geometry.ts";
import { blockLanes } from "../pack.ts";
import { multiplyAddRun, zeroTile } from "../tile.ts";
import {
  filterBlockBytes,
  forEachVector,
  pointBytes,
  ROW_STEP,
  rowsOfTile,
  tileGrid,
  type TileGrid,
} from "./geometry.ts";
import { squareBytes, transformSquare } from "./square.ts";
import { patchBytes, placeOfTile, tileWindow, transformChannels, withWholeTiles } from "./tiles.ts";
import { POINTS, TILE_INPUTS, tileTransforms, transformInput } from "./transforms.ts";
import { machineKernel } from "../../library.ts";
import type { ConvolutionRequest } from "../../requests.ts";

/** V and M of a block should fit a second-level cache of 512 KB. */
const BLOCK_BYTES = 512 * 1024;
/** More would not use a point's filters noticeably better. */
const MOST_TILES = 48;

/**
 * Each block of tiles reads all filters. Where no cache holds them, blocks are as large as there are tiles for, though V then
 * leaves the second-level cache.
 */
const CACHED_FILTER_BYTES = 16 * 1024 * 1024;

/** The largest of as many even shares of `total` as keep each at most `most`. */
function evenShare(total: number, most: number): number {
  return Math.ceil(total / Math.ceil(total / most));
}

interface Blocking {
  /** Tiles of a block: a multiple of ROW_STEP. */
  readonly tiles: number;
  readonly blocks: number;
  readonly filters: Blocks;
  /** Parts that the blocks of filters are shared out in. */
  readonly filterShares: number;
}

function chooseBlocking(geometry: ConvolutionGeometry, grid: TileGrid, machine: MachineTraits): Blocking {
  const width = blockLanes(machine);
  const bytesOfTile = POINTS * (geometry.inputChannels + width) * FLOAT_BYTES;
  const most = Math.min(
    MOST_TILES,
    Math.floor(BLOCK_BYTES / bytesOfTile),
    Math.ceil(grid.count / ENOUGH_UNITS),
  );
  const filters = { length: geometry.outputChannels, width };
  const filterBytes = blockCount(filters) * filterBlockBytes(geometry.inputChannels, machine);
  const largest = MOST_TILES / ROW_STEP;
  const steps =
    filterBytes > CACHED_FILTER_BYTES
      ? evenShare(grid.count / ROW_STEP, largest)
      : Math.max(1, Math.floor(most / ROW_STEP));
  const tiles = steps * ROW_STEP;
  const blocks = Math.ceil(grid.count / tiles);
  const filterShares = shareCount(blockCount(filters), Math.ceil(ENOUGH_UNITS / blocks));
  return { tiles, blocks, filters, filterShares };
}

export const WINOGRAD = machineKernel("winograd", winogradKernel);

/** Pointers: input, transformed filters, the epilogue's memory operands, output. */
export function winogradKernel(request: ConvolutionRequest, machine: MachineTraits): Kernel {
  return new WinogradKernel(request, machine).build();
}

class WinogradKernel {
  private readonly geometry: ConvolutionGeometry;
  private readonly epilogue: Epilogue | undefined;
  private readonly k: KernelBuilder;
  private readonly grid: TileGrid;
  private readonly blocking: Blocking;
  /** Outputs of a full block of filters. */
  private readonly width: number;
  private readonly inputStride: number;
  private readonly productStride: number;
  private readonly products: IntVariable;
  /** The scratch memory of {@link transformSquare}. */
  private readonly square: IntVariable;
  private readonly epiloguePointers: readonly (IntVariable | undefined)[];
  private readonly output: IntVariable;

  constructor({ geometry, epilogue }: ConvolutionRequest, machine: MachineTraits) {
    this.geometry = geometry;
    this.epilogue = epilogue;
    this.grid = tileGrid(geometry);
    this.blocking = chooseBlocking(geometry, this.grid, machine);
    this.width = blockLanes(machine);
    this.inputStride = pointBytes(this.blocking.tiles, geometry.inputChannels);
    this.productStride = pointBytes(this.blocking.tiles, this.width);
    const parameters = epilogueParameters(epilogue, machine);
    this.k = parameters.k;
    this.epiloguePointers = parameters.epiloguePointers;
    this.output = parameters.output;
    const [, , scratch] = this.k.parameters;
    this.products = this.k.intVariable(this.k.add(scratch, POINTS * this.inputStride));
    this.square = this.k.intVariable(this.k.add(this.products, POINTS * this.productStride));
  }

  build(): Kernel {
    const { k, geometry, grid, blocking } = this;
    const { tiles, blocks, filters, filterShares } = blocking;
    const [start, end, scratch, images] = k.parameters;
    const whole = withWholeTiles(geometry, grid);
    const squareSize = squareBytes(transformInput, k.machine.lanes);
    const patch = k.intVariable(k.add(this.square, squareSize));
    k.loop(start, end, 1, (unit) => {
      const share = k.intVariable(k.remainder(unit, filterShares));
      const first = k.intVariable(k.multiply(k.divide(unit, filterShares), tiles));
      const count = k.intVariable(k.minimum(k.subtract(grid.count, first), tiles));
      // The last multiply-add tile of the last block is filled with copies of the last tile.
      const rows = k.intVariable(k.multiply(k.divide(k.add(count, ROW_STEP - 1), ROW_STEP), ROW_STEP));
      k.loop(0, rows, 1, (row) => {
        const tile = k.intVariable(k.minimum(k.add(first, row), grid.count - 1));
        const place = placeOfTile(k, grid, tile);
        const window = tileWindow(k, whole, grid, images, patch, place);
        const rowBytes = geometry.inputChannels * FLOAT_BYTES;
        const target = {
          address: k.add(scratch, k.multiply(row, rowBytes)),
          pointBytes: this.inputStride,
          isPadded: false,
        };
        transformChannels(k, transformInput, window, k.int(0), geometry.inputChannels, target, this.square);
      });
      const range = rangeOfShare(k, blockCount(filters), filterShares, share);
      forEachBlock(k, filters, range, (block, outputs) => {
        const offset = k.multiply(block, filterBlockBytes(geometry.inputChannels, k.machine));
        const packed = k.intVariable(k.add(k.parameters[FIRST_POINTER + 1], offset));
        const channel = k.intVariable(k.multiply(block, this.width));
        this.multiply(rows, packed, outputs);
        k.loop(0, count, 1, (row) => this.store(first, row, channel, outputs));
      });
    });
    return {
      code: k.finish(),
      units: blocks * filterShares,
      scratchBytes:
        POINTS * (this.inputStride + this.productStride) + squareSize + patchBytes(geometry, grid),
    };
  }

  /** M of one block of filters for `rows` tiles. */
  private multiply(rows: IntExpression, filters: IntVariable, outputs: number): void {
    const { k, geometry, width } = this;
    const { lanes } = k.machine;
    const [, , scratch] = k.parameters;
    const vectors = Math.ceil(outputs / lanes);
    const size = rowsOfTile(k.machine, vectors);
    const inputs = geometry.inputChannels;
    const rowBytes = width * FLOAT_BYTES;
    k.loop(0, POINTS, 1, (point) => {
      const source = k.intVariable(k.add(scratch, k.multiply(point, this.inputStride)));
      const target = k.intVariable(k.add(this.products, k.multiply(point, this.productStride)));
      const packed = k.intVariable(k.add(filters, k.multiply(point, pointBytes(inputs, width))));
      k.loop(0, rows, size, (row) => {
        const tile = zeroTile(k, size, vectors);
        multiplyAddRun(k, tile, {
          a: k.intVariable(k.add(source, k.multiply(row, inputs * FLOAT_BYTES))),
          stepBytes: FLOAT_BYTES,
          rowOffsets: tile.map((_, i) => i * inputs * FLOAT_BYTES),
          b: k.intVariable(packed),
          bBytes: rowBytes,
          steps: inputs,
        });
        const result = k.intVariable(k.add(target, k.multiply(row, rowBytes)));
        tile.forEach((accumulators, i) =>
          accumulators.forEach((accumulator, j) =>
            k.store(result, i * rowBytes + j * lanes * FLOAT_BYTES, accumulator),
          ),
        );
      });
    });
  }

  /** Transforms one tile's products back and stores its outputs, as far as they lie inside the image. */
  private store(first: IntExpression, row: IntExpression, channel: IntExpression, outputs: number): void {
    const { k, geometry, grid, width } = this;
    const { lanes } = k.machine;
    const { outputHeight, outputWidth, outputChannels } = geometry;
    const { tileOutputs, output: transform } = tileTransforms(geometry.filterWidth);
    const place = placeOfTile(k, grid, k.add(first, row));
    const line = k.add(k.multiply(place.batch, outputHeight), place.row);
    const pixel = k.add(k.multiply(line, outputWidth), place.column);
    const element = k.add(k.multiply(pixel, outputChannels), channel);
    const address = k.intVariable(k.add(this.output, k.multiply(element, FLOAT_BYTES)));
    const source = k.intVariable(k.add(this.products, k.multiply(row, width * FLOAT_BYTES)));
    const isWhole = outputWidth % tileOutputs === 0;
    const left = () => k.intVariable(k.minimum(k.subtract(outputWidth, place.column), tileOutputs));
    const columns = isWhole ? tileOutputs : left();
    /** Runs `body` if the tile's row `i` lies inside the image; the first always does. */
    const inside = (i: number, body: () => void) => {
      if (i === 0 || outputHeight % tileOutputs === 0) body();
      else k.ifAtLeast(outputHeight - 1, k.add(place.row, i), body);
    };
    forEachVector(k, outputs, (lane, count) => {
      const bytes = k.multiply(lane, FLOAT_BYTES);
      const square = {
        address: k.add(source, bytes),
        rowBytes: TILE_INPUTS * this.productStride,
        load: (from: IntVariable, column: number) => k.load(from, column * this.productStride),
      };
      const target = k.intVariable(k.add(address, bytes));
      const column = k.intVariable(place.column);
      const vectorPlace = { ...place, column, channel: k.intVariable(k.add(channel, lane)) };
      transformSquare(
        k,
        transform,
        square,
        this.square,
        (values) => {
          const epilogue = new TileEpilogue(k, this.epilogue, this.epiloguePointers, vectorPlace);
          const bound = outputHeight % tileOutputs === 0 ? values : values.map((value) => k.let(value));
          bound.forEach((value, i) =>
            inside(i, () => {
              const result = epilogue.apply(value, { row: i, column: 0, channel: 0 }, count);
              const offset = i * outputWidth * outputChannels * FLOAT_BYTES;
              k.store(target, offset, count < lanes ? k.let(result) : result, count);
            }),
          );
          k.increment(column, 1);
          k.increment(target, outputChannels * FLOAT_BYTES);
        },
        columns,
      );
    });
  }
}
