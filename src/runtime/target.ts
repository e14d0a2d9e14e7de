/** @file Which kinds of machine code this engine can run. */
import { platform } from "#platform";
import { KernelBuilder } from "../machine/builder.ts";
import type { MachineTraits } from "../machine/ir.ts";
import { emitWasmModule, WASM_RELAXED_TRAITS, WASM_TRAITS } from "../machine/wasm.ts";
import { AVX2_TRAITS, AVX512_TRAITS } from "../machine/x86-64/traits.ts";
import { AuricleError } from "../errors.ts";

/**
 * `wasm`: WebAssembly SIMD, every current engine. `wasm-relaxed`: the same with fused multiply-adds where the
 * engine has relaxed SIMD (Node ≥ 22, current browsers). `avx2`, `avx512`: machine code of x86-64 processors, in Node.js
 * with the optional package koffi. `reference`: the operations' plain loops, slow, for checks.
 * One target gives the same bits on every machine but for what relaxed SIMD leaves open.
 */
export type TargetName = "wasm" | "wasm-relaxed" | "avx2" | "avx512" | "reference";

export const TARGET_NAMES: readonly TargetName[] = ["wasm", "wasm-relaxed", "avx2", "avx512", "reference"];

/** Targets that kernels are emitted for. */
export type KernelTarget = Exclude<TargetName, "reference">;

const TRAITS: Record<KernelTarget, MachineTraits> = {
  wasm: WASM_TRAITS,
  "wasm-relaxed": WASM_RELAXED_TRAITS,
  avx2: AVX2_TRAITS,
  avx512: AVX512_TRAITS,
};

export function traitsOf(target: KernelTarget): MachineTraits {
  return TRAITS[target];
}

let relaxed: boolean | undefined;

/** Whether the engine validates relaxed SIMD's fused multiply-add. */
export function supportsRelaxed(): boolean {
  if (relaxed === undefined) {
    const k = new KernelBuilder(WASM_RELAXED_TRAITS, 0);
    const one = k.constant(1);
    k.store(0, 0, k.multiplyAdd(one, one, one));
    const limits = { initialPages: 1, maximumPages: 1, shared: false };
    relaxed = WebAssembly.validate(emitWasmModule([k.finish()], limits));
  }
  return relaxed;
}

/** The fastest target that needs nothing but WebAssembly. */
export function portableTarget(): KernelTarget {
  return supportsRelaxed() ? "wasm-relaxed" : "wasm";
}

/** Targets that run here and emit kernels, the slowest first. */
export function kernelTargets(): readonly KernelTarget[] {
  const portable: KernelTarget[] = supportsRelaxed() ? ["wasm", "wasm-relaxed"] : ["wasm"];
  return [...portable, ...(platform.native?.targets() ?? [])];
}

/**
 * The target that was asked for; else that of the environment variable AURICLE_TARGET; else the fastest here: in the main
 * thread of a Node.js process of all, in its worker threads, which may be stopped at any time, of those of WebAssembly.
 * @throws AuricleError "unsupported" if it does not run here; "argument" if there is none of that name.
 */
export function chooseTarget(wanted?: TargetName): TargetName {
  if (wanted !== undefined) return checked(wanted);
  const name = platform.environment("AURICLE_TARGET");
  if (!name) return defaultTarget();
  const target = TARGET_NAMES.find((known) => known === name);
  if (!target) {
    throw new AuricleError("argument", `AURICLE_TARGET: one of ${TARGET_NAMES.join(", ")}; got ${name}`);
  }
  return checked(target);
}

/** The fastest target that needs nobody's consent. */
function defaultTarget(): KernelTarget {
  const { native } = platform;
  if (!native?.isDefault) return portableTarget();
  const fastest = native.targets().at(-1);
  if (fastest) return fastest;
  const refusal = native.refusal();
  if (refusal !== undefined && !saidRefusal) {
    saidRefusal = true;
    platform.warn(
      `no machine code is run here (${refusal}): target ${portableTarget()} takes its place, with bits of its own`,
    );
  }
  return portableTarget();
}

let saidRefusal = false;

function checked(target: TargetName): TargetName {
  if (target === "wasm" || target === "reference" || kernelTargets().includes(target)) return target;
  throw new AuricleError("unsupported", `target ${target}: ${whyNot(target)}`);
}

function whyNot(target: TargetName): string {
  if (target === "wasm-relaxed") {
    return "this JavaScript engine has no relaxed SIMD; use Node 22 or later, or target wasm";
  }
  const refusal = platform.native?.refusal();
  return refusal === undefined
    ? "it needs Node.js on an x86-64 processor that has it, and the package koffi; use target wasm"
    : `this process may run no machine code (${refusal}); use target wasm`;
}
