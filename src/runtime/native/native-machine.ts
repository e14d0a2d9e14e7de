/** @file Node.js only: the x86-64 targets of this process. */
import { isMainThread } from "node:worker_threads";
import { AuricleError } from "../../errors.ts";
import type { KernelCode } from "../../machine/ir.ts";
import type { CallingConvention } from "../../machine/x86-64/calling-convention.ts";
import { emitKernel } from "../../machine/x86-64/emit.ts";
import { emitKernelCall } from "../../machine/x86-64/routines.ts";
import type { NativeFeature, NativeMachine } from "../platform.ts";
import { foreignVersion, openForeign } from "./foreign.js";
import { knownFeatures, machineName } from "./known-features.ts";
import { probeFeatures } from "./probe.ts";

/** Every kernel begins at a multiple of this, which is what its constants are aligned to. */
const ALIGNMENT = 64;

const convention: CallingConvention = process.platform === "win32" ? "windows" : "system-v";

let features: readonly NativeFeature[] | undefined;
/** Why this process runs none of what the probe found. */
let refusal: string | undefined;
/** The address of the function that calls kernels; mapped once, never freed. */
let kernelCall: number | undefined;

export const nativeMachine: NativeMachine = {
  targets() {
    return allFeatures().filter((feature) => feature !== "bfloat16");
  },

  isDefault: isMainThread,

  refusal() {
    allFeatures();
    return refusal;
  },

  hasBfloat16() {
    return allFeatures().includes("bfloat16");
  },

  load(kernels) {
    try {
      const { code, offsets } = emitAll(kernels);
      const { mapCode, unmapCode } = openForeign();
      const call = mapKernelCall();
      const address = mapCode(code);
      const unload = () => unmapCode(address, code.length);
      const kernelAddresses = offsets.map((offset) => address + offset);
      return {
        code: { kind: "native", call, kernels: kernelAddresses },
        bytes: code.length,
        unload,
      };
    } catch (cause) {
      throw new AuricleError(
        "unsupported",
        `machine code: it could not be loaded (${messageOf(cause)}); use target wasm (--target wasm, or AURICLE_TARGET=wasm)`,
        { cause },
      );
    }
  },

  preferLargePages({ buffer }) {
    const { addressOf, preferLargePages } = openForeign();
    preferLargePages(addressOf(new Uint8Array(buffer)), buffer.byteLength);
  },
};

function allFeatures(): readonly NativeFeature[] {
  features ??= findFeatures();
  return features;
}

function findFeatures(): readonly NativeFeature[] {
  const version = process.arch === "x64" ? foreignVersion() : undefined;
  if (version === undefined) return [];
  const found = knownFeatures(machineName(version), () => probeFeatures(convention));
  if (found.length === 0) return found;
  // The probe was another process, perhaps long ago and under other rules (SELinux, seccomp, limits).
  try {
    mapKernelCall();
    return found;
  } catch (cause) {
    refusal = messageOf(cause);
    return [];
  }
}

function mapKernelCall(): number {
  kernelCall ??= openForeign().mapCode(emitKernelCall(convention));
  return kernelCall;
}

/** All kernels one after the other. */
function emitAll(kernels: Iterable<KernelCode>): { code: Uint8Array; offsets: number[] } {
  const parts: Uint8Array[] = [];
  const offsets: number[] = [];
  let end = 0;
  for (const kernel of kernels) {
    const part = emitKernel(kernel, convention);
    parts.push(part);
    offsets.push(end);
    end += Math.ceil(part.length / ALIGNMENT) * ALIGNMENT;
  }
  const code = new Uint8Array(Math.max(end, ALIGNMENT));
  parts.forEach((part, i) => code.set(part, offsets[i]));
  return { code, offsets };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
