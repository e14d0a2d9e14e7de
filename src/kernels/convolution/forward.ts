/**
 * @file Direct convolution, channels last, no im2col. Also the input gradient (with flipped filters over a spread
 * and padded output gradient) and dense layers (a 1×1 filter over a row of examples).
 *
 *   for unit (image, block of rows, block of columns, share of the filter blocks):
 *     copy the block's input with its padding into scratch, if there is padding
 *     for group, block of 2 vectors of filters:
 *       for row: for tile of neighbouring columns:
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
import { forEachRestTile, multiplyAddRun, tileRows, zeroTile } from "./tile.ts";
import { machineKernel } from "../library.ts";
import type { ConvolutionRequest } from "../requests.ts";

/** A block's padded input should leave half of a second-level cache of 512 KB to filters and results. */
const BLOCK_BYTES = 256 * 1024;

interface Blocking {
  readonly rows: number;
  readonly columns: number;
  readonly rowBlocks: number;
  readonly columnBlocks: number;
  /** Parts that the blocks of filters are shared out in. */
  readonly filterShares: number;
}

/** @param tile columns that every tile size in use divides. */
function chooseBlocking(geometry: ConvolutionGeometry, filterBlocks: number, tile: number): Blocking {
  const { batch, outputHeight, outputWidth, inputChannels } = geometry;
  const bytes = (rows: number, columns: number) =>
    rowsRead(geometry, rows) * columnsRead(geometry, columns) * inputChannels * FLOAT_BYTES;
  let rows = outputHeight;
  let columns = outputWidth;
  while (rows > 1 && bytes(rows, columns) > BLOCK_BYTES) rows = Math.ceil(rows / 2);
  while (columns > 4 * tile && bytes(rows, columns) > BLOCK_BYTES) columns = Math.ceil(columns / 2);
  const enough = () =>
    batch * Math.ceil(outputHeight / rows) * Math.ceil(outputWidth / columns) >= ENOUGH_UNITS;
  while (rows > 1 && !enough()) rows = Math.ceil(rows / 2);
  while (columns > 4 * tile && !enough()) columns = Math.ceil(columns / 2);
  if (columns < outputWidth) columns = Math.ceil(columns / tile) * tile;
  const rowBlocks = Math.ceil(outputHeight / rows);
  const columnBlocks = Math.ceil(outputWidth / columns);
  const units = batch * rowBlocks * columnBlocks;
  const filterShares = shareCount(filterBlocks, Math.ceil(ENOUGH_UNITS / units));
  return { rows, columns, rowBlocks, columnBlocks, filterShares };
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
    this.blocking = chooseBlocking(geometry, blockCount(this.outputBlocks), tile);
  }

  build(): Kernel {
    const { k, geometry, blocking } = this;
    const { rows, columns, rowBlocks, columnBlocks, filterShares } = blocking;
    const [start, end, scratch, image] = k.parameters;
    const imageBytes = geometry.inputHeight * geometry.inputWidth * geometry.inputChannels * FLOAT_BYTES;
    k.loop(start, end, 1, (unit) => {
      const share = k.intVariable(k.remainder(unit, filterShares));
      const place = k.intVariable(k.divide(unit, filterShares));
      const column = k.intVariable(k.multiply(k.remainder(place, columnBlocks), columns));
      const rowPlace = k.intVariable(k.divide(place, columnBlocks));
      const row = k.intVariable(k.multiply(k.remainder(rowPlace, rowBlocks), rows));
      const batch = k.intVariable(k.divide(rowPlace, rowBlocks));
      const input = blockInput(
        k,
        geometry,
        k.intVariable(k.add(image, k.multiply(batch, imageBytes))),
        scratch,
        { row, column },
        { rows, columns },
      );
      const rowEnd = k.intVariable(k.minimum(k.add(row, rows), geometry.outputHeight));
      const columnEnd = k.intVariable(k.minimum(k.add(column, columns), geometry.outputWidth));
      k.loop(0, geometry.groups, 1, (group) => {
        this.filterBlocks(share, group, (filters, channel, outputs) => {
          k.loop(row, rowEnd, 1, (outputRow) => {
            const rowOffset = k.multiply(k.subtract(outputRow, row), geometry.strides[0] * input.rowBytes);
            const rowOrigin = k.intVariable(
              k.add(k.add(input.origin, rowOffset), k.multiply(group, this.groupInputs * FLOAT_BYTES)),
            );
            this.row({ batch, outputRow, column, columnEnd, rowOrigin, input, filters, channel, outputs });
          });
        });
      });
    });
    const units = geometry.batch * rowBlocks * columnBlocks * filterShares;
    return { code: k.finish(), units, scratchBytes: scratchBytesFor(geometry, rows, columns) };
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
    const outputBytes = geometry.outputWidth * geometry.outputChannels * FLOAT_BYTES;
    const rowStart = k.intVariable(
      k.add(
        k.add(
          this.output,
          k.multiply(k.add(k.multiply(place.batch, geometry.outputHeight), place.outputRow), outputBytes),
        ),
        k.multiply(place.channel, FLOAT_BYTES),
      ),
    );
    // Columns from here on belong to the last, smaller tiles; blocks of columns are multiples of every tile's size.
    const tiled = full * size;
    if (full > 0) {
      const wholeRow = blocking.columnBlocks === 1;
      const from = wholeRow ? 0 : place.column;
      const to = wholeRow ? tiled : k.intVariable(k.minimum(place.columnEnd, tiled));
      k.loop(from, to, size, (column) => this.tile(place, rowStart, column, size));
    }
    const restTiles = () =>
      forEachRestTile(k, tiled, rest, (column, pixels) => this.tile(place, rowStart, column, pixels));
    if (blocking.columnBlocks === 1) restTiles();
    else if (rest.length > 0) k.ifAtLeast(place.columnEnd, geometry.outputWidth, restTiles);
  }

  private tile(place: RowPlace, rowStart: IntExpression, column: IntExpression, pixels: number): void {
    const { k, geometry } = this;
    const vectors = Math.ceil(place.outputs / k.machine.lanes);
    const tile = zeroTile(k, pixels, vectors);
    const pixelBytes = geometry.strides[1] * geometry.inputChannels * FLOAT_BYTES;
    const columnOffset = k.multiply(k.subtract(column, place.column), pixelBytes);
    const first = k.intVariable(k.add(place.rowOrigin, columnOffset));
    const b = k.intVariable(place.filters);
    const rowOffsets = tile.map((_, i) => i * pixelBytes);
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
    this.store(place, rowStart, column, tile);
  }

  private store(
    place: RowPlace,
    rowStart: IntExpression,
    column: IntExpression,
    tile: ReturnType<typeof zeroTile>,
  ): void {
    const { k, geometry } = this;
    const pixelBytes = geometry.outputChannels * FLOAT_BYTES;
    const target = k.intVariable(k.add(rowStart, k.multiply(column, pixelBytes)));
    if (!isLongEpilogue(this.epilogue)) {
      const epilogue = this.epilogueAt(place, column);
      tile.forEach((accumulators, i) => this.storePixel(place, target, i, accumulators, epilogue));
      return;
    }
    tile.forEach((accumulators, i) => this.storePixel(place, target, i, accumulators));
    k.loop(0, tile.length, 1, (i) => {
      const pixel = k.intVariable(k.add(target, k.multiply(i, pixelBytes)));
      const values = tile[0].map((_, j) => {
        const firstLane = j * k.machine.lanes;
        const count = Math.min(k.machine.lanes, place.outputs - firstLane);
        return k.vectorVariable(k.load(pixel, firstLane * FLOAT_BYTES, count));
      });
      this.storePixel(place, pixel, 0, values, this.epilogueAt(place, k.intVariable(k.add(column, i))));
    });
  }

  private epilogueAt({ batch, outputRow: row, channel }: RowPlace, column: IntExpression): TileEpilogue {
    return new TileEpilogue(this.k, this.epilogue, this.epiloguePointers, { batch, row, column, channel });
  }

  /** Stores the outputs of the pixel number `i` from an address on, after the epilogue if one is given. */
  private storePixel(
    { outputs }: RowPlace,
    target: IntExpression,
    i: number,
    values: readonly VectorExpression[],
    epilogue?: TileEpilogue,
  ): void {
    const { k, geometry } = this;
    const { lanes } = k.machine;
    values.forEach((value, j) => {
      const channel = j * lanes;
      const count = Math.min(lanes, outputs - channel);
      const result = epilogue ? epilogue.apply(value, { row: 0, column: i, channel }, count) : value;
      const bound = count < lanes ? k.let(result) : result;
      k.store(target, (i * geometry.outputChannels + channel) * FLOAT_BYTES, bound, count);
    });
  }
}

function leastCommonMultiple(a: number, b: number): number {
  const divisor = (x: number, y: number): number => (y === 0 ? x : divisor(y, x % y));
  return (a * b) / divisor(a, b);
}

interface RowPlace {
  readonly batch: IntExpression;
  readonly outputRow: IntExpression;
  /** First column of the block, and where the block ends. */
  readonly column: IntExpression;
  readonly columnEnd: IntExpression;
  /** Address of the first float that the output at (outputRow, column) reads. */
  readonly rowOrigin: IntExpression;
  readonly input: BlockInput;
  readonly filters: IntVariable;
  readonly channel: IntVariable;
  /** Outputs of this block of filters. */
  readonly outputs: number;
}
