import { elementwiseKernel, elementwiseKey, type ElementwiseRequest } from "../kernels/elementwise.ts";
import type { StridedOperand } from "../kernels/strided.ts";
import type { Buffer } from "./buffer.ts";
import type { KernelCall } from "./lowering.ts";

/** Copies one buffer to another of the same size. */
export function copyCall(from: Buffer, to: Buffer, label: string): KernelCall {
  const place: StridedOperand = { source: "memory", strides: [1], offset: 0 };
  const request: ElementwiseRequest = {
    shape: [from.words],
    operands: [place],
    outputs: [{ expression: { kind: "operand", index: 0 }, place }],
  };
  return {
    key: elementwiseKey(request),
    build: (machine) => elementwiseKernel(request, machine),
    reads: [from],
    writes: [to],
    inPlace: [],
    label: `copy of ${label}`,
    scopes: [],
    multiplyAdds: 0,
  };
}
