/** @file Which kinds of machine code this engine can run. */
import { KernelBuilder } from "../machine/builder.ts";
import type { MachineTraits } from "../machine/ir.ts";
import { emitWasmModule, WASM_RELAXED_TRAITS, WASM_TRAITS } from "../machine/wasm.ts";
import { AuricleError } from "../errors.ts";

/**
 * `wasm`: WebAssembly SIMD, every current engine. `wasm-relaxed`: the same with fused multiply-adds where the
 * engine has relaxed SIMD (Node ≥ 22, current browsers). `reference`: the operations' plain loops, slow, for checks.
 * One target gives the same bits on every machine but for what relaxed SIMD leaves open.
 */
export type TargetName = "wasm" | "wasm-relaxed" | "reference";

export const TARGET_NAMES: readonly TargetName[] = ["wasm", "wasm-relaxed", "reference"];

export function traitsOf(target: TargetName): MachineTraits {
  return target === "wasm-relaxed" ? WASM_RELAXED_TRAITS : WASM_TRAITS;
}

let relaxed: boolean | undefined;

/** Whether the engine validates relaxed SIMD's fused multiply-add. */
export function supportsRelaxed(): boolean {
  if (relaxed === undefined) {
    const k = new KernelBuilder(WASM_RELAXED_TRAITS, 0);
    const one = k.constant(1);
    k.store(0, 0, k.multiplyAdd(one, one, one));
    const limits = { initialPages: 1, maximumPages: 1, shared: false };
    relaxed = WebAssembly.validate(emitWasmModule([k.finish()], limits, WASM_RELAXED_TRAITS));
  }
  return relaxed;
}

/** The fastest target here, or the one that was asked for. @throws AuricleError "unsupported" if the engine lacks it. */
export function chooseTarget(wanted?: TargetName): TargetName {
  if (wanted === "wasm-relaxed" && !supportsRelaxed()) {
    throw new AuricleError(
      "unsupported",
      "target wasm-relaxed: this JavaScript engine has no relaxed SIMD; use Node 22 or later, or target wasm",
    );
  }
  return wanted ?? (supportsRelaxed() ? "wasm-relaxed" : "wasm");
}
