/**
 * @file Convolution the other way round: each input pixel is added to all the outputs that read it. For input gradients, where
 * output rows and columns outnumber those of the input: the direct kernels multiply the zeros of the padding there, and
 * few outputs leave lanes empty. Here a row of the filter with all outputs is one run of numbers.
 *
 *   for unit (image):
 *     sums = 0                             of all rows and columns that an input pixel reaches, inside of the output or not
 *     for filter row: for two vectors of its run of (column, output):
 *       for tile of input rows: for input column:
 *         accumulators = 0
 *         for input channel: accumulators += broadcast(input) · weights
 *         sums += accumulators             from the pixel's place in the frame on; the tile's rows do not overlap
 *     store epilogue(sums) inside of the output
 */
import type { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits } from "../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../kernel.ts";
import { vectorLoop } from "../strided.ts";
import { type Epilogue } from "../epilogue.ts";
import { epilogueParameters } from "../epilogue-parameters.ts";
import { TileEpilogue } from "../tile-epilogue.ts";
import { tileSizes, type ConvolutionGeometry } from "./geometry.ts";
import { multiplyAddRun, TILE_VECTORS, tileRows, zeroTile } from "./tile.ts";
import { ENOUGH_UNITS } from "../shares.ts";
import { machineKernel } from "../library.ts";
import type { ConvolutionRequest, ElementwiseRequest, FilterView } from "../requests.ts";

/** The largest frame: it should stay in a second-level cache. */
const MOST_BYTES = 512 * 1024;
/** The cost, in multiply-add instructions, of adding a vector to the sums and finally storing it. */
const ADD_TIME = 5;

/** The output with all rows and columns around it that an input pixel is added to. */
interface Frame {
  /** The output's first row and column in it. */
  readonly top: number;
  readonly left: number;
  /** Floats from one row to the next. */
  readonly rowLength: number;
  /** The size, including the part that the last vector of a run writes beyond the frame. */
  readonly bytes: number;
}

function frameOf(geometry: ConvolutionGeometry, machine: MachineTraits): Frame {
  const { filterHeight, filterWidth, inputHeight, inputWidth, dilations, inputDilations } = geometry;
  const { outputHeight, outputWidth, outputChannels, padding } = geometry;
  const reach = (filterHeight - 1) * dilations[0];
  const top = reach - padding[0];
  const left = filterWidth - 1 - padding[1];
  // Behind what pixels reach there may be outputs that only read padding.
  const rows = Math.max((inputHeight - 1) * inputDilations[0] + reach + 1, top + outputHeight);
  const columns = Math.max((inputWidth - 1) * inputDilations[1] + filterWidth, left + outputWidth);
  const rowLength = columns * outputChannels;
  return {
    top,
    left,
    rowLength,
    bytes: (rows * rowLength + machine.lanes) * FLOAT_BYTES,
  };
}

/** Vectors of a run: the columns of a filter's row, with all outputs. */
function runVectors(filterWidth: number, outputs: number, { lanes }: MachineTraits): number {
  return Math.ceil((filterWidth * outputs) / lanes);
}

/** Whether the kernel can do a convolution: one group, no strides, no output before all that pixels reach, enough images. */
export function scatterSupports(geometry: ConvolutionGeometry, machine: MachineTraits): boolean {
  const { batch, groups, strides, dilations } = geometry;
  const { top, left, bytes } = frameOf(geometry, machine);
  return (
    batch >= ENOUGH_UNITS &&
    groups === 1 &&
    strides[0] === 1 &&
    strides[1] === 1 &&
    dilations[1] === 1 &&
    top >= 0 &&
    left >= 0 &&
    bytes <= MOST_BYTES
  );
}

/** The cost, in vector multiply-add instructions, of an image. */
export function scatterTime(geometry: ConvolutionGeometry, machine: MachineTraits): number {
  const { inputHeight, inputWidth, inputChannels, filterHeight, filterWidth, outputChannels } = geometry;
  const vectors = runVectors(filterWidth, outputChannels, machine);
  const rows = Math.min(inputHeight, tileRows(machine, Math.min(vectors, TILE_VECTORS)));
  const broadcast = machine.lanes >= 16 ? 0.5 : 1;
  // Of a step of a full tile: its multiply-adds or its loads, but at least as long as one multiply-add takes.
  const step = Math.max(rows * TILE_VECTORS, broadcast * rows + TILE_VECTORS, 8) / (rows * TILE_VECTORS);
  return inputHeight * inputWidth * filterHeight * vectors * (inputChannels * step + ADD_TIME);
}

