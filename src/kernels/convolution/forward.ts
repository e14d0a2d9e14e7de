/**
 * @file Direct convolution, channels last, no im2col. Also the input gradient (with flipped filters over a spread
 * and padded output gradient) and dense layers (a 1×1 filter over a row of examples).
 *
 *   for unit (share of the images, block of rows, block of columns, share of the filter blocks): for image:
 *     copy the block's input with its padding into scratch, if there is padding
 *     for group, block of 2 vectors of filters:
 *       for row, or rows that are narrow enough for one tile: for tile of neighbouring columns:
 *         accumulators = 0
 *         for filter row: for run: multiply-add tile
 *         store epilogue(accumulators); a long epilogue is a loop over the stored values
 *
 * Packed filters of one block are small enough for the first cache; the input block is sized for the second.
 */
import type { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits, VectorExpression } from "../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../kernel.ts";
import { TileEpilogue } from "../tile-epilogue.ts";
import { ENOUGH_UNITS, blockCount, forEachBlock, rangeOfShare, shareCount, type Blocks } from "../shares.ts";
import { isLongEpilogue, type Epilogue } from "../epilogue.ts";
import { epilogueParameters } from "../epilogue-parameters.ts";
import { columnsRead, rowsRead, runsOfRow, tileSizes, type ConvolutionGeometry } from "./geometry.ts";
import { blockLanes } from "./pack.ts";
import { blockInput, scratchBytesFor, type BlockInput } from "./rows.ts";
import { forEachRestTile, multiplyAddRun, tileRows, zeroTile, type Tile } from "./tile.ts";
import { machineKernel } from "../library.ts";
import type { ConvolutionRequest } from "../requests.ts";

/** A block's padded input should leave half of a second-level cache of 512 KB to filters and results. */
const BLOCK_BYTES = 256 * 1024;

interface Blocking {
  readonly rows: number;
  readonly columns: number;
  readonly rowBlocks: number;
  readonly columnBlocks: number;
  /** Parts that the images are shared out in. */
  readonly imageShares: number;
  /** Parts that the blocks of filters are shared out in. */
  readonly filterShares: number;
}

interface FilterBlocks {
  readonly count: number;
  readonly bytes: number;
}

/** @param tile columns that every tile size in use divides. */
function chooseBlocking(geometry: ConvolutionGeometry, filters: FilterBlocks, tile: number): Blocking {
  return blockingByFilters(geometry, filters) ?? blockingByPixels(geometry, filters.count, tile);
}

function inputBytes(geometry: ConvolutionGeometry, rows: number, columns: number): number {
  return rowsRead(geometry, rows) * columnsRead(geometry, columns) * geometry.inputChannels * FLOAT_BYTES;
}

/** Filters of fewer bytes stay in a second-level cache while one image comes after the other. */
const CACHED_FILTER_BYTES = 512 * 1024;

/**
 * Units with a part of the filters for several images: many filters over small images would be read again for each image, which
 * takes longer than copying each image for every part.
 * @returns undefined where they are few, or where there are not half of the units wanted
 */
function blockingByFilters(
  geometry: ConvolutionGeometry,
  { count, bytes }: FilterBlocks,
): Blocking | undefined {
  const { batch, outputHeight: rows, outputWidth: columns, groups } = geometry;
  const filterShares = shareCount(count, ENOUGH_UNITS);
  const imageShares = Math.min(batch, Math.ceil(ENOUGH_UNITS / filterShares));
  const imageBytes = inputBytes(geometry, rows, columns);
  const filterBytes = groups * count * bytes;
  const isWorth =
    filterBytes > CACHED_FILTER_BYTES &&
    filterBytes > filterShares * imageBytes &&
    imageBytes <= BLOCK_BYTES &&
    2 * filterShares * imageShares >= ENOUGH_UNITS;
  return isWorth ? { rows, columns, rowBlocks: 1, columnBlocks: 1, imageShares, filterShares } : undefined;
}

