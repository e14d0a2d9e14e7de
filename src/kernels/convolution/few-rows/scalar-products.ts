/**
 * @file The product of few rows with a matrix [columns, inner]: scalar products of its rows with the given ones, along which lanes lie.
 *
 *   for unit (share of the panels of columns): for panel:
 *     for tile of columns: for tile of rows:
 *       accumulators = 0
 *       for vector of the inner length: accumulator[i][j] += rows[i] · matrix[j]
 *       output = sums of the accumulators' lanes
 *     output = epilogue(output)
 */
import type { KernelBuilder } from "../../../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits } from "../../../machine/ir.ts";
import { epilogueParameters } from "../../epilogue-parameters.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../../kernel.ts";
import type { FewRowsRequest } from "../../requests.ts";
import { blockCount, ENOUGH_UNITS, forEachBlock, rangeOfShare, shareCount } from "../../shares.ts";
import { tileSizes } from "../geometry.ts";
import { forEachRestTile, zeroTile, type Tile } from "../tile.ts";
import { finishResults, type ProductEpilogue } from "./results.ts";

/** Columns and most rows of a tile, by whether there are as many registers as AVX-512 has. */
const MANY_REGISTERS = 32;
const TILE_COLUMNS = 2;
const WIDE_TILE_COLUMNS = 3;
const MOST_TILE_ROWS = 8;
/** Columns of a panel, in tiles: whole vectors on any machine. */
const PANEL_TILES = 16;
/** About how many multiply-adds pay for a round's counters. */
const ROUND_MULTIPLY_ADDS = 36;
const MOST_COPIES = 4;

/** Whether the rows are few enough: with more tiles than two the matrix is read once from memory and then often from a second-level cache. */
export function suitsScalarProducts({ rows, transposed }: FewRowsRequest, machine: MachineTraits): boolean {
  return transposed && rows <= 2 * tileSize(machine).rows;
}

export function scalarProductsKernel(request: FewRowsRequest, machine: MachineTraits): Kernel {
  return new ScalarProductsKernel(request, machine).build();
}

function tileSize({ vectorRegisters, fusedMultiplyAdd }: MachineTraits) {
  const columns = vectorRegisters >= MANY_REGISTERS ? WIDE_TILE_COLUMNS : TILE_COLUMNS;
  const available = vectorRegisters - columns - (fusedMultiplyAdd ? 1 : 2);
  return { columns, rows: Math.min(MOST_TILE_ROWS, Math.floor(available / columns)) };
}

class ScalarProductsKernel {
  private readonly request: FewRowsRequest;
  private readonly k: KernelBuilder;
  private readonly own: ProductEpilogue;
  private readonly output: IntVariable;
  private readonly tileColumns: number;
  private readonly tileRows: number;

  constructor(request: FewRowsRequest, machine: MachineTraits) {
    this.request = request;
    const { k, epiloguePointers, output } = epilogueParameters(request.epilogue, machine);
    this.k = k;
    this.own = { epilogue: request.epilogue, pointers: epiloguePointers };
    this.output = output;
    const { rows, columns } = tileSize(machine);
    this.tileColumns = columns;
    this.tileRows = rows;
  }

  build(): Kernel {
    const { k, request } = this;
    const [start, end] = k.parameters;
    const panels = { length: request.columns, width: PANEL_TILES * this.tileColumns };
    const units = shareCount(blockCount(panels), 2 * ENOUGH_UNITS);
    k.loop(start, end, 1, (unit) => {
      const range = rangeOfShare(k, blockCount(panels), units, unit);
      forEachBlock(k, panels, range, (panel, columns) =>
        this.panel(k.intVariable(k.multiply(panel, panels.width)), columns),
      );
    });
    return { code: k.finish(), units, scratchBytes: 0 };
  }

  private panel(column: IntVariable, columns: number): void {
    const { k, request, tileColumns } = this;
    const first = k.intVariable(k.add(this.output, k.multiply(column, FLOAT_BYTES)));
    const tiles = { length: columns, width: tileColumns };
    const { full, rest } = tileSizes(request.rows, this.tileRows, true);
    forEachBlock(k, tiles, { from: k.int(0), to: k.int(blockCount(tiles)) }, (block, count) => {
      const inPanel = k.intVariable(k.multiply(block, tileColumns));
      const floats = k.multiply(k.add(column, inPanel), request.inner);
      const b = k.intVariable(k.add(k.parameters[FIRST_POINTER + 1], k.multiply(floats, FLOAT_BYTES)));
      const results = k.intVariable(k.add(first, k.multiply(inPanel, FLOAT_BYTES)));
      const tileAt = (row: IntExpression, rows: number) =>
        this.tile(results, b, row, { rows, columns: count });
      if (full > 0) k.loop(0, full * this.tileRows, this.tileRows, (row) => tileAt(row, this.tileRows));
      forEachRestTile(k, full * this.tileRows, rest, tileAt);
    });
    finishResults(k, request, this.own, { first, column, columns });
  }

  private tile(
    results: IntVariable,
    matrix: IntVariable,
    row: IntExpression,
    { rows, columns }: { readonly rows: number; readonly columns: number },
  ): void {
    const { k, request } = this;
    const innerBytes = request.inner * FLOAT_BYTES;
    const resultBytes = request.columns * FLOAT_BYTES;
    const tile = zeroTile(k, rows, columns);
    const a = k.intVariable(k.add(k.parameters[FIRST_POINTER], k.multiply(row, innerBytes)));
    this.products(tile, a, k.intVariable(matrix));
    const target = k.intVariable(k.add(results, k.multiply(row, resultBytes)));
    tile.forEach((accumulators, i) =>
      accumulators.forEach((accumulator, j) =>
        k.store(target, i * resultBytes + j * FLOAT_BYTES, k.let(k.horizontal("add", accumulator)), 1),
      ),
    );
  }

  /** Adds the products along the inner length. @param a of the first row, moves @param b of the matrix' first row, moves */
  private products(tile: Tile, a: IntVariable, b: IntVariable): void {
    const { k, request } = this;
    const { lanes } = k.machine;
    const vectorBytes = lanes * FLOAT_BYTES;
    const innerBytes = request.inner * FLOAT_BYTES;
    const step = (copy: number, count: number) => {
      const columns = tile[0].map((_, j) =>
        k.vectorVariable(k.load(b, copy * vectorBytes + j * innerBytes, count)),
      );
      tile.forEach((accumulators, i) => {
        const value = k.vectorVariable(k.load(a, i * innerBytes, count));
        accumulators.forEach((accumulator, j) =>
          k.setVector(accumulator, k.multiplyAdd(value, columns[j], accumulator)),
        );
      });
    };
    const whole = Math.floor(request.inner / lanes);
    if (whole > 0) {
      const enough = Math.ceil(ROUND_MULTIPLY_ADDS / (tile.length * tile[0].length));
      const copies = Math.min(MOST_COPIES, whole, enough);
      const aEnd = k.intVariable(k.add(a, whole * vectorBytes));
      const bEnd = k.intVariable(k.add(b, whole * vectorBytes));
      k.unrolledLoop(
        a,
        aEnd,
        vectorBytes,
        copies,
        (copy) => step(copy, lanes),
        () => k.increment(b, copies * vectorBytes),
      );
      k.setInt(b, bEnd);
    }
    const rest = request.inner % lanes;
    if (rest > 0) step(0, rest);
  }
}
