/**
 * @file The product of few rows with a matrix [inner, columns] or its transpose, a chunk of the inner length at a time.
 *
 *   for unit (panel of columns, share of the inner length):
 *     output = 0
 *     for chunk of the share's inner length: for block of 2 vectors of columns:
 *       copy the chunk's part of the block into scratch, if there are many tiles or the matrix is transposed
 *       for tile of rows:
 *         accumulators = output;   multiply-add tile over the chunk;   output = accumulators
 *     output = epilogue(output), if there is one share
 *
 * Blocks follow each other along the columns: the chunk's rows of the matrix are read side by side, each from its beginning to its
 * end; of a transposed matrix those of a block are read so. With several shares each has an output of its own, and sum.ts adds them up.
 */
import type { KernelBuilder } from "../../../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits } from "../../../machine/ir.ts";
import { epilogueParameters } from "../../epilogue-parameters.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../../kernel.ts";
import { interleave } from "../../lanes.ts";
import type { FewRowsRequest } from "../../requests.ts";
import { atBlock, blockCount, ENOUGH_UNITS, forEachBlock, rangeOfShare, type Blocks } from "../../shares.ts";
import { tileSizes } from "../geometry.ts";
import { blockLanes } from "../pack.ts";
import { forEachRestTile, multiplyAddRun, tileRows, type Tile } from "../tile.ts";
import { eachResult, finishResults, type ProductEpilogue } from "./results.ts";

/**
 * Rows of the matrix that are read side by side: as many as a processor reads ahead of, and of more rows as many as they are, since
 * the results are read and written once for each chunk.
 */
const SHORTEST_CHUNK = 16;
const LONGEST_CHUNK = 64;
/** Columns of a transposed matrix are rows in memory: so many floats of each are read together. */
const TRANSPOSED_CHUNK = 128;
/** Where more tiles of rows read a block, it is copied first: rows of the matrix may meet in a few sets of a first-level cache. */
const MOST_UNCOPIED_TILES = 2;
/** The results of a panel stay in a second-level cache of 256 KB. */
const PANEL_BYTES = 128 * 1024;
/** With a shorter share, and with one of less than so many times the rows, its output takes a part of the time. */
const SHORTEST_SHARE = 128;
const INNER_FOR_A_ROW = 8;

/** The parameter behind a range's start and end. */
const SCRATCH = 2;

/** How the work is shared out: panels of columns, and shares of the inner length. */
export interface ChunkedProductPlan {
  readonly panels: Blocks;
  readonly shares: number;
}

export function planChunkedProduct(
  { rows, inner, columns, transposed }: Omit<FewRowsRequest, "epilogue">,
  machine: MachineTraits,
): ChunkedProductPlan {
  const width = blockLanes(machine);
  if (transposed) return { panels: { length: columns, width }, shares: 1 };
  const blocks = Math.ceil(columns / width);
  const longest = Math.max(1, Math.floor(PANEL_BYTES / (rows * width * FLOAT_BYTES)));
  const fewest = Math.ceil(blocks / longest);
  const most = Math.max(1, Math.floor(inner / Math.max(SHORTEST_SHARE, INNER_FOR_A_ROW * rows)));
  const shares = Math.min(most, Math.ceil(ENOUGH_UNITS / fewest));
  const wanted = Math.max(fewest, Math.ceil(ENOUGH_UNITS / shares));
  return { panels: { length: columns, width: Math.ceil(blocks / wanted) * width }, shares };
}

export function chunkedProductKernel(request: FewRowsRequest, machine: MachineTraits): Kernel {
  return new ChunkedProductKernel(request, machine).build();
}

class ChunkedProductKernel {
  private readonly request: FewRowsRequest;
  private readonly plan: ChunkedProductPlan;
  private readonly k: KernelBuilder;
  private readonly own: ProductEpilogue;
  private readonly output: IntVariable;
  /** Lanes of a block of columns. */
  private readonly width: number;
  private readonly chunkLength: number;

  constructor(request: FewRowsRequest, machine: MachineTraits) {
    this.request = request;
    this.plan = planChunkedProduct(request, machine);
    const { k, epiloguePointers, output } = epilogueParameters(request.epilogue, machine);
    this.k = k;
    this.own = { epilogue: request.epilogue, pointers: epiloguePointers };
    this.output = output;
    this.width = blockLanes(machine);
    const { rows, inner, transposed } = request;
    const chunk = Math.min(LONGEST_CHUNK, Math.max(SHORTEST_CHUNK, rows));
    const wholeVectors = Math.ceil(inner / machine.lanes) * machine.lanes;
    this.chunkLength = transposed ? Math.min(TRANSPOSED_CHUNK, wholeVectors) : chunk;
  }

  build(): Kernel {
    const { k, request } = this;
    const { panels, shares } = this.plan;
    const [start, end] = k.parameters;
    const partBytes = request.rows * request.columns * FLOAT_BYTES;
    k.loop(start, end, 1, (unit) => {
      const panel = k.intVariable(k.divide(unit, shares));
      const share = k.intVariable(k.remainder(unit, shares));
      const column = k.intVariable(k.multiply(panel, panels.width));
      const part = k.add(this.output, k.multiply(share, partBytes));
      const results = k.intVariable(k.add(part, k.multiply(column, FLOAT_BYTES)));
      const { from, to } = rangeOfShare(k, request.inner, shares, share);
      atBlock(k, panels, panel, (columns) => {
        eachResult(k, request, results, columns, ({ address, offset, count }) =>
          k.store(address, offset, k.constant(0), count),
        );
        k.loop(from, to, this.chunkLength, (inner) => {
          const steps = k.intVariable(k.minimum(k.subtract(to, inner), this.chunkLength));
          this.chunk(results, column, columns, inner, steps);
        });
        if (shares === 1) finishResults(k, request, this.own, { first: results, column, columns });
      });
    });
    return {
      code: k.finish(),
      units: blockCount(panels) * shares,
      scratchBytes: this.chunkLength * this.blockBytes,
    };
  }