function blockingByPixels(geometry: ConvolutionGeometry, filterBlocks: number, tile: number): Blocking {
  const { batch, outputHeight, outputWidth } = geometry;
  let rows = outputHeight;
  let columns = outputWidth;
  while (rows > 1 && inputBytes(geometry, rows, columns) > BLOCK_BYTES) rows = Math.ceil(rows / 2);
  while (columns > 4 * tile && inputBytes(geometry, rows, columns) > BLOCK_BYTES)
    columns = Math.ceil(columns / 2);
  const enough = () =>
    batch * Math.ceil(outputHeight / rows) * Math.ceil(outputWidth / columns) >= ENOUGH_UNITS;
  while (rows > 1 && !enough()) rows = Math.ceil(rows / 2);
  while (columns > 4 * tile && !enough()) columns = Math.ceil(columns / 2);
  if (columns < outputWidth) columns = Math.ceil(columns / tile) * tile;
  const rowBlocks = Math.ceil(outputHeight / rows);
  const columnBlocks = Math.ceil(outputWidth / columns);
  const units = batch * rowBlocks * columnBlocks;
  const filterShares = shareCount(filterBlocks, Math.ceil(ENOUGH_UNITS / units));
  return { rows, columns, rowBlocks, columnBlocks, imageShares: batch, filterShares };
}

export const CONVOLUTION = machineKernel("convolution", convolutionKernel);

/** Pointers: input, packed filters, the epilogue's memory operands, output. */
export function convolutionKernel(request: ConvolutionRequest, machine: MachineTraits): Kernel {
  return new ForwardKernel(request, machine).build();
}

class ForwardKernel {
  private readonly geometry: ConvolutionGeometry;
  private readonly epilogue: Epilogue | undefined;
  private readonly pairs: boolean;
  private readonly k: KernelBuilder;
  private readonly lanes: number;
  private readonly groupOutputs: number;
  private readonly groupInputs: number;
  /** The outputs of a group. */
  private readonly outputBlocks: Blocks;
  private readonly blocking: Blocking;
  private readonly blockBytes: number;
  private readonly epiloguePointers: readonly (IntVariable | undefined)[];
  private readonly output: IntVariable;

  constructor({ geometry, epilogue, pairs = false }: ConvolutionRequest, machine: MachineTraits) {
    this.geometry = geometry;
    this.epilogue = epilogue;
    this.pairs = pairs;
    this.lanes = blockLanes(machine);
    this.groupOutputs = geometry.outputChannels / geometry.groups;
    this.groupInputs = geometry.inputChannels / geometry.groups;
    this.outputBlocks = { length: this.groupOutputs, width: this.lanes };
    this.blockBytes =
      geometry.filterHeight * geometry.filterWidth * this.groupInputs * this.lanes * FLOAT_BYTES;
    const parameters = epilogueParameters(epilogue, machine);
    this.k = parameters.k;
    this.epiloguePointers = parameters.epiloguePointers;
    this.output = parameters.output;
    const tile = [Math.min(this.groupOutputs, this.lanes), this.groupOutputs % this.lanes]
      .filter((outputs) => outputs > 0)
      .map((outputs) => tileRows(machine, Math.ceil(outputs / machine.lanes)))
      .reduce(leastCommonMultiple, 1);
    const filters = { count: blockCount(this.outputBlocks), bytes: this.blockBytes };
    this.blocking = chooseBlocking(geometry, filters, tile);
  }