export function scatterWords({ rows, inputs, columns, outputs }: FilterView, machine: MachineTraits): number {
  return rows * inputs * runVectors(columns, outputs, machine) * machine.lanes;
}

/**
 * The weights as [row][input][column][output], columns from the last to the first as they reach outputs from left to right,
 * each run filled up with zeros to whole vectors. Of two requests the first, which reads nothing, writes the zeros.
 */
export function packScatterWeights(view: FilterView, machine: MachineTraits): ElementwiseRequest[] {
  const { rows, columns, inputs, outputs, strides, offset } = view;
  const run = runVectors(columns, outputs, machine) * machine.lanes;
  const weights: ElementwiseRequest = {
    shape: [rows, inputs, columns, outputs],
    operands: [
      {
        source: "memory",
        strides: [strides.row, strides.input, -strides.column, strides.output],
        offset: offset + (columns - 1) * strides.column,
      },
    ],
    outputs: [
      {
        expression: { kind: "operand", index: 0 },
        place: { source: "memory", strides: [inputs * run, run, outputs, 1], offset: 0 },
      },
    ],
  };
  if (run === columns * outputs) return [weights];
  const zeros: ElementwiseRequest = {
    shape: [rows * inputs * run],
    operands: [],
    outputs: [
      {
        expression: { kind: "constant", value: 0 },
        place: { source: "memory", strides: [1], offset: 0 },
      },
    ],
  };
  return [zeros, weights];
}

export const SCATTER = machineKernel("scatter", scatterKernel);

/** Pointers: input, weights packed by {@link packScatterWeights}, the epilogue's memory operands, output. */
export function scatterKernel(request: ConvolutionRequest, machine: MachineTraits): Kernel {
  return new ScatterKernel(request, machine).build();
}

class ScatterKernel {
  private readonly geometry: ConvolutionGeometry;
  private readonly epilogue: Epilogue | undefined;
  private readonly frame: Frame;
  private readonly vectors: number;
  private readonly k: KernelBuilder;
  private readonly epiloguePointers: readonly (IntVariable | undefined)[];
  private readonly output: IntVariable;

  constructor({ geometry, epilogue }: ConvolutionRequest, machine: MachineTraits) {
    this.geometry = geometry;
    this.epilogue = epilogue;
    this.frame = frameOf(geometry, machine);
    this.vectors = runVectors(geometry.filterWidth, geometry.outputChannels, machine);
    const parameters = epilogueParameters(epilogue, machine);
    this.k = parameters.k;
    this.epiloguePointers = parameters.epiloguePointers;
    this.output = parameters.output;
  }

  build(): Kernel {
    const { k, geometry, frame } = this;
    const { batch, inputHeight, inputWidth, inputChannels, filterHeight, outputHeight, dilations } = geometry;
    const [start, end, sums, images] = k.parameters;
    const imageBytes = inputHeight * inputWidth * inputChannels * FLOAT_BYTES;
    const zero = k.constant(0);
    k.loop(start, end, 1, (unit) => {
      vectorLoop(k, frame.bytes / FLOAT_BYTES, ({ elements, bytes }, count) =>
        k.store(bytes ? k.add(sums, bytes) : sums, elements * FLOAT_BYTES, zero, count),
      );
      const image = k.intVariable(k.add(images, k.multiply(unit, imageBytes)));
      k.loop(0, filterHeight, 1, (filterRow) => {
        // The last row of the filter reaches the frame's first row.
        const up = k.multiply(k.subtract(filterHeight - 1, filterRow), dilations[0]);
        const target = k.intVariable(k.add(sums, k.multiply(up, frame.rowLength * FLOAT_BYTES)));
        this.filterRow(image, filterRow, target);
      });
      k.loop(0, outputHeight, 1, (row) => this.storeRow(unit, row));
    });
    return { code: k.finish(), units: batch, scratchBytes: frame.bytes };
  }

  /** Adds the products of a row of the filter and all input pixels; `target` is where the first pixel's go. */
  private filterRow(image: IntVariable, filterRow: IntVariable, target: IntVariable): void {
    const { k, geometry, vectors } = this;
    const runBytes = vectors * k.machine.lanes * FLOAT_BYTES;
    const rowBytes = geometry.inputChannels * runBytes;
    const weights = k.intVariable(k.add(k.parameters[FIRST_POINTER + 1], k.multiply(filterRow, rowBytes)));
    const groups = (first: number, count: number, width: number) => {
      const step = width * k.machine.lanes * FLOAT_BYTES;
      const from = first * k.machine.lanes * FLOAT_BYTES;
      k.loop(from, from + count * step, step, (bytes) => {
        const b = k.intVariable(k.add(weights, bytes));
        this.inputRows(image, b, k.intVariable(k.add(target, bytes)), width);
      });
    };
    const whole = Math.floor(vectors / TILE_VECTORS);
    groups(0, whole, TILE_VECTORS);
    if (vectors % TILE_VECTORS > 0) groups(whole * TILE_VECTORS, 1, vectors % TILE_VECTORS);
  }

