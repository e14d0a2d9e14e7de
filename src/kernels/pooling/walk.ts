/**
 * @file The loops that all pooling kernels share.
 *
 *   for unit (image, output row if rows are independent, block of channels):
 *     for segment of rows, row; for segment of columns, column:
 *       for vector of channels:
 *         visit the window                      its cells are written out, or looped over if there are many
 *
 * With a stride of 1 along the width, neighbouring windows read neighbouring floats at every cell, so a whole segment
 * of columns is visited as one pixel of many channels. Windows side by side with few channels are visited in groups.
 */
import type { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, VectorExpression } from "../../machine/ir.ts";
import { FLOAT_BYTES } from "../kernel.ts";
import type { Segment } from "../window-axis.ts";
import { WindowGroup, windowsInGroup, type Finish } from "./group.ts";
import { overlaps, poolingSegments, type PoolingGeometry } from "./geometry.ts";
import { ENOUGH_UNITS } from "../shares.ts";

/** Windows of at most this many cells are written out cell by cell. */
const UNROLLED_CELLS = 32;
/** Cells times vectors of channels that are written out in one iteration, unless borders make many copies of it. */
const UNROLLED_READS = 32;
const MANY_COPIES = 16;
/** A cache line of 64 bytes: a unit takes no less of each pixel. */
const BLOCK_CHANNELS = 16;

/** Buffers of the input's size, of the output's, and with a number for each channel, as addresses that move along together. */
export interface Places {
  readonly inputs: readonly IntExpression[];
  readonly outputs: readonly IntExpression[];
  readonly vectors: readonly IntExpression[];
}

/** One vector of channels of one window, or of several windows side by side. */
export interface WindowVector {
  /** Addresses of the first window's first cell, and of its result. */
  readonly places: Places;
  /** To add to all addresses. */
  readonly offset: number;
  /** Lanes in use. */
  readonly count: number;
  /** Cells inside the input. */
  readonly rows: number;
  readonly columns: number;
  /** The windows' cells and the vector's number among those of the group, if there are several. */
  readonly group?: { readonly cells: WindowGroup; readonly vector: number };
}

/** One cell of a window, in all buffers of the input's size. */
export interface Cell {
  /** Whether it is the window's first one; never inside a loop. */
  readonly isFirst: boolean;
  load(input: number): VectorExpression;
  /** @param finish may see the floats of several cells in one vector, in the order in which they lie in memory */
  store(input: number, value: VectorExpression, finish?: Finish): void;
}

/** How the work is divided into units. */
export interface UnitPlan {
  /** Output rows that are units of their own: all of them, or 1 when an image's rows must be done in order. */
  readonly rows: number;
  readonly channelBlocks: number;
  readonly units: number;
}

export function planUnits(geometry: PoolingGeometry, rowsAreIndependent: boolean): UnitPlan {
  const { batch, outputHeight, channels } = geometry;
  const rows = rowsAreIndependent ? outputHeight : 1;
  const divisible = batch * rows < ENOUGH_UNITS && channels % BLOCK_CHANNELS === 0;
  const channelBlocks = divisible ? channels / BLOCK_CHANNELS : 1;
  return { rows, channelBlocks, units: batch * rows * channelBlocks };
}

/** The part of the work that one unit does. */
export interface Unit {
  /** The output row; undefined when the unit does all rows. */
  readonly row: IntExpression | undefined;
  /** The image's first pixel, at the unit's first channel. */
  readonly places: Places;
  /** Channels of the unit. */
  readonly channels: number;
}

/** Windows of few cells side by side, and pixels that fill whole vectors on every machine: a vector is of one window. */
export function visitsPixels(geometry: PoolingGeometry): boolean {
  const { channels, window, strides } = geometry;
  const isApart = strides[1] > 1 && !overlaps(geometry, 0) && !overlaps(geometry, 1);
  return channels % BLOCK_CHANNELS === 0 && isApart && window[0] * window[1] <= UNROLLED_CELLS;
}

export class PoolingWalk {
  readonly geometry: PoolingGeometry;
  readonly plan: UnitPlan;
  private readonly k: KernelBuilder;
  private readonly pointers: Places;

