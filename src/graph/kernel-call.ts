/** @file One call of a kernel: which one, over which buffers. */
import { requestKey } from "../kernels/request-key.ts";
import type { KernelRequest } from "../kernels/requests.ts";
import type { Buffer } from "./buffer.ts";

export interface KernelCall {
  readonly request: KernelRequest;
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
  return { request, key: requestKey(request), ...call };
}
