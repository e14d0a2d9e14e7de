/**
 * @file Convolution with few outputs: vectors run over output positions instead of channels, so that all lanes are in use.
 *
 *   for unit (image, block of rows):
 *     copy the block's input to planes of one channel each, with zeros around
 *     for tile of filters: for tile of vectors of positions:
 *       accumulators = 0
 *       for input channel: for filter row: for filter column: accumulators += broadcast(weight) · input from there on
 *       store the accumulators in planes of one output each
 *     for row: for vector of pixels: store epilogue(outputs), interleaved
 *
 * Each input vector is used once for every filter of the tile. The epilogue works on planes too, so that a bias is one
 * broadcast and an activation has no empty lanes.
 */
import type { KernelBuilder } from "../../../machine/builder.ts";
import type {
  IntExpression,
  IntVariable,
  MachineTraits,
  VectorExpression,
  VectorVariable,
} from "../../../machine/ir.ts";
import { type ConvolutionGeometry } from "../geometry.ts";
import { multiplyAddRun, zeroTile } from "../tile.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../../kernel.ts";
import { deinterleave, interleave, interleavesCheaply } from "../../lanes.ts";
import type { StridedOperand } from "../../strided.ts";
import { vectorLoop } from "../../strided.ts";
import { emitEpilogue, type Epilogue } from "../../epilogue.ts";
import { epilogueParameters } from "../../epilogue-parameters.ts";
import { copyToPlanes, loadFloats } from "./copy.ts";
import { blockBytes, planarLayout, type PlanarLayout } from "./layout.ts";
import { positionTiles, type PositionTile } from "./tiling.ts";
import { machineKernel } from "../../library.ts";
import type { ConvolutionRequest } from "../../requests.ts";

export const PLANAR_CONVOLUTION = machineKernel("planarConvolution", planarConvolutionKernel);

/** Pointers: input, weights packed by {@link packPlanarWeights}, the epilogue's memory operands, output. */
export function planarConvolutionKernel(request: ConvolutionRequest, machine: MachineTraits): Kernel {
  return new PlanarForward(request, machine).build();
}

/** Outputs whose epilogues are computed side by side: what they have to remember should fit into 16 registers. */
const EPILOGUES_AT_ONCE = 3;

/** A row of outputs, and the addresses of its first pixel in the planes and in the result. */
interface OutputRow {
  readonly planes: IntVariable;
  readonly output: IntVariable;
  /** The addresses of the epilogue's operands. */
  readonly operands: readonly IntExpression[];
}

class PlanarForward {
  private readonly geometry: ConvolutionGeometry;
  private readonly epilogue: Epilogue | undefined;
  private readonly layout: PlanarLayout;
  private readonly k: KernelBuilder;
  private readonly vectorBytes: number;
  private readonly epiloguePointers: readonly (IntVariable | undefined)[];
  private readonly output: IntVariable;

  constructor({ geometry, epilogue }: ConvolutionRequest, machine: MachineTraits) {
    this.geometry = geometry;
    this.epilogue = epilogue;
    this.layout = planarLayout(geometry, machine);
    this.vectorBytes = machine.lanes * FLOAT_BYTES;
    const parameters = epilogueParameters(epilogue, machine);
    this.k = parameters.k;
    this.epiloguePointers = parameters.epiloguePointers;
    this.output = parameters.output;
  }

