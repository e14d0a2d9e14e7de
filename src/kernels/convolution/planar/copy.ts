/** @file Copies rows of a channels-last image into planes of one channel each, with zeros around them. */
import type { KernelBuilder } from "../../../machine/builder.ts";
import type { IntExpression, VectorVariable } from "../../../machine/ir.ts";
import { FLOAT_BYTES } from "../../kernel.ts";
import { deinterleave, interleavesCheaply } from "../../lanes.ts";
import { vectorLoop } from "../../strided.ts";

export interface PlanarCopy {
  /** Address of the image's first pixel. */
  readonly image: IntExpression;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Rows to copy; those outside of the image are zeros. Rows before the first are given as numbers that wrap. */
  readonly firstRow: IntExpression;
  readonly rows: number;
  /** Address of the first plane. */
  readonly planes: IntExpression;
  readonly planeBytes: number;
  /** Floats before the first row, and from one row to the next. */
  readonly lead: number;
  readonly rowLength: number;
}

export function copyToPlanes(k: KernelBuilder, copy: PlanarCopy): void {
  const zero = k.constant(0);
  vectorLoop(k, (copy.channels * copy.planeBytes) / FLOAT_BYTES, ({ elements, bytes }, count) =>
    k.store(bytes ? k.add(copy.planes, bytes) : copy.planes, elements * FLOAT_BYTES, zero, count),
  );
  const first = k.intVariable(copy.firstRow);
  k.loop(0, copy.rows, 1, (row) => {
    const imageRow = k.intVariable(k.add(first, row));
    k.ifAtLeast(copy.height - 1, imageRow, () => {
      const rowBytes = copy.width * copy.channels * FLOAT_BYTES;
      const from = k.intVariable(k.add(copy.image, k.multiply(imageRow, rowBytes)));
      const start = k.add(copy.planes, copy.lead * FLOAT_BYTES);
      const to = k.intVariable(k.add(start, k.multiply(row, copy.rowLength * FLOAT_BYTES)));
      vectorLoop(k, copy.width, ({ elements, bytes }, pixels) => {
        const pixelBytes = copy.channels * FLOAT_BYTES;
        const place = (base: IntExpression, scale: number) =>
          k.intVariable(
            k.add(base, bytes ? k.multiply(bytes, scale) : k.int(elements * scale * FLOAT_BYTES)),
          );
        copyPixels(k, copy, place(from, pixelBytes / FLOAT_BYTES), place(to, 1), pixels);
      });
    });
  });
}

/**
 * At most as many pixels as a vector has lanes; beyond them, zeros. Those lie where zeros belong or where the next row is still
 * to come, and a whole vector is stored much faster than a part of one.
 */
function copyPixels(
  k: KernelBuilder,
  { channels, planeBytes }: PlanarCopy,
  from: IntExpression,
  to: IntExpression,
  pixels: number,
): void {
  const { lanes } = k.machine;
  if (interleavesCheaply(channels, k.machine)) {
    const planes = deinterleave(k, loadFloats(k, from, channels, pixels * channels));
    planes.forEach((plane, channel) => k.store(to, channel * planeBytes, plane));
    return;
  }
  const block = (first: IntExpression, count: number) => {
    const source = k.intVariable(k.add(from, k.multiply(first, FLOAT_BYTES)));
    const target = k.intVariable(k.add(to, k.multiply(first, planeBytes)));
    const square = Array.from({ length: lanes }, (_, pixel) =>
      k.vectorVariable(
        pixel < pixels ? k.load(source, pixel * channels * FLOAT_BYTES, count) : k.constant(0),
      ),
    );
    k.transpose(square);
    square.slice(0, count).forEach((plane, channel) => k.store(target, channel * planeBytes, plane));
  };
  const whole = channels - (channels % lanes);
  k.loop(0, whole, lanes, (first) => block(first, lanes));
  if (whole < channels) block(k.int(whole), channels - whole);
}

/** Consecutive floats in so many vectors; lanes beyond them are zero. */
export function loadFloats(
  k: KernelBuilder,
  address: IntExpression,
  vectors: number,
  floats: number,
): VectorVariable[] {
  const { lanes } = k.machine;
  return Array.from({ length: vectors }, (_, i) => {
    const count = Math.min(lanes, floats - i * lanes);
    return k.vectorVariable(count > 0 ? k.load(address, i * lanes * FLOAT_BYTES, count) : k.constant(0));
  });
}
