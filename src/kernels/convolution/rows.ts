/** @file Copies the input rows that a block of outputs reads into scratch memory, with the padding around them. */
import type { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression } from "../../machine/ir.ts";
import { FLOAT_BYTES } from "../kernel.ts";
import { vectorLoop } from "../strided.ts";
import { columnsRead, readsInside, rowsRead, type ConvolutionGeometry } from "./geometry.ts";

/** Where a block's input lies: the address of the first float that its first output reads, and the distance of rows. */
export interface BlockInput {
  readonly origin: IntExpression;
  readonly rowBytes: number;
}

/** Bytes of scratch that blocks of `rows` × `columns` outputs need; 0 when the input can be read where it lies. */
export function scratchBytesFor(geometry: ConvolutionGeometry, rows: number, columns: number): number {
  if (readsInside(geometry)) return 0;
  return rowsRead(geometry, rows) * columnsRead(geometry, columns) * geometry.inputChannels * FLOAT_BYTES;
}

/**
 * Prepares the input of the outputs at (firstRow …, firstColumn …) of one image: copies it into scratch if it has padding.
 * Blocks at the edge read as many rows and columns as full ones: what lies outside the image is padding too.
 */
export function blockInput(
  k: KernelBuilder,
  geometry: ConvolutionGeometry,
  image: IntExpression,
  scratch: IntExpression,
  first: { readonly row: IntExpression; readonly column: IntExpression },
  block: { readonly rows: number; readonly columns: number },
): BlockInput {
  const { inputWidth, inputChannels, strides, padding } = geometry;
  const top = k.subtract(k.multiply(first.row, strides[0]), padding[0]);
  const left = k.subtract(k.multiply(first.column, strides[1]), padding[1]);
  const inputRowBytes = inputWidth * inputChannels * FLOAT_BYTES;
  if (readsInside(geometry)) {
    const origin = k.add(
      k.add(image, k.multiply(top, inputRowBytes)),
      k.multiply(left, inputChannels * FLOAT_BYTES),
    );
    return { origin: k.intVariable(origin), rowBytes: inputRowBytes };
  }
  const rows = rowsRead(geometry, block.rows);
  const columns = columnsRead(geometry, block.columns);
  const rowBytes = columns * inputChannels * FLOAT_BYTES;
  const topVariable = k.intVariable(top);
  const leftVariable = k.intVariable(left);
  k.loop(0, rows, 1, (row) => {
    const target = k.intVariable(k.add(scratch, k.multiply(row, rowBytes)));
    fillZero(k, target, columns * inputChannels);
    const spread = k.intVariable(k.add(topVariable, row));
    inInput(k, spread, geometry.inputDilations[0], geometry.inputHeight, (inputRow) => {
      const source = k.intVariable(k.add(image, k.multiply(inputRow, inputRowBytes)));
      // One block spans the row: `left` is the padding, and the whole input row goes to one place.
      const wholeRow =
        block.columns >= geometry.outputWidth &&
        geometry.inputDilations[1] === 1 &&
        geometry.padding[1] >= 0 &&
        columns >= geometry.padding[1] + geometry.inputWidth;
      if (wholeRow) {
        const pixelBytes = geometry.inputChannels * FLOAT_BYTES;
        const place = k.intVariable(k.add(target, geometry.padding[1] * pixelBytes));
        copyFloats(k, source, place, geometry.inputWidth * geometry.inputChannels);
      } else if (geometry.inputDilations[1] === 1) {
        copyStretch(k, geometry, source, target, leftVariable, columns);
      } else {
        copyColumns(k, geometry, source, target, leftVariable, columns);
      }
    });
  });
  return { origin: scratch, rowBytes };
}

/** Runs `body` with position / spacing if that is a whole number in 0 … length-1. Positions before 0 wrap to huge numbers. */
function inInput(
  k: KernelBuilder,
  position: IntExpression,
  spacing: number,
  length: number,
  body: (index: IntExpression) => void,
): void {
  k.ifAtLeast((length - 1) * spacing, position, () => {
    if (spacing === 1) {
      body(position);
      return;
    }
    const remainder = k.intVariable(k.remainder(position, spacing));
    k.ifAtLeast(0, remainder, () => body(k.intVariable(k.divide(position, spacing))));
  });
}

/** Copies what of a row lies inside the input: consecutive pixels, of a number that is known at run time only. */
function copyStretch(
  k: KernelBuilder,
  geometry: ConvolutionGeometry,
  source: IntExpression,
  target: IntExpression,
  left: IntExpression,
  columns: number,
): void {
  const { inputWidth, inputChannels } = geometry;
  const pixelBytes = inputChannels * FLOAT_BYTES;
  const vectorBytes = k.machine.lanes * FLOAT_BYTES;
  // Columns counted from the padding's first one are not negative.
  const before = Math.max(geometry.padding[1], 0);
  const first = k.intVariable(k.add(left, before));
  const from = k.intVariable(k.maximum(first, before));
  const to = k.maximum(k.minimum(k.add(first, columns), inputWidth + before), from);
  const bytes = k.intVariable(k.multiply(k.subtract(to, from), pixelBytes));
  const read = k.intVariable(k.add(source, k.multiply(k.subtract(from, before), pixelBytes)));
  const written = k.intVariable(k.add(target, k.multiply(k.subtract(from, first), pixelBytes)));
  const whole = k.intVariable(k.multiply(k.divide(bytes, vectorBytes), vectorBytes));
  k.loop(0, whole, vectorBytes, (at) => k.store(k.add(written, at), 0, k.load(k.add(read, at))));
  k.loop(whole, bytes, FLOAT_BYTES, (at) => k.store(k.add(written, at), 0, k.broadcast(k.add(read, at)), 1));
}

/** Copies pixel by pixel what of a spread row lies inside the input. */
function copyColumns(
  k: KernelBuilder,
  geometry: ConvolutionGeometry,
  source: IntExpression,
  target: IntExpression,
  left: IntExpression,
  columns: number,
): void {
  const { inputWidth, inputChannels, inputDilations } = geometry;
  const pixelBytes = inputChannels * FLOAT_BYTES;
  k.loop(0, columns, 1, (column) => {
    const spread = k.intVariable(k.add(left, column));
    inInput(k, spread, inputDilations[1], inputWidth, (inputColumn) => {
      const from = k.intVariable(k.add(source, k.multiply(inputColumn, pixelBytes)));
      const to = k.intVariable(k.add(target, k.multiply(column, pixelBytes)));
      copyFloats(k, from, to, inputChannels);
    });
  });
}

function fillZero(k: KernelBuilder, target: IntExpression, count: number): void {
  const zero = k.constant(0);
  vectorLoop(k, count, (position, lanes) => {
    const address = position.bytes ? k.add(target, position.bytes) : target;
    k.store(address, position.elements * FLOAT_BYTES, zero, lanes);
  });
}

function copyFloats(k: KernelBuilder, from: IntExpression, to: IntExpression, count: number): void {
  vectorLoop(k, count, (position, lanes) => {
    const offset = position.elements * FLOAT_BYTES;
    const at = (base: IntExpression) => (position.bytes ? k.add(base, position.bytes) : base);
    k.store(at(to), offset, k.let(k.load(at(from), offset, lanes)), lanes);
  });
}
