/**
 * @file The product of few rows with a large matrix, which is read once, where it lies. Packing it first, as filters are packed for
 * direct convolution, writes and reads the whole of it again, which takes longer than the products of few rows.
 *
 *   for unit (share of the panels of columns): for panel:
 *     output = 0
 *     for chunk of the inner length:
 *       copy the panel's part of the chunk into scratch, packed
 *       for block of 2 vectors of columns: for tile of rows:
 *         accumulators = output;   multiply-add tile over the chunk;   output = accumulators
 *     output = epilogue(output)
 *
 * Each output is the sum that direct convolution makes, in the same order.
 */
import type { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits } from "../../machine/ir.ts";
import { epilogueParameters } from "../epilogue-parameters.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../kernel.ts";
import { interleave } from "../lanes.ts";
import { machineKernel } from "../library.ts";
import type { FewRowsRequest } from "../requests.ts";
import { blockCount, ENOUGH_UNITS, forEachBlock, rangeOfShare, shareCount } from "../shares.ts";
import { TileEpilogue } from "../tile-epilogue.ts";
import { tileSizes } from "./geometry.ts";
import { blockLanes } from "./pack.ts";
import { forEachRestTile, multiplyAddRun, tileRows, type Tile } from "./tile.ts";

/** Floats of a row that are read together: enough for a processor to read ahead. */
const LONGEST_RUN = 512;
/** A chunk should leave half of a second-level cache of 256 KB to rows and results. */
const CHUNK_BYTES = 64 * 1024;
/** Columns of a transposed matrix are rows in memory: so many floats of each are read together. */
const TRANSPOSED_RUN = 128;

/** The parameter behind a range's start and end. */
const SCRATCH = 2;

export const FEW_ROWS = machineKernel("fewRows", fewRowsKernel);

/** Pointers: rows, matrix, the epilogue's memory operands, output. */
export function fewRowsKernel(request: FewRowsRequest, machine: MachineTraits): Kernel {
  return new FewRowsKernel(request, machine).build();
}

class FewRowsKernel {
  private readonly request: FewRowsRequest;
  private readonly k: KernelBuilder;
  private readonly epiloguePointers: readonly (IntVariable | undefined)[];
  private readonly output: IntVariable;
  /** Lanes of a block of columns. */
  private readonly width: number;
  private readonly panelBlocks: number;
  private readonly chunk: number;

  constructor(request: FewRowsRequest, machine: MachineTraits) {
    this.request = request;
    const parameters = epilogueParameters(request.epilogue, machine);
    this.k = parameters.k;
    this.epiloguePointers = parameters.epiloguePointers;
    this.output = parameters.output;
    this.width = blockLanes(machine);
    const blocks = Math.ceil(request.columns / this.width);
    const longest = Math.min(Math.floor(blocks / ENOUGH_UNITS), LONGEST_RUN / this.width);
    this.panelBlocks = request.transposed ? 1 : Math.max(1, longest);
    const panelBytes = this.panelBlocks * this.width * FLOAT_BYTES;
    const longestChunk = request.transposed ? TRANSPOSED_RUN : Math.floor(CHUNK_BYTES / panelBytes);
    this.chunk = Math.min(longestChunk, Math.ceil(request.inner / machine.lanes) * machine.lanes);
  }

  build(): Kernel {
    const { k, request } = this;
    const [start, end] = k.parameters;
    const panels = { length: request.columns, width: this.panelBlocks * this.width };
    const units = shareCount(blockCount(panels), request.transposed ? 2 * ENOUGH_UNITS : ENOUGH_UNITS);
    k.loop(start, end, 1, (unit) => {
      const range = rangeOfShare(k, blockCount(panels), units, unit);
      forEachBlock(k, panels, range, (panel, columns) =>
        this.panel(k.intVariable(k.multiply(panel, panels.width)), columns),
      );
    });
    const scratchBytes = this.panelBlocks * this.blockBytes;
    return { code: k.finish(), units, scratchBytes };
  }

