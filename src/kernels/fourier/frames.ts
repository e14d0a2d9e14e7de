/** @file Where each lane's frame begins, and copies of the frames that reach beyond the waveform. */
import type { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, IntVariable } from "../../machine/ir.ts";
import { FLOAT_BYTES } from "../kernel.ts";
import { innerFrames, type FrameGeometry } from "./geometry.ts";

/**
 * Addresses of the samples of frames `numbers`, one for each lane.
 * @param waveform address of the example's first sample
 * @param copies room for one frame for each lane
 */
export function frameAddresses(
  k: KernelBuilder,
  geometry: FrameGeometry,
  waveform: IntExpression,
  numbers: readonly IntExpression[],
  copies: IntExpression,
): IntExpression[] {
  const { fftSize, frames, hopLength, padding } = geometry;
  const inner = innerFrames(geometry);
  return numbers.map((frame, lane) => {
    const start = k.intVariable(k.multiply(frame, hopLength * FLOAT_BYTES));
    const address = k.intVariable(k.add(waveform, k.add(start, -padding * FLOAT_BYTES)));
    if (inner.first > 0 || inner.end < frames) {
      // Unsigned, so that frames before the first inner one are far beyond the last.
      k.ifAtLeast(k.add(frame, -inner.first), inner.end - inner.first, () => {
        const copy = k.intVariable(k.add(copies, lane * fftSize * FLOAT_BYTES));
        copyFrame(k, geometry, waveform, start, copy);
        k.setInt(address, copy);
      });
    }
    return address;
  });
}

/** @param start bytes from the padded waveform's beginning to the frame's. */
function copyFrame(
  k: KernelBuilder,
  { samples, fftSize, padding, padMode }: FrameGeometry,
  waveform: IntExpression,
  start: IntVariable,
  copy: IntVariable,
): void {
  const bytes = (count: number) => count * FLOAT_BYTES;
  const before = k.intVariable(k.subtract(bytes(padding), k.minimum(bytes(padding), start)));
  const inside = k.intVariable(k.minimum(bytes(fftSize), k.subtract(bytes(padding + samples), start)));
  const fill = (
    from: IntExpression,
    to: IntExpression | number,
    source: (at: IntVariable) => IntExpression,
  ) => k.loop(from, to, FLOAT_BYTES, (at) => k.store(k.add(copy, at), 0, k.load(source(at), 0, 1), 1));
  // Sample n of the frame is sample start + n - padding of the waveform.
  const direct = k.intVariable(k.add(waveform, k.add(start, bytes(-padding))));
  fill(before, inside, (at) => k.add(direct, at));
  if (padMode === "constant") {
    const zero = (from: IntExpression, to: IntExpression | number) =>
      k.loop(from, to, FLOAT_BYTES, (at) => k.store(k.add(copy, at), 0, k.constant(0), 1));
    zero(k.int(0), before);
    zero(inside, bytes(fftSize));
    return;
  }
  // Mirrored at sample 0: padding - start - n; at the last one: 2·(samples - 1) + padding - start - n.
  const left = k.intVariable(k.subtract(k.add(waveform, bytes(padding)), start));
  const right = k.intVariable(k.add(left, bytes(2 * (samples - 1))));
  fill(k.int(0), before, (at) => k.subtract(left, at));
  fill(inside, bytes(fftSize), (at) => k.subtract(right, at));
}
