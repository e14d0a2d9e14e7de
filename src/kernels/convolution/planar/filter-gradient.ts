/**
 * @file Gradient of a convolution with few outputs by its filters: for each filter number, the sum over all positions of
 * input · output gradient, with vectors of positions.
 *
 *   for unit (a share of the blocks of rows of all images):
 *     sums = 0                                    one vector for each filter number: a lane sums every lanes-th position
 *     for each block in the share:
 *       copy the block's input and its output gradient to planes; between the gradient's rows are zeros
 *       for input channel: for filter row: for tile of cells of that row and outputs:
 *         accumulators = sums
 *         for vector of positions: accumulators[cell][output] += input from the cell on · gradient of the output
 *         sums = accumulators
 *     partial = each sum's lanes added up
 *
 * The number of shares depends on shapes alone, so the order of additions does too. Partial gradients of several shares
 * are added by a reduction afterwards.
 */
import { KernelBuilder } from "../../../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits } from "../../../machine/ir.ts";
import { type ConvolutionGeometry } from "../geometry.ts";
import type { Tile } from "../tile.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../../kernel.ts";
import { rangeOfShare } from "../../shares.ts";
import { vectorLoop } from "../../strided.ts";
import { copyToPlanes } from "./copy.ts";
import { blockBytes, planarLayout, type PlanarLayout } from "./layout.ts";
import { cellTiles } from "./tiling.ts";
import { machineKernel } from "../../library.ts";

/** Most shares of the images: each costs a partial gradient of the filter's size. */
const MOST_SHARES = 16;
/** Vectors of positions that are written out one after the other. */
const COPIES = 4;

/** Partial gradients that the kernel writes; 1 means that it writes the gradient itself. */
export function planarFilterGradientShares(geometry: ConvolutionGeometry, machine: MachineTraits): number {
  return Math.min(MOST_SHARES, geometry.batch * planarLayout(geometry, machine).rowBlocks);
}

export const PLANAR_FILTER_GRADIENT = machineKernel("planarFilterGradient", ({ geometry }, machine) =>
  planarFilterGradientKernel(geometry, machine),
);

/** Pointers: input, output gradient, partial gradients [shares, filterHeight, filterWidth, inputs, outputs]. */
export function planarFilterGradientKernel(geometry: ConvolutionGeometry, machine: MachineTraits): Kernel {
  return new PlanarFilterGradient(geometry, machine).build();
}

class PlanarFilterGradient {
  private readonly geometry: ConvolutionGeometry;
  private readonly layout: PlanarLayout;
  private readonly shares: number;
  private readonly k: KernelBuilder;
  private readonly vectorBytes: number;
  /** Filter numbers: [input][row][column][output]. */
  private readonly numbers: number;
  private readonly gradientPlanes: IntVariable;
  private readonly sums: IntVariable;

  constructor(geometry: ConvolutionGeometry, machine: MachineTraits) {
    const { filterHeight, filterWidth, inputChannels, outputChannels } = geometry;
    this.geometry = geometry;
    this.layout = planarLayout(geometry, machine);
    this.shares = planarFilterGradientShares(geometry, machine);
    this.k = new KernelBuilder(machine, FIRST_POINTER + 3);
    this.vectorBytes = machine.lanes * FLOAT_BYTES;
    this.numbers = filterHeight * filterWidth * inputChannels * outputChannels;
    const { k, layout } = this;
    this.gradientPlanes = k.intVariable(k.add(k.parameters[2], inputChannels * layout.inputPlane));
    this.sums = k.intVariable(k.add(k.parameters[2], blockBytes(geometry, layout)));
  }

  build(): Kernel {
    const { k, geometry, layout, shares } = this;
    const [start, end, , , , partials] = k.parameters;
    const blocks = geometry.batch * layout.rowBlocks;
    const zero = k.constant(0);
    k.loop(start, end, 1, (share) => {
      vectorLoop(k, this.numbers * k.machine.lanes, ({ elements, bytes }, count) =>
        k.store(bytes ? k.add(this.sums, bytes) : this.sums, elements * FLOAT_BYTES, zero, count),
      );
      const { from, to } = rangeOfShare(k, blocks, shares, share);
      k.loop(from, to, 1, (block) => {
        this.copyBlock(block);
        this.sumBlock();
      });
      this.addLanes(k.intVariable(k.add(partials, k.multiply(share, this.numbers * FLOAT_BYTES))));
    });
    const sumBytes = this.numbers * this.vectorBytes;
    return { code: k.finish(), units: shares, scratchBytes: blockBytes(geometry, layout) + sumBytes };
  }

