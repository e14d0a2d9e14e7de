/**
 * @file Depthwise convolution, channels last, and its input gradient. Vectors run along the channels.
 *
 *   for unit (image, row of results, block of channels):
 *     for segment of columns, tile of neighbouring columns:
 *       for vector of channels:
 *         accumulators = 0
 *         for filter row: for a few filter columns:
 *           for each input column that they meet: load it once, multiply-add to all accumulators that it belongs to
 *         store epilogue(accumulators)
 *
 * The input gradient differs in which inputs meet which results: see `transposedSegments`.
 */
import type { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits, VectorVariable } from "../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../kernel.ts";
import { transposedSegments, windowSegments, type Segment, type Tap } from "../window-axis.ts";
import { emitEpilogue, type Epilogue } from "../epilogue.ts";
import { epilogueParameters } from "../epilogue-parameters.ts";
import { depthwiseAxis, type DepthwiseGeometry } from "./geometry.ts";
import { ENOUGH_UNITS } from "../shares.ts";
import { machineKernel } from "../library.ts";
import type { DepthwiseRequest } from "../requests.ts";

/** Results and filter columns side by side: with one input and one product they fill most of 16 registers. */
const TILE_COLUMNS = 6;
const FILTER_COLUMNS = 5;
/** A cache line of 64 bytes: a unit takes no less of each pixel. */
const BLOCK_CHANNELS = 16;

export const DEPTHWISE = machineKernel("depthwise", depthwiseKernel);

/** Pointers: input (or output gradient), filter, the epilogue's memory operands, result. */
export function depthwiseKernel(request: DepthwiseRequest, machine: MachineTraits): Kernel {
  return new DepthwiseKernel(request, machine).build();
}

interface RowPlace {
  readonly image: IntExpression;
  readonly row: IntExpression;
  readonly filterRows: readonly Tap[];
  /** Addresses at the unit's first channel: what the row's first tap reads, and the results. */
  readonly input: IntExpression;
  readonly output: IntExpression;
  /** Bytes from a pixel's first channel to the unit's. */
  readonly channelBytes: IntExpression;
}

interface TilePlace extends RowPlace {
  readonly column: IntExpression;
  readonly segment: Segment;
  readonly columns: number;
}

class DepthwiseKernel {
  private readonly k: KernelBuilder;
  private readonly geometry: DepthwiseGeometry;
  private readonly epilogue: Epilogue | undefined;
  private readonly epiloguePointers: readonly (IntVariable | undefined)[];
  private readonly result: IntVariable;
  private readonly rowSegments: readonly Segment[];
  private readonly columnSegments: readonly Segment[];
  private readonly sizes: { sourceHeight: number; sourceWidth: number; height: number; width: number };
  private readonly pixelBytes: number;

  constructor({ geometry, transposed, epilogue }: DepthwiseRequest, machine: MachineTraits) {
    this.geometry = geometry;
    this.epilogue = epilogue;
    const { inputHeight, inputWidth, outputHeight, outputWidth } = geometry;
    this.sizes = transposed
      ? { sourceHeight: outputHeight, sourceWidth: outputWidth, height: inputHeight, width: inputWidth }
      : { sourceHeight: inputHeight, sourceWidth: inputWidth, height: outputHeight, width: outputWidth };
    const segments = transposed ? transposedSegments : windowSegments;
    this.rowSegments = segments(depthwiseAxis(geometry, 0));
    this.columnSegments = segments(depthwiseAxis(geometry, 1));
    this.pixelBytes = geometry.channels * FLOAT_BYTES;
    const parameters = epilogueParameters(epilogue, machine);
    this.k = parameters.k;
    this.epiloguePointers = parameters.epiloguePointers;
    this.result = parameters.output;
  }

  build(): Kernel {
    const { k, geometry, sizes, pixelBytes } = this;
    const { batch, channels } = geometry;
    const [start, end, , source] = k.parameters;
    const divisible = batch * sizes.height < ENOUGH_UNITS && channels % BLOCK_CHANNELS === 0;
    const blocks = divisible ? channels / BLOCK_CHANNELS : 1;
    k.loop(start, end, 1, (unit) => {
      const place = k.intVariable(k.divide(unit, blocks));
      const channelBytes = k.intVariable(
        k.multiply(k.remainder(unit, blocks), (channels / blocks) * FLOAT_BYTES),
      );
      const row = k.intVariable(k.remainder(place, sizes.height));
      const image = k.intVariable(k.divide(place, sizes.height));
      const imageBytes = sizes.sourceHeight * sizes.sourceWidth * pixelBytes;
      const input = k.intVariable(k.add(k.add(source, k.multiply(image, imageBytes)), channelBytes));
      const output = k.intVariable(
        k.add(k.add(this.result, k.multiply(place, sizes.width * pixelBytes)), channelBytes),
      );
      this.atRow(row, (inputRow, filterRows) => {
        const rowInput = k.intVariable(k.add(input, k.multiply(inputRow, sizes.sourceWidth * pixelBytes)));
        this.row({ image, row, filterRows, input: rowInput, output, channelBytes }, channels / blocks);
      });
    });
    return { code: k.finish(), units: batch * sizes.height * blocks, scratchBytes: 0 };
  }

  /** Runs the code of the segment that a row of results belongs to. */
  private atRow(
    row: IntExpression,
    body: (inputRow: IntExpression, filterRows: readonly Tap[]) => void,
  ): void {
    const { k } = this;
    for (const { first, count, step, input, inputStep, taps } of this.rowSegments) {
      const last = first + (count - 1) * step;
      k.ifAtLeast(row, first, () =>
        k.ifAtLeast(last, row, () => {
          const distance = k.intVariable(k.subtract(row, first));
          const run = () => body(k.add(k.multiply(k.divide(distance, step), inputStep), input), taps);
          if (step === 1) run();
          else k.ifAtLeast(0, k.remainder(distance, step), run);
        }),
      );
    }
  }

