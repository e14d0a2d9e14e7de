/**
 * @file Adds frames up where they overlap: what the gradient of cutting a waveform into frames is.
 *
 *   for unit (example, stretch of `hopLength` samples, which begins where a frame may begin):
 *     fill it with 0
 *     for frame that reaches it, latest first: add the frame's part
 */
import { KernelBuilder, type Int } from "../../machine/builder.ts";
import type { IntExpression, MachineTraits, VectorExpression } from "../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../kernel.ts";
import { machineKernel } from "../library.ts";
import type { OverlapAddRequest } from "../requests.ts";

export const OVERLAP_ADD = machineKernel("overlapAdd", overlapAddKernel);

/** Pointers: frames, output. */
export function overlapAddKernel(request: OverlapAddRequest, machine: MachineTraits): Kernel {
  const { batch, frames, frameLength, hopLength, samples } = request;
  const k = new KernelBuilder(machine, FIRST_POINTER + 2);
  const [start, end, , input, output] = k.parameters;
  const stretches = Math.ceil(samples / hopLength);
  const hopBytes = hopLength * FLOAT_BYTES;
  const frameBytes = frameLength * FLOAT_BYTES;
  k.loop(start, end, 1, (unit) => {
    const example = k.intVariable(k.divide(unit, stretches));
    const stretch = k.intVariable(k.remainder(unit, stretches));
    const first = k.intVariable(k.multiply(stretch, hopBytes));
    const target = k.intVariable(k.add(output, k.add(k.multiply(example, samples * FLOAT_BYTES), first)));
    const length = k.intVariable(k.minimum(k.subtract(samples * FLOAT_BYTES, first), hopBytes));
    fillWords(k, target, length, () => k.constant(0));
    const rows = k.intVariable(k.add(input, k.multiply(example, frames * frameBytes)));
    // The frame that begins `back` stretches earlier reaches this one with its samples back·hopLength …
    k.loop(0, frameBytes, hopBytes, (skipped) => {
      const frame = k.intVariable(k.subtract(stretch, k.divide(skipped, hopBytes)));
      // Unsigned: a frame before the first is none either.
      k.ifAtLeast(frames - 1, frame, () => {
        const part = k.intVariable(k.add(rows, k.add(k.multiply(frame, frameBytes), skipped)));
        const reach = k.intVariable(k.minimum(length, k.subtract(frameBytes, skipped)));
        fillWords(k, target, reach, (bytes, count) =>
          k.binary("add", k.load(k.add(target, bytes), 0, count), k.load(k.add(part, bytes), 0, count)),
        );
      });
    });
  });
  return { code: k.finish(), units: batch * stretches, scratchBytes: 0 };
}

/** Stores `bytes` / 4 words, as vectors and then one by one. */
function fillWords(
  k: KernelBuilder,
  target: IntExpression,
  bytes: Int,
  value: (at: IntExpression, count: number) => VectorExpression,
): void {
  const vectorBytes = k.machine.lanes * FLOAT_BYTES;
  const full = k.intVariable(k.multiply(k.divide(bytes, vectorBytes), vectorBytes));
  k.loop(0, full, vectorBytes, (at) => k.store(k.add(target, at), 0, value(at, k.machine.lanes)));
  k.loop(full, bytes, FLOAT_BYTES, (at) => k.store(k.add(target, at), 0, value(at, 1), 1));
}