  build(): Kernel {
    const { k, geometry, layout } = this;
    const { inputHeight, inputWidth, inputChannels, outputHeight } = geometry;
    const [start, end, scratch, images] = k.parameters;
    const imageBytes = inputHeight * inputWidth * inputChannels * FLOAT_BYTES;
    const outputPlanes = k.intVariable(k.add(scratch, inputChannels * layout.inputPlane));
    k.loop(start, end, 1, (unit) => {
      const batch = k.intVariable(k.divide(unit, layout.rowBlocks));
      const row = k.intVariable(k.multiply(k.remainder(unit, layout.rowBlocks), layout.rows));
      copyToPlanes(k, {
        image: k.intVariable(k.add(images, k.multiply(batch, imageBytes))),
        height: inputHeight,
        width: inputWidth,
        channels: inputChannels,
        firstRow: k.subtract(row, geometry.padding[0]),
        rows: layout.inputRows,
        planes: scratch,
        planeBytes: layout.inputPlane,
        lead: layout.lead,
        rowLength: layout.rowLength,
      });
      this.multiply(outputPlanes);
      const rows = k.intVariable(k.minimum(k.subtract(outputHeight, row), layout.rows));
      k.loop(0, rows, 1, (inBlock) => {
        const planes = k.add(outputPlanes, k.multiply(inBlock, layout.rowLength * FLOAT_BYTES));
        this.storeRow(k.intVariable(planes), batch, k.intVariable(k.add(row, inBlock)));
      });
    });
    return {
      code: k.finish(),
      units: geometry.batch * layout.rowBlocks,
      scratchBytes: blockBytes(geometry, layout),
    };
  }

  /** Computes all of the block's positions into the output planes. */
  private multiply(outputPlanes: IntVariable): void {
    const { k, geometry, layout, vectorBytes } = this;
    const taps = geometry.filterHeight * geometry.filterWidth * geometry.inputChannels;
    let filter = 0;
    for (const tile of positionTiles(geometry.outputChannels, k.machine)) {
      const weights = k.intVariable(k.add(k.parameters[FIRST_POINTER + 1], filter * taps * FLOAT_BYTES));
      const target = k.intVariable(k.add(outputPlanes, filter * layout.outputPlane));
      const full = Math.floor(layout.vectors / tile.vectors);
      const step = tile.vectors * vectorBytes;
      k.loop(0, full * step, step, (bytes) => this.tile(tile, weights, target, bytes));
      const vectors = layout.vectors % tile.vectors;
      if (vectors > 0) this.tile({ ...tile, vectors }, weights, target, k.int(full * step));
      filter += tile.filters;
    }
  }

  private tile(
    { filters, vectors }: PositionTile,
    weights: IntVariable,
    target: IntVariable,
    position: IntExpression,
  ): void {
    const { k, geometry, layout, vectorBytes } = this;
    const { inputChannels, filterHeight, filterWidth, dilations, padding } = geometry;
    const tile = zeroTile(k, filters, vectors);
    const cropped = (layout.lead - padding[1]) * FLOAT_BYTES;
    const origin = k.intVariable(k.add(k.add(k.parameters[2], cropped), position));
    const a = k.intVariable(weights);
    const axes = [
      { count: inputChannels, bytes: layout.inputPlane },
      { count: filterHeight, bytes: dilations[0] * layout.rowLength * FLOAT_BYTES },
      { count: filterWidth, bytes: dilations[1] * FLOAT_BYTES },
    ].filter(({ count }) => count > 1);
    const last = axes.pop() ?? { count: 1, bytes: 0 };
    const walk = (at: IntExpression, [axis, ...inner]: typeof axes) => {
      if (axis) {
        k.loop(0, axis.count, 1, (index) =>
          walk(k.intVariable(k.add(at, k.multiply(index, axis.bytes))), inner),
        );
        return;
      }
      multiplyAddRun(k, tile, {
        a,
        stepBytes: filters * FLOAT_BYTES,
        rowOffsets: tile.map((_, i) => i * FLOAT_BYTES),
        b: k.intVariable(at),
        bBytes: last.bytes,
        steps: last.count,
      });
    };
    walk(origin, axes);
    const planes = k.intVariable(k.add(target, position));
    tile.forEach((accumulators, filter) =>
      accumulators.forEach((accumulator, j) =>
        k.store(planes, filter * layout.outputPlane + j * vectorBytes, accumulator),
      ),
    );
  }

