/**
 * @file Gradient of a convolution by its filters where images are small: few pixels for many filter numbers.
 *
 *   for unit (a block of 2 vectors of outputs, a share of the filter's cells):
 *     copy the output gradient of the block, of all images, into scratch
 *     for cell of the filter: for tile of inputs:
 *       accumulators = 0
 *       for image: for row of outputs: multiply-add tile over the columns whose input lies inside the image
 *       gradient = accumulators
 *
 * A tile goes through all images, so that each number of the gradient is written once and there are no partial gradients: with 512 inputs
 * and outputs they would be larger than all images together. Nothing is multiplied with the padding, which is two of
 * five products of 3×3 filters on 3×3 pixels, and the input is read where it lies.
 */
import { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits } from "../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../kernel.ts";
import { blockCount, ENOUGH_UNITS, forEachBlock, rangeOfShare, shareCount, type Blocks } from "../shares.ts";
import { tileSizes, type ConvolutionGeometry } from "./geometry.ts";
import { blockLanes } from "./pack.ts";
import { forEachRestTile, multiplyAddRun, tileRows, zeroTile } from "./tile.ts";
import { machineKernel } from "../library.ts";

/** The copied gradient should leave room in a second-level cache of 512 KB. */
const GRADIENT_BYTES = 256 * 1024;

function gradientBytes({ batch, outputHeight, outputWidth }: ConvolutionGeometry, machine: MachineTraits) {
  return batch * outputHeight * outputWidth * blockLanes(machine) * FLOAT_BYTES;
}

/** Whether the kernel can do it: one group, no gaps between inputs, and a gradient that fits a cache. */
export function smallImagesSupport(geometry: ConvolutionGeometry, machine: MachineTraits): boolean {
  const { groups, inputDilations } = geometry;
  return (
    groups === 1 &&
    inputDilations.every((step) => step === 1) &&
    gradientBytes(geometry, machine) <= GRADIENT_BYTES
  );
}

/** Shares of the filter's cells; with the blocks of outputs they are the units. */
function cellSharesOf({ filterHeight, filterWidth }: ConvolutionGeometry, outputs: Blocks): number {
  return shareCount(filterHeight * filterWidth, Math.ceil(ENOUGH_UNITS / blockCount(outputs)));
}

/** How many threads can take part. */
export function smallImagesUnits(geometry: ConvolutionGeometry, machine: MachineTraits): number {
  const outputs = { length: geometry.outputChannels, width: blockLanes(machine) };
  return blockCount(outputs) * cellSharesOf(geometry, outputs);
}

export const SMALL_IMAGES_FILTER_GRADIENT = machineKernel(
  "smallImagesFilterGradient",
  ({ geometry }, machine) => smallImagesKernel(geometry, machine),
);

/** Pointers: input, output gradient, gradient [filterHeight, filterWidth, inputs, outputs]. */
export function smallImagesKernel(geometry: ConvolutionGeometry, machine: MachineTraits): Kernel {
  return new SmallImagesKernel(geometry, machine).build();
}

/** One axis of the outputs whose input lies inside the image. */
interface Inside {
  readonly from: IntVariable;
  readonly to: IntVariable;
}

class SmallImagesKernel {
  private readonly geometry: ConvolutionGeometry;
  private readonly k: KernelBuilder;
  private readonly outputs: Blocks;
  private readonly cellShares: number;
  private readonly cells: number;
  private readonly pixelBytes: number;

  constructor(geometry: ConvolutionGeometry, machine: MachineTraits) {
    this.geometry = geometry;
    this.k = new KernelBuilder(machine, FIRST_POINTER + 3);
    this.outputs = { length: geometry.outputChannels, width: blockLanes(machine) };
    this.cells = geometry.filterHeight * geometry.filterWidth;
    this.cellShares = cellSharesOf(geometry, this.outputs);
    this.pixelBytes = blockLanes(machine) * FLOAT_BYTES;
  }

  build(): Kernel {
    const { k, outputs, cells, cellShares } = this;
    const [start, end] = k.parameters;
    k.loop(start, end, 1, (unit) => {
      const block = k.intVariable(k.divide(unit, cellShares));
      const range = rangeOfShare(k, cells, cellShares, k.intVariable(k.remainder(unit, cellShares)));
      const blockEnd = k.intVariable(k.add(block, 1));
      forEachBlock(k, outputs, { from: block, to: blockEnd }, (number, count) => {
        this.copyGradient(number, count);
        k.loop(range.from, range.to, 1, (cell) => this.cell(cell, number, count));
      });
    });
    const scratchBytes = gradientBytes(this.geometry, k.machine);
    return { code: k.finish(), units: blockCount(outputs) * cellShares, scratchBytes };
  }

  /** Copies the gradient of a block of outputs: pixels one after the other, the block's missing lanes as zeros. */
  private copyGradient(block: IntExpression, outputs: number): void {
    const { k, geometry, pixelBytes } = this;
    const { batch, outputHeight, outputWidth, outputChannels } = geometry;
    const [, , scratch, , gradients] = k.parameters;
    const { lanes } = k.machine;
    const source = k.intVariable(k.add(gradients, k.multiply(block, pixelBytes)));
    const target = k.intVariable(scratch);
    k.loop(0, batch * outputHeight * outputWidth, 1, () => {
      for (let lane = 0; lane < outputs; lane += lanes) {
        const count = Math.min(lanes, outputs - lane);
        k.store(target, lane * FLOAT_BYTES, k.load(source, lane * FLOAT_BYTES, count));
      }
      k.increment(source, outputChannels * FLOAT_BYTES);
      k.increment(target, pixelBytes);
    });
  }