  /** Bytes of a block's part of a chunk in scratch. */
  private get blockBytes(): number {
    return this.chunk * this.width * FLOAT_BYTES;
  }

  private panel(column: IntVariable, columns: number): void {
    const { k, request } = this;
    const results = k.intVariable(k.add(this.output, k.multiply(column, FLOAT_BYTES)));
    this.eachResult(results, columns, ({ address, offset, count }) =>
      k.store(address, offset, k.constant(0), count),
    );
    k.loop(0, request.inner, this.chunk, (inner) => {
      const steps = k.intVariable(k.minimum(k.subtract(request.inner, inner), this.chunk));
      if (request.transposed) this.packTransposed(column, columns, inner, steps);
      else this.pack(column, columns, inner, steps);
      forEachBlock(
        k,
        { length: columns, width: this.width },
        { from: k.int(0), to: k.int(Math.ceil(columns / this.width)) },
        (block, outputs) => this.products(results, block, outputs, inner, steps),
      );
    });
    this.finish(results, column, columns);
  }

  /** Copies rows of the matrix, as far as the panel reaches. Lanes behind the last column become zeros. */
  private pack(column: IntVariable, columns: number, inner: IntVariable, steps: IntVariable): void {
    const { k, request, width } = this;
    const { lanes } = k.machine;
    const rowBytes = request.columns * FLOAT_BYTES;
    k.loop(0, steps, 1, (step) => {
      const source = this.matrixAt(k.multiply(k.add(inner, step), rowBytes), column);
      const target = k.intVariable(k.add(k.parameters[SCRATCH], k.multiply(step, width * FLOAT_BYTES)));
      for (let place = 0; place < columns; place += lanes) {
        const count = Math.min(lanes, columns - place);
        const block = Math.floor(place / width);
        const offset = block * this.blockBytes + (place % width) * FLOAT_BYTES;
        k.store(target, offset, k.load(source, place * FLOAT_BYTES, count));
      }
    });
  }

  /** Copies columns of the matrix, which lie in memory as rows, a square of lanes × lanes at a time. */
  private packTransposed(column: IntVariable, columns: number, inner: IntVariable, steps: IntVariable): void {
    const { k, request, width } = this;
    const { lanes } = k.machine;
    const columnBytes = request.inner * FLOAT_BYTES;
    const source = this.matrixAt(k.multiply(column, columnBytes), inner);
    const squares = (step: IntExpression, count: number) => {
      const from = k.intVariable(k.add(source, k.multiply(step, FLOAT_BYTES)));
      const to = k.intVariable(k.add(k.parameters[SCRATCH], k.multiply(step, width * FLOAT_BYTES)));
      for (let first = 0; first < columns; first += lanes) {
        const rows = Array.from({ length: lanes }, (_, i) =>
          first + i < columns ? k.let(k.load(from, (first + i) * columnBytes, count)) : k.let(k.constant(0)),
        );
        interleave(k, rows)
          .slice(0, count)
          .forEach((vector, i) => k.store(to, i * width * FLOAT_BYTES + first * FLOAT_BYTES, vector));
      }
    };
    const whole = k.intVariable(k.multiply(k.divide(steps, lanes), lanes));
    k.loop(0, whole, lanes, (step) => squares(step, lanes));
    const rest = request.inner % lanes;
    // A chunk is whole vectors, so only the last one has a rest.
    if (rest > 0) k.ifAtLeast(k.remainder(steps, lanes), 1, () => squares(whole, rest));
  }

  /** Address of the matrix' float at so many bytes and floats. */
  private matrixAt(bytes: IntExpression, floats: IntExpression): IntVariable {
    const { k } = this;
    const matrix = k.parameters[FIRST_POINTER + 1];
    return k.intVariable(k.add(k.add(matrix, bytes), k.multiply(floats, FLOAT_BYTES)));
  }