  private row(place: RowPlace, channels: number): void {
    const { k, pixelBytes } = this;
    for (const segment of this.columnSegments) {
      const tileAt = (index: IntExpression | number, columns: number) => {
        const column = k.add(k.multiply(index, segment.step), segment.first);
        const source = k.add(k.multiply(index, segment.inputStep), segment.input);
        const tile: TilePlace = {
          ...place,
          input: k.intVariable(k.add(place.input, k.multiply(source, pixelBytes))),
          output: k.intVariable(k.add(place.output, k.multiply(column, pixelBytes))),
          column,
          segment,
          columns,
        };
        this.channelVectors(tile, channels);
      };
      const full = segment.count - (segment.count % TILE_COLUMNS);
      k.loop(0, full, TILE_COLUMNS, (index) => tileAt(index, TILE_COLUMNS));
      if (full < segment.count) tileAt(full, segment.count - full);
    }
  }

  private channelVectors(tile: TilePlace, channels: number): void {
    const { k } = this;
    const { lanes } = k.machine;
    const vectorBytes = lanes * FLOAT_BYTES;
    const full = Math.floor(channels / lanes);
    const filter = k.parameters[FIRST_POINTER + 1];
    const run = (bytes: IntExpression, count: number) => {
      const channelBytes = k.intVariable(k.add(tile.channelBytes, bytes));
      const at: TilePlace = {
        ...tile,
        input: k.intVariable(k.add(tile.input, bytes)),
        output: k.intVariable(k.add(tile.output, bytes)),
        channelBytes,
      };
      this.tile(at, k.intVariable(k.add(filter, channelBytes)), count);
    };
    k.loop(0, full * vectorBytes, vectorBytes, (bytes) => run(bytes, lanes));
    if (channels % lanes > 0) run(k.int(full * vectorBytes), channels % lanes);
  }

  /** One vector of channels of some neighbouring results. */
  private tile(place: TilePlace, filter: IntExpression, count: number): void {
    const { k, geometry, sizes, pixelBytes } = this;
    const accumulators = Array.from({ length: place.columns }, () => k.vectorVariable(k.constant(0)));
    for (const row of place.filterRows) {
      const rowBytes = row.offset * sizes.sourceWidth * pixelBytes;
      const { taps } = place.segment;
      for (let from = 0; from < taps.length; from += FILTER_COLUMNS) {
        const chosen = taps.slice(from, from + FILTER_COLUMNS);
        const filters = chosen.map(({ index }) =>
          k.vectorVariable(k.load(filter, (row.index * geometry.window[1] + index) * pixelBytes, count)),
        );
        for (const [position, uses] of meetings(chosen, place)) {
          const input = k.let(k.load(place.input, rowBytes + position * pixelBytes, count));
          for (const { result, tap } of uses) {
            const accumulator = accumulators[result];
            k.setVector(accumulator, k.multiplyAdd(input, filters[tap], accumulator));
          }
        }
      }
    }
    this.store(place, accumulators, count);
  }

  private store(place: TilePlace, accumulators: readonly VectorVariable[], count: number): void {
    const { k, epilogue, pixelBytes } = this;
    const operands = epilogue?.operands ?? [];
    const bases = operands.map((_, i) => this.epilogueBase(i, place));
    accumulators.forEach((accumulator, result) => {
      const columns = result * place.segment.step;
      const value = emitEpilogue(k, epilogue, accumulator, (i) => {
        const { strides } = operands[i];
        const [columnStride, channelStride] = strides.slice(-2);
        const offset = columns * columnStride * FLOAT_BYTES;
        if (channelStride === 1) return k.load(bases[i], offset, count);
        if (channelStride === 0) return k.broadcast(bases[i], offset);
        return k.gather(bases[i], offset, channelStride * FLOAT_BYTES, count);
      });
      const bound = count < k.machine.lanes ? k.let(value) : value;
      k.store(place.output, columns * pixelBytes, bound, count);
    });
  }

  /** Address of an epilogue operand for the tile's first result and channel. */
  private epilogueBase(index: number, place: TilePlace): IntExpression {
    const { k } = this;
    const { strides, offset } = (this.epilogue?.operands ?? [])[index];
    const [columnStride, channelStride] = strides.slice(-2);
    const terms: [IntExpression, number][] = [
      [place.image, strides[0]],
      [place.row, strides.length === 4 ? strides[1] : 0],
      [place.column, columnStride],
    ];
    let address = k.add(this.epiloguePointers[index] ?? 0, offset * FLOAT_BYTES);
    for (const [coordinate, stride] of terms) {
      if (stride !== 0) address = k.add(address, k.multiply(coordinate, stride * FLOAT_BYTES));
    }
    return k.intVariable(k.add(address, k.multiply(place.channelBytes, channelStride)));
  }
}

/** For each position that a tile's results read, in order, which of them read it and through which of the taps. */
function meetings(
  taps: readonly Tap[],
  { columns, segment }: TilePlace,
): [number, { result: number; tap: number }[]][] {
  const uses = new Map<number, { result: number; tap: number }[]>();
  for (let result = 0; result < columns; result++)
    taps.forEach(({ offset }, tap) => {
      const position = result * segment.inputStep + offset;
      uses.set(position, [...(uses.get(position) ?? []), { result, tap }]);
    });
  return [...uses].sort(([a], [b]) => a - b);
}