  build(): Kernel {
    const { k, geometry, blocking } = this;
    const { rows, columns, rowBlocks, columnBlocks, imageShares, filterShares } = blocking;
    const [start, end, scratch, images] = k.parameters;
    const imageBytes = geometry.inputHeight * geometry.inputWidth * geometry.inputChannels * FLOAT_BYTES;
    k.loop(start, end, 1, (unit) => {
      const share = k.intVariable(k.remainder(unit, filterShares));
      const place = k.intVariable(k.divide(unit, filterShares));
      const column = k.intVariable(k.multiply(k.remainder(place, columnBlocks), columns));
      const rowPlace = k.intVariable(k.divide(place, columnBlocks));
      const row = k.intVariable(k.multiply(k.remainder(rowPlace, rowBlocks), rows));
      const imageShare = k.intVariable(k.divide(rowPlace, rowBlocks));
      const rowEnd = k.intVariable(k.minimum(k.add(row, rows), geometry.outputHeight));
      const columnEnd = k.intVariable(k.minimum(k.add(column, columns), geometry.outputWidth));
      const ownImages = rangeOfShare(k, geometry.batch, imageShares, imageShare);
      k.loop(ownImages.from, ownImages.to, 1, (batch) => {
        const image = k.intVariable(k.add(images, k.multiply(batch, imageBytes)));
        const input = blockInput(k, geometry, image, scratch, { row, column }, { rows, columns });
        k.loop(0, geometry.groups, 1, (group) => {
          this.filterBlocks(share, group, (filters, channel, outputs) =>
            this.rows({ batch, row, rowEnd, column, columnEnd, group, input, filters, channel, outputs }),
          );
        });
      });
    });
    const units = imageShares * rowBlocks * columnBlocks * filterShares;
    return { code: k.finish(), units, scratchBytes: scratchBytesFor(geometry, rows, columns) };
  }

  /** All rows of a block, for one block of filters. */
  private rows(place: BlockPlace): void {
    const { k, geometry, blocking } = this;
    const { row, rowEnd, input, group } = place;
    const rowAt = (outputRow: IntVariable): RowPlace => {
      const rowOffset = k.multiply(k.subtract(outputRow, row), geometry.strides[0] * input.rowBytes);
      const origin = k.add(k.add(input.origin, rowOffset), k.multiply(group, this.groupInputs * FLOAT_BYTES));
      return { ...place, outputRow, rowOrigin: k.intVariable(origin) };
    };
    const together = this.rowsOfTile(place.outputs);
    if (together === 1) {
      k.loop(row, rowEnd, 1, (outputRow) => this.row(rowAt(outputRow)));
      return;
    }
    const pixels = pixelsOf(together, geometry.outputWidth);
    const whole = k.multiply(k.divide(k.subtract(rowEnd, row), together), together);
    const wholeEnd = k.intVariable(k.add(row, whole));
    k.loop(row, wholeEnd, together, (outputRow) => {
      const at = rowAt(outputRow);
      this.tile(at, this.rowStart(at), k.int(0), pixels);
    });
    if (blocking.rows % together === 0 && geometry.outputHeight % blocking.rows === 0) return;
    k.loop(wholeEnd, rowEnd, 1, (outputRow) => this.row(rowAt(outputRow)));
  }

  /** Whole rows that one tile has room for; 1 if not even two. */
  private rowsOfTile(outputs: number): number {
    const { geometry, blocking } = this;
    const size = tileRows(this.k.machine, Math.ceil(outputs / this.k.machine.lanes));
    const most = Math.min(blocking.rows, Math.floor(size / geometry.outputWidth));
    if (blocking.columnBlocks > 1 || most < 2) return 1;
    // Tiles of about the same size rather than full ones and a small rest.
    return Math.ceil(blocking.rows / Math.ceil(blocking.rows / most));
  }

  /** This unit's share of one group's blocks of filters, the last of which may have fewer outputs. */
  private filterBlocks(
    share: IntExpression,
    group: IntExpression,
    body: (filters: IntVariable, channel: IntVariable, outputs: number) => void,
  ): void {
    const { k, outputBlocks, blocking } = this;
    const blocks = blockCount(outputBlocks);
    const packed = k.intVariable(
      k.add(k.parameters[FIRST_POINTER + 1], k.multiply(group, blocks * this.blockBytes)),
    );
    const firstChannel = k.intVariable(k.multiply(group, this.groupOutputs));
    const range = rangeOfShare(k, blocks, blocking.filterShares, share);
    forEachBlock(k, outputBlocks, range, (block, outputs) =>
      body(
        k.intVariable(k.add(packed, k.multiply(block, this.blockBytes))),
        k.intVariable(k.add(firstChannel, k.multiply(block, this.lanes))),
        outputs,
      ),
    );
  }

