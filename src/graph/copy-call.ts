import type { StridedOperand } from "../kernels/strided.ts";
import type { Buffer } from "./buffer.ts";
import { kernelCall, type KernelCall } from "./kernel-call.ts";
import { ELEMENTWISE } from "../kernels/elementwise.ts";

/** Copies one buffer to another of the same size. */
export function copyCall(from: Buffer, to: Buffer, label: string): KernelCall {
  const place: StridedOperand = { source: "memory", strides: [1], offset: 0 };
  return kernelCall(
    {
      kind: ELEMENTWISE,
      shape: [from.words],
      operands: [place],
      outputs: [{ expression: { kind: "operand", index: 0 }, place }],
    },
    { reads: [from], writes: [to], inPlace: [], label: `copy of ${label}`, scopes: [], multiplyAdds: 0 },
  );
}