  /** @param pointers `vectors` only where no window reaches past its own channels: {@link visitsPixels} */
  constructor(
    k: KernelBuilder,
    geometry: PoolingGeometry,
    plan: UnitPlan,
    pointers: Omit<Places, "vectors"> & { readonly vectors?: readonly IntExpression[] },
  ) {
    this.k = k;
    this.geometry = geometry;
    this.plan = plan;
    this.pointers = { vectors: [], ...pointers };
  }

  forEachUnit(body: (unit: Unit) => void): void {
    const { k, geometry, plan } = this;
    const { inputHeight, inputWidth, outputHeight, outputWidth, channels } = geometry;
    const [start, end] = k.parameters;
    const unitChannels = channels / plan.channelBlocks;
    k.loop(start, end, 1, (unit) => {
      const place = k.intVariable(k.divide(unit, plan.channelBlocks));
      const channelBytes = k.multiply(k.remainder(unit, plan.channelBlocks), unitChannels * FLOAT_BYTES);
      const image = k.intVariable(k.divide(place, plan.rows));
      const places = this.moved(
        this.pointers,
        k.add(k.multiply(image, inputHeight * inputWidth * channels * FLOAT_BYTES), channelBytes),
        k.add(k.multiply(image, outputHeight * outputWidth * channels * FLOAT_BYTES), channelBytes),
        plan.channelBlocks > 1 ? channelBytes : 0,
      );
      const row = plan.rows > 1 ? k.intVariable(k.remainder(place, plan.rows)) : undefined;
      body({ row, places, channels: unitChannels });
    });
  }

  /** Visits every window of a unit, row by row. */
  forEachWindow(unit: Unit, visit: (vector: WindowVector) => void): void {
    const { k } = this;
    const segments = poolingSegments(this.geometry, 0);
    for (const segment of segments) {
      const { first, count } = segment;
      const row = (index: IntExpression) => this.row(unit, segment, index, visit);
      if (!unit.row) k.loop(first, first + count, 1, row);
      else if (segments.length === 1) row(unit.row);
      else {
        const index = unit.row;
        k.ifAtLeast(index, first, () => k.ifAtLeast(first + count - 1, index, () => row(index)));
      }
    }
  }

  private row(unit: Unit, segment: Segment, row: IntExpression, visit: (vector: WindowVector) => void): void {
    const { k, geometry } = this;
    const pixelBytes = geometry.channels * FLOAT_BYTES;
    const inputRow = k.subtract(k.multiply(row, segment.inputStep), segment.first * segment.inputStep);
    const places = this.moved(
      unit.places,
      k.multiply(k.add(inputRow, segment.input), geometry.inputWidth * pixelBytes),
      k.multiply(row, geometry.outputWidth * pixelBytes),
    );
    for (const columns of poolingSegments(geometry, 1)) {
      const at = (column: IntExpression | number) =>
        this.moved(
          places,
          k.add(k.multiply(column, columns.inputStep * pixelBytes), columns.input * pixelBytes),
          k.add(k.multiply(column, pixelBytes), columns.first * pixelBytes),
        );
      const size = { rows: segment.taps.length, columns: columns.taps.length };
      const merges = columns.inputStep === 1 && this.plan.channelBlocks === 1;
      if (merges) {
        this.pixel(at(0), columns.count * unit.channels, size, visit);
        continue;
      }
      const windows = this.windowsInGroup(segment, columns);
      const grouped = windows ? columns.count - (columns.count % windows) : 0;
      if (windows) k.loop(0, grouped, windows, (column) => this.group(at(column), windows, size, visit));
      k.loop(grouped, columns.count, 1, (column) => this.pixel(at(column), unit.channels, size, visit));
    }
  }

  private windowsInGroup(rows: Segment, columns: Segment): number | undefined {
    if (this.plan.channelBlocks > 1 || !this.isUnrolled(rows.taps.length, columns.taps.length))
      return undefined;
    if (this.geometry.dilations[1] > 1) return undefined;
    return windowsInGroup(this.geometry.channels, columns, this.k.machine);
  }