  /** Adds the products of a chunk to the outputs of a block. */
  private products(
    results: IntVariable,
    block: IntExpression,
    outputs: number,
    inner: IntVariable,
    steps: IntVariable,
  ): void {
    const { k, request, width } = this;
    const { lanes } = k.machine;
    const vectors = Math.ceil(outputs / lanes);
    const size = tileRows(k.machine, vectors);
    const { full, rest } = tileSizes(request.rows, size, true);
    const packed = k.intVariable(k.add(k.parameters[SCRATCH], k.multiply(block, this.blockBytes)));
    const rowBytes = request.inner * FLOAT_BYTES;
    const resultBytes = request.columns * FLOAT_BYTES;
    const input = k.intVariable(k.add(k.parameters[FIRST_POINTER], k.multiply(inner, FLOAT_BYTES)));
    const blockResults = k.intVariable(k.add(results, k.multiply(block, width * FLOAT_BYTES)));
    const tileAt = (row: IntExpression, rows: number) => {
      const target = k.intVariable(k.add(blockResults, k.multiply(row, resultBytes)));
      const place = (i: number, j: number) => i * resultBytes + j * lanes * FLOAT_BYTES;
      const count = (j: number) => Math.min(lanes, outputs - j * lanes);
      const tile: Tile = Array.from({ length: rows }, (_, i) =>
        Array.from({ length: vectors }, (_, j) => k.vectorVariable(k.load(target, place(i, j), count(j)))),
      );
      multiplyAddRun(k, tile, {
        a: k.intVariable(k.add(input, k.multiply(row, rowBytes))),
        stepBytes: FLOAT_BYTES,
        rowOffsets: tile.map((_, i) => i * rowBytes),
        b: k.intVariable(packed),
        bBytes: width * FLOAT_BYTES,
        steps,
      });
      tile.forEach((accumulators, i) =>
        accumulators.forEach((accumulator, j) => k.store(target, place(i, j), accumulator, count(j))),
      );
    };
    if (full > 0) k.loop(0, full * size, size, (row) => tileAt(row, size));
    forEachRestTile(k, full * size, rest, tileAt);
  }

  private finish(results: IntVariable, column: IntVariable, columns: number): void {
    const { k } = this;
    const { epilogue } = this.request;
    if (!epilogue) return;
    const zero = k.int(0);
    this.eachResult(results, columns, ({ address, offset, count, row, channel }) => {
      const at = { batch: zero, row: zero, column: row, channel: k.intVariable(k.add(column, channel)) };
      const tile = new TileEpilogue(k, epilogue, this.epiloguePointers, at);
      const value = k.vectorVariable(k.load(address, offset, count));
      const result = tile.apply(value, { row: 0, column: 0, channel: 0 }, count);
      k.store(address, offset, count < k.machine.lanes ? k.let(result) : result, count);
    });
  }

  /** Visits a panel's outputs, vector by vector. */
  private eachResult(results: IntVariable, columns: number, body: (place: ResultPlace) => void): void {
    const { k, request } = this;
    const { lanes } = k.machine;
    k.loop(0, request.rows, 1, (row) => {
      const first = k.intVariable(k.add(results, k.multiply(row, request.columns * FLOAT_BYTES)));
      const whole = columns - (columns % lanes);
      k.loop(0, whole, lanes, (channel) => {
        const address = k.intVariable(k.add(first, k.multiply(channel, FLOAT_BYTES)));
        body({ address, offset: 0, count: lanes, row, channel });
      });
      const rest = columns % lanes;
      if (rest === 0) return;
      body({ address: first, offset: whole * FLOAT_BYTES, count: rest, row, channel: k.int(whole) });
    });
  }
}

interface ResultPlace {
  readonly address: IntVariable;
  readonly offset: number;
  readonly count: number;
  readonly row: IntExpression;
  /** From the panel's first column. */
  readonly channel: IntExpression;
}