  /** Interleaves one row of the output planes, after the epilogue. */
  private storeRow(planes: IntVariable, batch: IntVariable, outputRow: IntVariable): void {
    const { k, geometry } = this;
    const { outputHeight, outputWidth, outputChannels } = geometry;
    const pixelsBefore = k.multiply(k.add(k.multiply(batch, outputHeight), outputRow), outputWidth);
    const output = k.intVariable(k.add(this.output, k.multiply(pixelsBefore, outputChannels * FLOAT_BYTES)));
    const operands = this.epilogueOperands().map(({ strides, offset }, i) => {
      const base = k.add(this.epiloguePointers[i] ?? 0, offset * FLOAT_BYTES);
      const image = k.add(base, k.multiply(batch, strides[0] * FLOAT_BYTES));
      return k.intVariable(k.add(image, k.multiply(outputRow, strides[1] * FLOAT_BYTES)));
    });
    vectorLoop(k, outputWidth, ({ elements, bytes }, pixels) => {
      const moved = (base: IntExpression, stride: number) =>
        stride === 0
          ? base
          : k.intVariable(
              k.add(base, bytes ? k.multiply(bytes, stride) : k.int(elements * stride * FLOAT_BYTES)),
            );
      const place: OutputRow = {
        planes: k.intVariable(moved(planes, 1)),
        output: k.intVariable(moved(output, outputChannels)),
        operands: this.epilogueOperands().map(({ strides }, i) => moved(operands[i], strides[2])),
      };
      this.storePixels(place, pixels);
    });
  }

  private storePixels({ planes, output, operands }: OutputRow, pixels: number): void {
    const { k, geometry, layout } = this;
    const { outputChannels } = geometry;
    const { lanes } = k.machine;
    const loaders = this.epilogueOperands().map((operand, i) =>
      this.epilogueLoader(operand, operands[i], pixels),
    );
    const compute = (channel: number) => () => {
      const result = k.vectorVariable(k.load(planes, channel * layout.outputPlane, pixels));
      return k.vectorVariable(emitEpilogue(k, this.epilogue, result, (i) => loaders[i](channel)));
    };
    const values: VectorVariable[] = [];
    while (values.length < outputChannels) {
      const count = Math.min(EPILOGUES_AT_ONCE, outputChannels - values.length);
      const first = values.length;
      values.push(...k.sideBySide(Array.from({ length: count }, (_, i) => compute(first + i))));
    }
    if (interleavesCheaply(outputChannels, k.machine)) {
      interleave(k, values).forEach((vector, i) => {
        const count = Math.min(lanes, pixels * outputChannels - i * lanes);
        if (count > 0) k.store(output, i * lanes * FLOAT_BYTES, vector, count);
      });
      return;
    }
    const padding = Array.from({ length: lanes - outputChannels }, () => k.vectorVariable(k.constant(0)));
    const square = [...values, ...padding];
    k.transpose(square);
    square.slice(0, pixels).forEach((pixel, i) => {
      k.store(output, i * outputChannels * FLOAT_BYTES, pixel, outputChannels);
    });
  }

  /** Reads an operand for a channel of the pixels that lie from `address` on. */
  private epilogueLoader(
    { strides }: StridedOperand,
    address: IntExpression,
    pixels: number,
  ): (channel: number) => VectorExpression {
    const { k, geometry } = this;
    const [, , columnStride, channelStride] = strides;
    const { outputChannels } = geometry;
    if (columnStride === 0) return (channel) => k.broadcast(address, channel * channelStride * FLOAT_BYTES);
    if (
      channelStride === 1 &&
      columnStride === outputChannels &&
      interleavesCheaply(outputChannels, k.machine)
    ) {
      const planes = deinterleave(k, loadFloats(k, address, outputChannels, pixels * outputChannels));
      return (channel) => planes[channel];
    }
    return (channel) => {
      const offset = channel * channelStride * FLOAT_BYTES;
      return columnStride === 1
        ? k.load(address, offset, pixels)
        : k.gather(address, offset, columnStride * FLOAT_BYTES, pixels);
    };
  }

  private epilogueOperands(): readonly StridedOperand[] {
    return this.epilogue?.operands ?? [];
  }
}