  /** The gradient of all inputs of one cell of the filter, for a block of outputs. */
  private cell(cell: IntVariable, block: IntExpression, outputs: number): void {
    const { k, geometry, pixelBytes } = this;
    const { filterWidth, inputChannels, outputChannels } = geometry;
    const filterRow = k.intVariable(k.divide(cell, filterWidth));
    const filterColumn = k.intVariable(k.remainder(cell, filterWidth));
    const rows = this.inside(filterRow, 0);
    const columns = this.inside(filterColumn, 1);
    const size = tileRows(k.machine, Math.ceil(outputs / k.machine.lanes));
    const { full, rest } = tileSizes(inputChannels, size, true);
    const first = k.multiply(k.multiply(cell, inputChannels), outputChannels * FLOAT_BYTES);
    const results = k.add(k.parameters[FIRST_POINTER + 2], k.multiply(block, pixelBytes));
    const target = k.intVariable(k.add(results, first));
    const origin = k.intVariable(this.inputOrigin(filterRow, filterColumn, columns));
    const tileAt = (channel: IntExpression, channels: number) =>
      this.tile(origin, target, rows, columns, channel, channels, outputs);
    k.loop(0, full * size, size, (channel) => tileAt(channel, size));
    forEachRestTile(k, full * size, rest, tileAt);
  }

  /** Outputs along an axis whose input for a cell of the filter lies inside the image. */
  private inside(filterPlace: IntVariable, axis: 0 | 1): Inside {
    const { k, geometry } = this;
    const stride = geometry.strides[axis];
    const padding = geometry.padding[axis];
    const [inputs, outputs] = [
      [geometry.inputHeight, geometry.outputHeight] as const,
      [geometry.inputWidth, geometry.outputWidth] as const,
    ][axis];
    const distance = k.intVariable(k.multiply(filterPlace, geometry.dilations[axis]));
    // Integers are unsigned: what would be negative is cut off before it is subtracted.
    const beyond = (position: number) => k.subtract(k.maximum(distance, Math.max(0, position)), distance);
    const from = k.intVariable(k.divide(k.add(beyond(padding), stride - 1), stride));
    const to = k.divide(beyond(inputs - 1 + padding + stride), stride);
    return { from, to: k.intVariable(k.minimum(to, outputs)) };
  }

  /** The input of the first image that the cell meets in row 0 of the outputs, which may lie before it, and the first column inside. */
  private inputOrigin(filterRow: IntVariable, filterColumn: IntVariable, columns: Inside): IntExpression {
    const { k, geometry } = this;
    const { inputWidth, inputChannels, dilations, padding, strides } = geometry;
    const row = k.subtract(k.multiply(filterRow, dilations[0]), padding[0]);
    const column = k.subtract(
      k.add(k.multiply(filterColumn, dilations[1]), k.multiply(columns.from, strides[1])),
      padding[1],
    );
    const pixel = k.add(k.multiply(row, inputWidth), column);
    return k.add(k.parameters[FIRST_POINTER], k.multiply(pixel, inputChannels * FLOAT_BYTES));
  }

  /** Sums over all images for some inputs of a cell and a block of outputs. */
  private tile(
    origin: IntVariable,
    target: IntVariable,
    rows: Inside,
    columns: Inside,
    channel: IntExpression,
    channels: number,
    outputs: number,
  ): void {
    const { k, geometry, pixelBytes } = this;
    const { batch, inputHeight, inputWidth, inputChannels, outputHeight, outputWidth, strides } = geometry;
    const { lanes } = k.machine;
    const [, , scratch] = k.parameters;
    const tile = zeroTile(k, channels, Math.ceil(outputs / lanes));
    const inputPixel = inputChannels * FLOAT_BYTES;
    const inputRow = strides[0] * inputWidth * inputPixel;
    const outputRow = outputWidth * pixelBytes;
    const input = k.intVariable(
      k.add(k.add(origin, k.multiply(channel, FLOAT_BYTES)), k.multiply(rows.from, inputRow)),
    );
    const column = k.add(k.multiply(columns.from, pixelBytes), k.multiply(rows.from, outputRow));
    const gradient = k.intVariable(k.add(scratch, column));
    const steps = k.intVariable(k.subtract(columns.to, columns.from));
    k.ifAtLeast(columns.to, k.add(columns.from, 1), () => {
      k.loop(0, batch, 1, () => {
        const rowInput = k.intVariable(input);
        const rowGradient = k.intVariable(gradient);
        k.loop(rows.from, rows.to, 1, () => {
          multiplyAddRun(k, tile, {
            a: k.intVariable(rowInput),
            stepBytes: strides[1] * inputPixel,
            rowOffsets: tile.map((_, i) => i * FLOAT_BYTES),
            b: k.intVariable(rowGradient),
            bBytes: pixelBytes,
            steps,
          });
          k.increment(rowInput, inputRow);
          k.increment(rowGradient, outputRow);
        });
        k.increment(input, inputHeight * inputWidth * inputPixel);
        k.increment(gradient, outputHeight * outputRow);
      });
    });
    const numberBytes = geometry.outputChannels * FLOAT_BYTES;
    const results = k.intVariable(k.add(target, k.multiply(channel, numberBytes)));
    tile.forEach((accumulators, i) =>
      accumulators.forEach((accumulator, j) => {
        const count = Math.min(lanes, outputs - j * lanes);
        k.store(results, i * numberBytes + j * lanes * FLOAT_BYTES, accumulator, count);
      }),
    );
  }
}