  /** All tiles of one output row inside the block. */
  private row(place: RowPlace): void {
    const { k, geometry, blocking } = this;
    const vectors = Math.ceil(place.outputs / k.machine.lanes);
    const size = tileRows(k.machine, vectors);
    const { full, rest } = tileSizes(geometry.outputWidth, size, blocking.columnBlocks === 1);
    const rowStart = this.rowStart(place);
    // Columns from here on belong to the last, smaller tiles; blocks of columns are multiples of every tile's size.
    const tiled = full * size;
    if (full > 0) {
      const wholeRow = blocking.columnBlocks === 1;
      const from = wholeRow ? 0 : place.column;
      const to = wholeRow ? tiled : k.intVariable(k.minimum(place.columnEnd, tiled));
      k.loop(from, to, size, (column) => this.tile(place, rowStart, column, pixelsOf(1, size)));
    }
    const restTiles = () =>
      forEachRestTile(k, tiled, rest, (column, count) =>
        this.tile(place, rowStart, column, pixelsOf(1, count)),
      );
    if (blocking.columnBlocks === 1) restTiles();
    else if (rest.length > 0) k.ifAtLeast(place.columnEnd, geometry.outputWidth, restTiles);
  }

  /** Address of a row's first output. */
  private rowStart({ batch, outputRow, channel }: RowPlace): IntVariable {
    const { k, geometry } = this;
    const outputBytes = geometry.outputWidth * geometry.outputChannels * FLOAT_BYTES;
    const row = k.add(k.multiply(batch, geometry.outputHeight), outputRow);
    return k.intVariable(
      k.add(k.add(this.output, k.multiply(row, outputBytes)), k.multiply(channel, FLOAT_BYTES)),
    );
  }

  private tile(
    place: RowPlace,
    rowStart: IntExpression,
    column: IntExpression,
    pixels: readonly Pixel[],
  ): void {
    const { k, geometry } = this;
    const vectors = Math.ceil(place.outputs / k.machine.lanes);
    const tile = zeroTile(k, pixels.length, vectors);
    const pixelBytes = geometry.strides[1] * geometry.inputChannels * FLOAT_BYTES;
    const columnOffset = k.multiply(k.subtract(column, place.column), pixelBytes);
    const first = k.intVariable(k.add(place.rowOrigin, columnOffset));
    const b = k.intVariable(place.filters);
    const rowBytes = geometry.strides[0] * place.input.rowBytes;
    const rowOffsets = pixels.map((pixel) => pixel.row * rowBytes + pixel.column * pixelBytes);
    const filterRow = (origin: IntExpression) => {
      for (const run of runsOfRow(geometry)) {
        const a = k.intVariable(k.add(origin, run.offset * FLOAT_BYTES));
        multiplyAddRun(k, tile, {
          a,
          stepBytes: FLOAT_BYTES,
          rowOffsets,
          b,
          bBytes: this.lanes * FLOAT_BYTES,
          steps: run.length,
          pairs: this.pairs,
        });
      }
    };
    if (geometry.filterHeight === 1) filterRow(first);
    else {
      k.loop(0, geometry.filterHeight, 1, (filterRowIndex) => {
        const distance = geometry.dilations[0] * place.input.rowBytes;
        filterRow(k.intVariable(k.add(first, k.multiply(filterRowIndex, distance))));
      });
    }
    this.store(place, rowStart, column, pixels, tile);
  }