  /** Bytes of a block's part of a row, copied. */
  private get blockBytes(): number {
    return this.width * FLOAT_BYTES;
  }

  /** Adds the products of a chunk to the outputs of a panel. */
  private chunk(
    results: IntVariable,
    column: IntVariable,
    columns: number,
    inner: IntVariable,
    steps: IntVariable,
  ): void {
    const { k, request, width } = this;
    const [innerFloats, columnFloats] = request.transposed ? [1, request.inner] : [request.columns, 1];
    const floats = k.add(k.multiply(inner, innerFloats), k.multiply(column, columnFloats));
    const matrix = k.intVariable(k.add(k.parameters[FIRST_POINTER + 1], k.multiply(floats, FLOAT_BYTES)));
    const input = k.intVariable(k.add(k.parameters[FIRST_POINTER], k.multiply(inner, FLOAT_BYTES)));
    forEachBlock(
      k,
      { length: columns, width },
      { from: k.int(0), to: k.int(Math.ceil(columns / width)) },
      (block, outputs) => {
        const bytes = k.intVariable(k.multiply(block, this.blockBytes));
        const b = k.intVariable(k.add(matrix, k.multiply(bytes, columnFloats)));
        this.block(k.intVariable(k.add(results, bytes)), outputs, { input, b, steps });
      },
    );
  }

  private block(
    results: IntVariable,
    outputs: number,
    run: { readonly input: IntVariable; readonly b: IntVariable; readonly steps: IntVariable },
  ): void {
    const { k, request } = this;
    const { lanes } = k.machine;
    const vectors = Math.ceil(outputs / lanes);
    const size = tileRows(k.machine, vectors);
    const { full, rest } = tileSizes(request.rows, size, true);
    const inputBytes = request.inner * FLOAT_BYTES;
    const resultBytes = request.columns * FLOAT_BYTES;
    const place = (i: number, j: number) => i * resultBytes + j * lanes * FLOAT_BYTES;
    const count = (j: number) => Math.min(lanes, outputs - j * lanes);
    const copies = request.transposed || full + rest.length > MOST_UNCOPIED_TILES;
    if (request.transposed) this.copyTransposed(run.b, outputs, run.steps);
    else if (copies) this.copy(run.b, outputs, run.steps);
    const tileAt = (row: IntExpression, rows: number) => {
      const target = k.intVariable(k.add(results, k.multiply(row, resultBytes)));
      const tile: Tile = Array.from({ length: rows }, (_, i) =>
        Array.from({ length: vectors }, (_, j) => k.vectorVariable(k.load(target, place(i, j), count(j)))),
      );
      multiplyAddRun(k, tile, {
        a: k.intVariable(k.add(run.input, k.multiply(row, inputBytes))),
        stepBytes: FLOAT_BYTES,
        rowOffsets: tile.map((_, i) => i * inputBytes),
        b: k.intVariable(copies ? k.parameters[SCRATCH] : run.b),
        bBytes: copies ? this.blockBytes : resultBytes,
        lastCount: copies ? lanes : count(vectors - 1),
        steps: run.steps,
      });
      tile.forEach((accumulators, i) =>
        accumulators.forEach((accumulator, j) => k.store(target, place(i, j), accumulator, count(j))),
      );
    };
    if (full > 0) k.loop(0, full * size, size, (row) => tileAt(row, size));
    forEachRestTile(k, full * size, rest, tileAt);
  }

  /** Copies the rows of a block. Lanes behind the last column become zeros. */
  private copy(matrix: IntVariable, columns: number, steps: IntVariable): void {
    const { k, request } = this;
    const { lanes } = k.machine;
    const source = k.intVariable(matrix);
    const target = k.intVariable(k.parameters[SCRATCH]);
    k.loop(0, steps, 1, () => {
      for (let place = 0; place < columns; place += lanes) {
        k.store(
          target,
          place * FLOAT_BYTES,
          k.load(source, place * FLOAT_BYTES, Math.min(lanes, columns - place)),
        );
      }
      k.increment(source, request.columns * FLOAT_BYTES);
      k.increment(target, this.blockBytes);
    });
  }

  /** Copies the columns of a block, which lie in memory as rows, a square of lanes × lanes at a time. */
  private copyTransposed(matrix: IntVariable, columns: number, steps: IntVariable): void {
    const { k, request } = this;
    const { lanes } = k.machine;
    const columnBytes = request.inner * FLOAT_BYTES;
    const squares = (step: IntExpression, count: number) => {
      const from = k.intVariable(k.add(matrix, k.multiply(step, FLOAT_BYTES)));
      const to = k.intVariable(k.add(k.parameters[SCRATCH], k.multiply(step, this.blockBytes)));
      for (let first = 0; first < columns; first += lanes) {
        const rows = Array.from({ length: lanes }, (_, i) =>
          first + i < columns ? k.let(k.load(from, (first + i) * columnBytes, count)) : k.let(k.constant(0)),
        );
        interleave(k, rows)
          .slice(0, count)
          .forEach((vector, i) => k.store(to, i * this.blockBytes + first * FLOAT_BYTES, vector));
      }
    };
    const whole = k.intVariable(k.multiply(k.divide(steps, lanes), lanes));
    k.loop(0, whole, lanes, (step) => squares(step, lanes));
    const rest = request.inner % lanes;
    // A chunk is whole vectors, so only the last one has a rest.
    if (rest > 0) k.ifAtLeast(k.remainder(steps, lanes), 1, () => squares(whole, rest));
  }
}
