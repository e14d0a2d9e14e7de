/**
 * @file Pooling of few channels, several neighbouring windows at a time: their results are consecutive floats, and so are
 * their cells in each row, so that whole vectors are read and written and lanes change places in between.
 *
 * This takes windows side by side, without gaps and overlap along the width. A group has so many windows that its results
 * fill whole vectors: with 6 channels and 16 lanes, 8 windows are 3 vectors of results and, if 2 wide, 6 of cells.
 */
import type { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, MachineTraits, VectorExpression } from "../../machine/ir.ts";
import { FLOAT_BYTES } from "../kernel.ts";
import { pickLanes } from "../lanes.ts";
import type { Segment } from "../window-axis.ts";

/** Transforms a vector of floats before it is stored; `load` reads the same place of another buffer of the input's size. */
export type Finish = (value: VectorExpression, load: (input: number) => VectorExpression) => VectorExpression;

/** Most vectors of cells that a group has in a row. */
const MOST_VECTORS = 8;

/** Windows that are visited together; undefined where there is no reason to, or too few windows. */
export function windowsInGroup(
  channels: number,
  { count, inputStep, taps }: Segment,
  { lanes }: MachineTraits,
): number | undefined {
  if (channels >= lanes || inputStep === 1 || taps.length !== inputStep) return undefined;
  const vectors = channels / greatestCommonDivisor(channels, lanes);
  const windows = (vectors * lanes) / channels;
  return vectors * inputStep <= MOST_VECTORS && windows <= count ? windows : undefined;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The cells of a group of windows, which each vector of results visits in turn. */
export class WindowGroup {
  /** Vectors of results. */
  readonly vectors: number;
  private readonly k: KernelBuilder;
  private readonly inputs: readonly IntExpression[];
  private readonly channels: number;
  private readonly columns: number;
  private readonly rowBytes: number;
  /** The vectors read for the current vector of results. */
  private readonly read = new Map<string, VectorExpression>();
  /** The vectors to write, by input and row: [column][vector of results]. */
  private readonly written = new Map<string, VectorExpression[]>();
  /** The row of cells that was put in order last. */
  private last: {
    readonly values: readonly VectorExpression[];
    readonly floats: readonly VectorExpression[];
  } = {
    values: [],
    floats: [],
  };

  constructor(
    k: KernelBuilder,
    inputs: readonly IntExpression[],
    size: {
      channels: number;
      windows: number;
      columns: number;
      /** From a row of cells to the next. */
      rowBytes: number;
    },
  ) {
    this.k = k;
    this.inputs = inputs;
    this.channels = size.channels;
    this.columns = size.columns;
    this.rowBytes = size.rowBytes;
    this.vectors = (size.windows * size.channels) / k.machine.lanes;
  }

  /** To be called before the cells of each vector of results. */
  begin(): void {
    this.read.clear();
  }

  /** One cell of each window of a vector of results. */
  load(input: number, row: number, column: number, vector: number): VectorExpression {
    const { k, channels, columns } = this;
    const { lanes } = k.machine;
    const sources = Array.from({ length: lanes }, (_, lane) => {
      const place = vector * lanes + lane;
      return (Math.floor(place / channels) * columns + column) * channels + (place % channels);
    });
    const vectors: VectorExpression[] = [];
    for (const source of sources) {
      const number = Math.floor(source / lanes);
      vectors[number] = this.vectorOfCells(input, row, number);
    }
    return pickLanes(k, vectors, sources);
  }

  private vectorOfCells(input: number, row: number, number: number): VectorExpression {
    const { k, read } = this;
    const key = `${input} ${row} ${number}`;
    const known = read.get(key);
    if (known) return known;
    const offset = row * this.rowBytes + number * k.machine.lanes * FLOAT_BYTES;
    const vector = k.vectorVariable(k.load(this.inputs[input], offset));
    read.set(key, vector);
    return vector;
  }

  /** Writes a cell of each window; a row is stored when all of its cells are known. */
  store(
    input: number,
    row: number,
    column: number,
    vector: number,
    value: VectorExpression,
    finish: Finish = (floats) => floats,
  ): void {
    const { k, columns, vectors, written } = this;
    const key = `${input} ${row}`;
    const values = written.get(key) ?? [];
    written.set(key, values);
    values[column * vectors + vector] = k.let(value);
    if (column < columns - 1 || vector < vectors - 1) return;
    this.inOrder(values).forEach((floats, number) => {
      const offset = row * this.rowBytes + number * k.machine.lanes * FLOAT_BYTES;
      const load = (other: number) => k.load(this.inputs[other], offset);
      k.store(this.inputs[input], offset, finish(floats, load));
    });
  }

  /** A row of cells, given as {@link written}, as it lies in memory. */
  private inOrder(values: readonly VectorExpression[]): readonly VectorExpression[] {
    const { k, last } = this;
    // Cells of a mean are the same in all rows of a window.
    if (last.values.length > 0 && values.every((value, i) => value === last.values[i])) return last.floats;
    const { lanes } = k.machine;
    const floats = values.map((_, number) => {
      const sources = Array.from({ length: lanes }, (_, lane) => this.sourceOf(number * lanes + lane));
      return k.let(pickLanes(k, values, sources));
    });
    this.last = { values, floats };
    return floats;
  }

  /** Among the lanes of {@link written}, the one for a float of a row of cells. */
  private sourceOf(float: number): number {
    const { channels, columns, vectors } = this;
    const { lanes } = this.k.machine;
    const pixel = Math.floor(float / channels);
    const place = Math.floor(pixel / columns) * channels + (float % channels);
    return ((pixel % columns) * vectors + Math.floor(place / lanes)) * lanes + (place % lanes);
  }
}