  private store(
    place: RowPlace,
    rowStart: IntExpression,
    column: IntExpression,
    pixels: readonly Pixel[],
    tile: Tile,
  ): void {
    const { k, geometry } = this;
    const pixelBytes = geometry.outputChannels * FLOAT_BYTES;
    const target = k.intVariable(k.add(rowStart, k.multiply(column, pixelBytes)));
    if (!isLongEpilogue(this.epilogue)) {
      const epilogue = this.epilogueAt(place, place.outputRow, column);
      tile.forEach((accumulators, i) =>
        this.storePixel(place, target, i * pixelBytes, accumulators, { epilogue, pixel: pixels[i] }),
      );
      return;
    }
    tile.forEach((accumulators, i) => this.storePixel(place, target, i * pixelBytes, accumulators));
    const isOneRow = pixels.every(({ row }) => row === 0);
    k.loop(0, tile.length, 1, (i) => {
      const pixel = k.intVariable(k.add(target, k.multiply(i, pixelBytes)));
      const values = tile[0].map((_, j) => {
        const firstLane = j * k.machine.lanes;
        const count = Math.min(k.machine.lanes, place.outputs - firstLane);
        return k.vectorVariable(k.load(pixel, firstLane * FLOAT_BYTES, count));
      });
      const row = isOneRow ? place.outputRow : k.add(place.outputRow, k.divide(i, geometry.outputWidth));
      const inRow = isOneRow ? i : k.remainder(i, geometry.outputWidth);
      const epilogue = this.epilogueAt(place, k.intVariable(row), k.intVariable(k.add(column, inRow)));
      this.storePixel(place, pixel, 0, values, { epilogue, pixel: { row: 0, column: 0 } });
    });
  }

  private epilogueAt({ batch, channel }: RowPlace, row: IntExpression, column: IntExpression): TileEpilogue {
    return new TileEpilogue(this.k, this.epilogue, this.epiloguePointers, { batch, row, column, channel });
  }

  /**
   * Stores a pixel's outputs, after the epilogue if one is given.
   * @param after the epilogue, and the pixel's distance from the output that it begins with
   */
  private storePixel(
    { outputs }: RowPlace,
    target: IntExpression,
    offset: number,
    values: readonly VectorExpression[],
    after?: { readonly epilogue: TileEpilogue; readonly pixel: Pixel },
  ): void {
    const { k } = this;
    const { lanes } = k.machine;
    values.forEach((value, j) => {
      const channel = j * lanes;
      const count = Math.min(lanes, outputs - channel);
      const result = after ? after.epilogue.apply(value, { ...after.pixel, channel }, count) : value;
      const bound = count < lanes ? k.let(result) : result;
      k.store(target, offset + channel * FLOAT_BYTES, bound, count);
    });
  }
}

function leastCommonMultiple(a: number, b: number): number {
  const divisor = (x: number, y: number): number => (y === 0 ? x : divisor(y, x % y));
  return (a * b) / divisor(a, b);
}

/** A pixel of a tile, from the tile's first. */
interface Pixel {
  readonly row: number;
  readonly column: number;
}

/** The pixels of so many rows, in the order of memory where the rows are whole. */
function pixelsOf(rows: number, columns: number): readonly Pixel[] {
  return Array.from({ length: rows * columns }, (_, i) => ({
    row: Math.floor(i / columns),
    column: i % columns,
  }));
}

/** A block of one image's outputs, for one block of filters. */
interface BlockPlace {
  readonly batch: IntExpression;
  /** First row of the block, and where the block ends. */
  readonly row: IntExpression;
  readonly rowEnd: IntExpression;
  /** First column of the block, and where the block ends. */
  readonly column: IntExpression;
  readonly columnEnd: IntExpression;
  readonly group: IntExpression;
  readonly input: BlockInput;
  readonly filters: IntVariable;
  readonly channel: IntVariable;
  /** Outputs of this block of filters. */
  readonly outputs: number;
}

interface RowPlace extends BlockPlace {
  readonly outputRow: IntExpression;
  /** Address of the first float that the output at (outputRow, column) reads. */
  readonly rowOrigin: IntExpression;
}
