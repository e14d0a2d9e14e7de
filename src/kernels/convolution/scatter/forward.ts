/**
 * @file Convolution the other way round: each input pixel is added to all the outputs that read it. For input gradients, where
 * output rows and columns outnumber those of the input: the direct kernels multiply the zeros of the padding there, and
 * few outputs leave lanes empty. Here a row of the filter with all outputs is one run of numbers. Where filters are taller than
 * wide, runs lie along their columns instead: all below is said of rows, and what is read and stored has its axes exchanged.
 *
 *   for unit (image, or part of its output rows where there are few images):
 *     sums = 0                             of all rows and columns that an input pixel reaches, inside of the output or not
 *     for filter row: for two vectors of its run of (column, output):
 *       for tile of input rows: for input column:
 *         accumulators = 0
 *         for input channel: accumulators += broadcast(input) · weights
 *         sums += accumulators             from the pixel's place in the frame on; the tile's rows do not overlap
 *     store epilogue(sums) inside of the output
 */
import type { KernelBuilder } from "../../../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits } from "../../../machine/ir.ts";
import { epilogueParameters } from "../../epilogue-parameters.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../../kernel.ts";
import { machineKernel } from "../../library.ts";
import type { ScatterRequest } from "../../requests.ts";
import { vectorLoop } from "../../strided.ts";
import { tileSizes, type ConvolutionGeometry } from "../geometry.ts";
import { multiplyAddRun, TILE_VECTORS, tileRows, zeroTile } from "../tile.ts";
import { alongColumns, frameOf, restTileRows, runVectors, type Frame } from "./frame.ts";
import { FrameWriter } from "./store.ts";

export const SCATTER = machineKernel("scatter", scatterKernel);

/** Pointers: input, weights packed by `packScatterWeights`, the epilogue's memory operands, output. */
export function scatterKernel(request: ScatterRequest, machine: MachineTraits): Kernel {
  return new ScatterKernel(request, machine).build();
}

/** The part of an image that a unit computes. */
interface Part {
  /** Where its first row is in memory, less what lies before it in the whole frame. */
  readonly sums: IntExpression;
  /** Rows of the whole frame that are its own; undefined where all are. */
  readonly rows: { readonly from: IntVariable; readonly to: IntVariable } | undefined;
}

class ScatterKernel {
  /** With runs along the columns. */
  private readonly geometry: ConvolutionGeometry;
  private readonly frame: Frame;
  private readonly vectors: number;
  private readonly k: KernelBuilder;
  /** From one input row, and one input pixel of a row, to the next. */
  private readonly rowBytes: number;
  private readonly pixelBytes: number;
  private readonly writer: FrameWriter;

  constructor({ geometry, epilogue, run }: ScatterRequest, machine: MachineTraits) {
    this.geometry = alongColumns(geometry, run);
    this.frame = frameOf(this.geometry, machine);
    this.vectors = runVectors(this.geometry.filterWidth, geometry.outputChannels, machine);
    const parameters = epilogueParameters(epilogue, machine);
    this.k = parameters.k;
    const channelBytes = geometry.inputChannels * FLOAT_BYTES;
    const lineBytes = geometry.inputWidth * channelBytes;
    [this.rowBytes, this.pixelBytes] = run === "rows" ? [channelBytes, lineBytes] : [lineBytes, channelBytes];
    this.writer = new FrameWriter(parameters, geometry, epilogue, this.frame, run);
  }

  build(): Kernel {
    const { k, geometry, frame } = this;
    const { batch, inputHeight, inputWidth, inputChannels, outputHeight } = geometry;
    const { parts, partRows } = frame;
    const [start, end, sums, images] = k.parameters;
    const imageBytes = inputHeight * inputWidth * inputChannels * FLOAT_BYTES;
    const zero = k.constant(0);
    k.loop(start, end, 1, (unit) => {
      vectorLoop(k, frame.bytes / FLOAT_BYTES, ({ elements, bytes }, count) =>
        k.store(bytes ? k.add(sums, bytes) : sums, elements * FLOAT_BYTES, zero, count),
      );
      if (parts === 1) {
        const image = k.intVariable(k.add(images, k.multiply(unit, imageBytes)));
        this.filterRows(image, { sums, rows: undefined });
        this.writer.store(unit, sums, 0, outputHeight);
        return;
      }
      const number = k.intVariable(k.divide(unit, parts));
      const first = k.intVariable(k.multiply(k.remainder(unit, parts), partRows));
      const last = k.intVariable(k.minimum(k.add(first, partRows), outputHeight));
      const image = k.intVariable(k.add(images, k.multiply(number, imageBytes)));
      const from = k.intVariable(k.add(first, frame.top));
      const to = k.intVariable(k.add(last, frame.top));
      const whole = k.intVariable(k.subtract(sums, k.multiply(from, frame.rowLength * FLOAT_BYTES)));
      this.filterRows(image, { sums: whole, rows: { from, to } });
      this.writer.store(number, whole, first, last);
    });
    return { code: k.finish(), units: batch * parts, scratchBytes: frame.bytes };
  }

