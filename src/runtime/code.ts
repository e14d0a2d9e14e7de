/** @file From kernels to something that threads can call. */
import { platform } from "#platform";
import type { KernelCode } from "../machine/ir.ts";
import { emitWasmModule, type MemoryLimits } from "../machine/wasm.ts";
import type { LoadedCode } from "./platform.ts";
import type { KernelTarget } from "./target.ts";

/**
 * Emits kernels that were generated for a target's traits.
 * @param limits the limits of the memory that they run on
 * @throws AuricleError "unsupported" when the system lets no memory be executed
 */
export function loadCode(
  target: KernelTarget,
  kernels: Iterable<KernelCode>,
  limits: MemoryLimits,
): LoadedCode {
  const isNative = target === "avx2" || target === "avx512";
  if (isNative && platform.native) return platform.native.load(kernels);
  const module = emitWasmModule(kernels, limits);
  return { code: { kind: "wasm", module }, bytes: module.length, unload: () => undefined };
}