  private group(
    places: Places,
    windows: number,
    size: { readonly rows: number; readonly columns: number },
    visit: (vector: WindowVector) => void,
  ): void {
    const { k } = this;
    const { channels } = this.geometry;
    const { rowBytes } = this.cellDistances();
    const cells = new WindowGroup(k, places.inputs, { channels, windows, columns: size.columns, rowBytes });
    for (let vector = 0; vector < cells.vectors; vector++) {
      cells.begin();
      const offset = vector * k.machine.lanes * FLOAT_BYTES;
      visit({ places, offset, count: k.machine.lanes, ...size, group: { cells, vector } });
    }
  }

  private pixel(
    places: Places,
    floats: number,
    size: { readonly rows: number; readonly columns: number },
    visit: (vector: WindowVector) => void,
  ): void {
    const { k, geometry } = this;
    const { lanes } = k.machine;
    const full = Math.floor(floats / lanes);
    const rest = floats % lanes;
    const copies = poolingSegments(geometry, 0).length * poolingSegments(geometry, 1).length;
    const reads = full * Math.min(size.rows * size.columns, UNROLLED_CELLS);
    if (full === 1 || (reads <= UNROLLED_READS && copies <= MANY_COPIES)) {
      for (let i = 0; i < full; i++)
        visit({ places, offset: i * lanes * FLOAT_BYTES, count: lanes, ...size });
    } else {
      const vectorBytes = lanes * FLOAT_BYTES;
      k.loop(0, full * vectorBytes, vectorBytes, (bytes) => {
        visit({ places: this.moved(places, bytes, bytes, bytes), offset: 0, count: lanes, ...size });
      });
    }
    if (rest > 0) visit({ places, offset: full * lanes * FLOAT_BYTES, count: rest, ...size });
  }

  /** How far apart neighbouring cells of a window are. */
  private cellDistances(): { readonly rowBytes: number; readonly columnBytes: number } {
    const { channels, inputWidth, dilations } = this.geometry;
    const pixelBytes = channels * FLOAT_BYTES;
    return { rowBytes: dilations[0] * inputWidth * pixelBytes, columnBytes: dilations[1] * pixelBytes };
  }

  /** Visits the cells of a window row by row. */
  forEachCell(window: WindowVector, visit: (cell: Cell) => void): void {
    const { k } = this;
    const { places, rows, columns, group } = window;
    const { rowBytes, columnBytes } = this.cellDistances();
    if (this.isUnrolled(rows, columns)) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const isFirst = row === 0 && column === 0;
          if (group) visit({ isFirst, ...this.groupCell(group, row, column) });
          else visit({ isFirst, ...this.cell(window, places.inputs, row * rowBytes + column * columnBytes) });
        }
      }
      return;
    }
    k.loop(0, rows, 1, (row) => {
      const rowStart = this.moved(places, k.multiply(row, rowBytes), 0);
      k.loop(0, columns, 1, (column) => {
        const { inputs } = this.moved(rowStart, k.multiply(column, columnBytes), 0);
        visit({ isFirst: false, ...this.cell(window, inputs, 0) });
      });
    });
  }

  private cell(
    { offset, count }: WindowVector,
    inputs: readonly IntExpression[],
    distance: number,
  ): Omit<Cell, "isFirst"> {
    const { k } = this;
    const load = (input: number) => k.load(inputs[input], distance + offset, count);
    return {
      load,
      store: (input, value, finish) =>
        k.store(inputs[input], distance + offset, finish ? k.let(finish(value, load)) : value, count),
    };
  }

  private groupCell(
    { cells, vector }: NonNullable<WindowVector["group"]>,
    row: number,
    column: number,
  ): Omit<Cell, "isFirst"> {
    return {
      load: (input) => cells.load(input, row, column, vector),
      store: (input, value, finish) => cells.store(input, row, column, vector, value, finish),
    };
  }

  isUnrolled(rows: number, columns: number): boolean {
    return rows * columns <= UNROLLED_CELLS;
  }

  private moved(
    { inputs, outputs, vectors }: Places,
    input: IntExpression,
    output: IntExpression | number,
    channel: IntExpression | number = 0,
  ): Places {
    const { k } = this;
    const move = (distance: IntExpression | number) => (address: IntExpression) =>
      distance === 0 ? address : k.intVariable(k.add(address, distance));
    return {
      inputs: inputs.map(move(input)),
      outputs: outputs.map(move(output)),
      vectors: vectors.map(move(channel)),
    };
  }
}