  private filterRows(image: IntVariable, part: Part): void {
    const { k, geometry } = this;
    const { filterHeight, dilations } = geometry;
    k.loop(0, filterHeight, 1, (filterRow) => {
      // The last row of the filter reaches the frame's first row.
      const up = k.intVariable(k.multiply(k.subtract(filterHeight - 1, filterRow), dilations[0]));
      this.filterRow(image, filterRow, up, part);
    });
  }

  /** Adds the products of a row of the filter and all input pixels that it takes to the part's rows, `up` rows below the pixels' own. */
  private filterRow(image: IntVariable, filterRow: IntVariable, up: IntVariable, part: Part): void {
    const { k, geometry, frame, vectors } = this;
    const runBytes = vectors * k.machine.lanes * FLOAT_BYTES;
    const rowBytes = geometry.inputChannels * runBytes;
    const weights = k.intVariable(k.add(k.parameters[FIRST_POINTER + 1], k.multiply(filterRow, rowBytes)));
    const target = k.intVariable(k.add(part.sums, k.multiply(up, frame.rowLength * FLOAT_BYTES)));
    const rows = this.inputRowsOf(part, up);
    const groups = (first: number, count: number, width: number) => {
      const step = width * k.machine.lanes * FLOAT_BYTES;
      const from = first * k.machine.lanes * FLOAT_BYTES;
      k.loop(from, from + count * step, step, (bytes) => {
        const b = k.intVariable(k.add(weights, bytes));
        const to = k.intVariable(k.add(target, bytes));
        this.forEachTile(rows, width, (row, size) => this.tile(image, b, to, row, [size, width]));
      });
    };
    const whole = Math.floor(vectors / TILE_VECTORS);
    groups(0, whole, TILE_VECTORS);
    if (vectors % TILE_VECTORS > 0) groups(whole * TILE_VECTORS, 1, vectors % TILE_VECTORS);
  }

  /** The input rows that a row of the filter takes to the part's rows; undefined for all. */
  private inputRowsOf({ rows }: Part, up: IntVariable): Part["rows"] {
    if (!rows) return undefined;
    const { k } = this;
    const { inputHeight, inputDilations } = this.geometry;
    const [step] = inputDilations;
    // The first input row at or behind a row of the frame; numbers are unsigned.
    const rowAt = (row: IntVariable) =>
      k.minimum(k.divide(k.add(k.subtract(k.maximum(row, up), up), step - 1), step), inputHeight);
    const from = k.intVariable(rowAt(rows.from));
    return { from, to: k.intVariable(rowAt(rows.to)) };
  }

  /** Visits all tiles of input rows, for some vectors of the run. */
  private forEachTile(
    rows: Part["rows"],
    vectors: number,
    visit: (row: IntExpression, size: number) => void,
  ): void {
    const { k } = this;
    const { inputHeight } = this.geometry;
    const size = tileRows(k.machine, vectors);
    if (!rows) {
      const { full, rest } = tileSizes(inputHeight, size, true);
      k.loop(0, full * size, size, (row) => visit(row, size));
      let row = full * size;
      for (const count of rest) {
        visit(k.int(row), count);
        row += count;
      }
      return;
    }
    const count = k.subtract(rows.to, rows.from);
    const row = k.intVariable(k.add(rows.from, k.multiply(k.divide(count, size), size)));
    k.loop(rows.from, row, size, (first) => visit(first, size));
    for (const part of restTileRows(size)) {
      k.ifAtLeast(k.subtract(rows.to, row), part, () => {
        visit(row, part);
        k.increment(row, part);
      });
    }
  }

  /** Adds the products of some input rows; `target` is where the first pixel's of row 0 go. */
  private tile(
    image: IntVariable,
    weights: IntVariable,
    target: IntVariable,
    row: IntExpression,
    [rows, vectors]: readonly [number, number],
  ): void {
    const { k, geometry, frame, rowBytes, pixelBytes } = this;
    const { inputWidth, inputChannels, inputDilations, outputChannels } = geometry;
    const targetBytes = inputDilations[0] * frame.rowLength * FLOAT_BYTES;
    const a = k.intVariable(k.add(image, k.multiply(row, rowBytes)));
    const to = k.intVariable(k.add(target, k.multiply(row, targetBytes)));
    k.loop(0, inputWidth, 1, () => {
      const accumulators = zeroTile(k, rows, vectors);
      multiplyAddRun(k, accumulators, {
        a,
        stepBytes: FLOAT_BYTES,
        rowOffsets: accumulators.map((_, i) => i * rowBytes),
        b: k.intVariable(weights),
        bBytes: this.vectors * k.machine.lanes * FLOAT_BYTES,
        steps: inputChannels,
      });
      accumulators.forEach((vector, i) =>
        vector.forEach((accumulator, j) => {
          const offset = i * targetBytes + j * k.machine.lanes * FLOAT_BYTES;
          k.store(to, offset, k.binary("add", accumulator, k.load(to, offset)));
        }),
      );
      // The run has gone through the pixel's channels.
      const behind = pixelBytes - inputChannels * FLOAT_BYTES;
      if (behind > 0) k.increment(a, behind);
      k.increment(to, inputDilations[1] * outputChannels * FLOAT_BYTES);
    });
  }
}