  /** All tiles of input rows, for some vectors of the run. */
  private inputRows(image: IntVariable, weights: IntVariable, target: IntVariable, vectors: number): void {
    const { k, geometry, frame } = this;
    const { inputHeight, inputWidth, inputChannels, inputDilations } = geometry;
    const size = tileRows(k.machine, vectors);
    const { full, rest } = tileSizes(inputHeight, size, true);
    const sourceBytes = inputWidth * inputChannels * FLOAT_BYTES;
    const targetBytes = inputDilations[0] * frame.rowLength * FLOAT_BYTES;
    const tile = (row: IntExpression, rows: number) => {
      const a = k.intVariable(k.add(image, k.multiply(row, sourceBytes)));
      const to = k.intVariable(k.add(target, k.multiply(row, targetBytes)));
      k.loop(0, inputWidth, 1, () => {
        const accumulators = zeroTile(k, rows, vectors);
        multiplyAddRun(k, accumulators, {
          a,
          stepBytes: FLOAT_BYTES,
          rowOffsets: accumulators.map((_, i) => i * sourceBytes),
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
        k.increment(to, inputDilations[1] * geometry.outputChannels * FLOAT_BYTES);
      });
    };
    k.loop(0, full * size, size, (row) => tile(row, size));
    let row = full * size;
    for (const rows of rest) {
      tile(k.int(row), rows);
      row += rows;
    }
  }

  /** Writes one row of the output, after the epilogue. */
  private storeRow(batch: IntVariable, row: IntVariable): void {
    const { k, geometry, frame } = this;
    const { outputHeight, outputWidth, outputChannels } = geometry;
    const inFrame = k.add(k.multiply(k.add(row, frame.top), frame.rowLength), frame.left * outputChannels);
    const from = k.intVariable(k.add(k.parameters[2], k.multiply(inFrame, FLOAT_BYTES)));
    const rowBytes = outputWidth * outputChannels * FLOAT_BYTES;
    const rowNumber = k.add(k.multiply(batch, outputHeight), row);
    const to = k.intVariable(k.add(this.output, k.multiply(rowNumber, rowBytes)));
    const write = (column: IntExpression, pixels: number) => {
      const pixel = k.multiply(column, outputChannels * FLOAT_BYTES);
      const place = { batch, row, column, channel: k.int(0) };
      const epilogue = new TileEpilogue(k, this.epilogue, this.epiloguePointers, place);
      this.storeRun(k.intVariable(k.add(from, pixel)), k.intVariable(k.add(to, pixel)), epilogue, pixels);
    };
    const step = this.pixelsOfRun();
    const whole = outputWidth - (outputWidth % step);
    k.loop(0, whole, step, (column) => write(column, step));
    if (whole < outputWidth) write(k.int(whole), outputWidth - whole);
  }

  private storeRun(from: IntVariable, to: IntVariable, epilogue: TileEpilogue, pixels: number): void {
    const { k, geometry } = this;
    const floats = pixels * geometry.outputChannels;
    for (let channel = 0; channel < floats; channel += k.machine.lanes) {
      const count = Math.min(k.machine.lanes, floats - channel);
      const sum = k.vectorVariable(k.load(from, channel * FLOAT_BYTES, count));
      const value = k.let(epilogue.apply(sum, { row: 0, column: 0, channel }, count));
      k.store(to, channel * FLOAT_BYTES, value, count);
    }
  }

  /** Pixels that are stored at once: whole vectors if the epilogue's operands lie as the output does, like many channels of one pixel. */
  private pixelsOfRun(): number {
    const { outputChannels } = this.geometry;
    const { lanes } = this.k.machine;
    const operands = this.epilogue?.operands ?? [];
    const isOneRun = operands.every(
      ({ strides: [, , column, channel] }) => column === channel * outputChannels,
    );
    const powerOfTwo = outputChannels & -outputChannels;
    return isOneRun ? Math.max(1, lanes / powerOfTwo) : 1;
  }
}