  private copyBlock(block: IntVariable): void {
    const { k, geometry, layout, gradientPlanes } = this;
    const { inputHeight, inputWidth, inputChannels, outputHeight, outputWidth, outputChannels } = geometry;
    const [, , inputPlanes, images, gradients] = k.parameters;
    const batch = k.intVariable(k.divide(block, layout.rowBlocks));
    const row = k.intVariable(k.multiply(k.remainder(block, layout.rowBlocks), layout.rows));
    const imageOf = (base: IntExpression, floats: number) =>
      k.intVariable(k.add(base, k.multiply(batch, floats * FLOAT_BYTES)));
    copyToPlanes(k, {
      image: imageOf(images, inputHeight * inputWidth * inputChannels),
      height: inputHeight,
      width: inputWidth,
      channels: inputChannels,
      firstRow: k.subtract(row, geometry.padding[0]),
      rows: layout.inputRows,
      planes: inputPlanes,
      planeBytes: layout.inputPlane,
      lead: layout.lead,
      rowLength: layout.rowLength,
    });
    copyToPlanes(k, {
      image: imageOf(gradients, outputHeight * outputWidth * outputChannels),
      height: outputHeight,
      width: outputWidth,
      channels: outputChannels,
      firstRow: row,
      rows: layout.rows,
      planes: gradientPlanes,
      planeBytes: layout.outputPlane,
      lead: 0,
      rowLength: layout.rowLength,
    });
  }

  /** Adds a block's products to the sums. */
  private sumBlock(): void {
    const { k, geometry, layout } = this;
    const { inputChannels, outputChannels, filterHeight, filterWidth, dilations, padding } = geometry;
    const cropped = (layout.lead - padding[1]) * FLOAT_BYTES;
    const origin = k.intVariable(k.add(k.parameters[2], cropped));
    const rowNumbers = filterWidth * outputChannels;
    k.loop(0, inputChannels, 1, (channel) => {
      const plane = k.intVariable(k.add(origin, k.multiply(channel, layout.inputPlane)));
      k.loop(0, filterHeight, 1, (filterRow) => {
        const distance = k.multiply(filterRow, dilations[0] * layout.rowLength * FLOAT_BYTES);
        const input = k.intVariable(k.add(plane, distance));
        const row = k.add(k.multiply(channel, filterHeight), filterRow);
        const sums = k.intVariable(k.add(this.sums, k.multiply(row, rowNumbers * this.vectorBytes)));
        let output = 0;
        for (const { filters, cells } of cellTiles(outputChannels, filterWidth, k.machine)) {
          for (let cell = 0; cell < filterWidth; cell += cells) {
            const size = Math.min(cells, filterWidth - cell);
            this.tile({ input, sums, cell, cells: size, output, filters });
          }
          output += filters;
        }
      });
    });
  }

  /** Sums over all positions for some cells of a filter's row and some outputs. */
  private tile({ input, sums, cell, cells, output, filters }: CellTilePlace): void {
    const { k, geometry, layout, vectorBytes } = this;
    const { outputChannels, dilations } = geometry;
    const place = (i: number, j: number) => ((cell + i) * outputChannels + output + j) * vectorBytes;
    const tile: Tile = Array.from({ length: cells }, (_, i) =>
      Array.from({ length: filters }, (_, j) => k.vectorVariable(k.load(sums, place(i, j)))),
    );
    const x = k.intVariable(k.add(input, cell * dilations[1] * FLOAT_BYTES));
    const y = k.intVariable(k.add(this.gradientPlanes, output * layout.outputPlane));
    const to = k.intVariable(k.add(y, layout.vectors * vectorBytes));
    const copies = Math.min(COPIES, layout.vectors);
    k.unrolledLoop(
      y,
      to,
      vectorBytes,
      copies,
      (copy) => {
        // The counter moves with every copy, the other pointer after all of them.
        const gradients = Array.from({ length: filters }, (_, j) =>
          k.vectorVariable(k.load(y, j * layout.outputPlane)),
        );
        tile.forEach((accumulators, i) => {
          const value = k.load(x, copy * vectorBytes + i * dilations[1] * FLOAT_BYTES);
          const shared = accumulators.length > 1 ? k.vectorVariable(value) : value;
          accumulators.forEach((accumulator, j) =>
            k.setVector(accumulator, k.multiplyAdd(shared, gradients[j], accumulator)),
          );
        });
      },
      () => k.increment(x, copies * vectorBytes),
    );
    tile.forEach((accumulators, i) =>
      accumulators.forEach((accumulator, j) => k.store(sums, place(i, j), accumulator)),
    );
  }

  /** Writes the partial gradient [row, column, input, output]: the lanes of each sum, added up in one order. */
  private addLanes(partial: IntVariable): void {
    const { k, geometry } = this;
    const { filterHeight, filterWidth, inputChannels, outputChannels } = geometry;
    const cells = filterHeight * filterWidth;
    k.loop(0, inputChannels, 1, (channel) => {
      k.loop(0, cells, 1, (cell) => {
        const number = k.multiply(k.add(k.multiply(channel, cells), cell), outputChannels);
        const from = k.intVariable(k.add(this.sums, k.multiply(number, this.vectorBytes)));
        const place = k.multiply(
          k.add(k.multiply(cell, inputChannels), channel),
          outputChannels * FLOAT_BYTES,
        );
        const to = k.intVariable(k.add(partial, place));
        for (let output = 0; output < outputChannels; output++) {
          const sum = k.vectorVariable(k.load(from, output * this.vectorBytes));
          k.store(to, output * FLOAT_BYTES, k.horizontal("add", sum), 1);
        }
      });
    });
  }
}

interface CellTilePlace {
  /** The input that the first cell of the filter's row reads at the first position. */
  readonly input: IntVariable;
  /** Sums of the filter's row: [column][output] vectors. */
  readonly sums: IntVariable;
  readonly cell: number;
  readonly cells: number;
  readonly output: number;
  readonly filters: number;
}
