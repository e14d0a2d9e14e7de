/** @file One call of a kernel: which one, over which buffers. */
import { requestKey } from "../kernels/request-key.ts";
import type { Kernel } from "../kernels/kernel.ts";
import { generateKernel } from "../kernels/library.ts";
import type { KernelRequest } from "../kernels/requests.ts";
import type { MachineTraits } from "../machine/ir.ts";
import type { Buffer } from "./buffer.ts";

/** The data that a kernel is generated from. */
export type KernelPlan = Pick<KernelCall, "request" | "machine">;

export interface KernelCall {
  readonly request: KernelRequest;
  /** The traits that its kernel is generated for where they are not the device's. */
  readonly machine?: MachineTraits | undefined;
  /** Calls with equal keys share one kernel. */
  readonly key: string;
  /** Its pointers are these and then `writes`. */
  readonly reads: readonly Buffer[];
  readonly writes: readonly Buffer[];
  /** Buffers of `reads` that may lie exactly where a written buffer lies: the kernel reads each element before it writes it. */
  readonly inPlace: readonly Buffer[];
  /** "conv2d + add + relu in layer conv2d_1": for profiles and for finding where a NaN arose. */
  readonly label: string;
  /** The scopes in which its operations were made, layers among them: that of the first one computed comes first. */
  readonly scopes: readonly string[];
  readonly multiplyAdds: number;
  /** Why what it writes is handed over when it is done; absent almost everywhere. */
  readonly handOver?: string | undefined;
}

export function kernelCall(request: KernelRequest, call: Omit<KernelCall, "request" | "key">): KernelCall {
  const { machine } = call;
  const lanes = machine ? ` on ${machine.lanes} lanes` : "";
  return { request, key: requestKey(request) + lanes, ...call };
}

/** Generates the kernel of a call for a device. */
export function kernelOf({ request, machine }: KernelPlan, device: MachineTraits): Kernel {
  return generateKernel(request, machine ?? device);
}
