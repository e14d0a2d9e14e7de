/**
 * @file Calls the kernel of a change of rate: as WebAssembly, and once there is much to do as machine code, which gives the same bits in a
 * third of the time. Node.js only; `dot-products-browser.ts` is the same for browsers.
 */
import { platform } from "#platform";
import { writeDotProducts } from "../../kernels/dot-products.ts";
import { KernelBuilder } from "../../machine/builder.ts";
import { loadCode } from "../../runtime/code.ts";
import type { ProgramCode } from "../../runtime/thread.js";
import { traitsOf } from "../../runtime/target.ts";
import { wasmRunner } from "../../runtime/thread.js";
import { dotProductModule, PARAMETERS } from "./dot-product-module.ts";

type Run = (start: number, end: number) => void;

/** Milliseconds in WebAssembly after which machine code is loaded, which takes about as long: a short clip need not wait for it. */
const PAYS_AFTER = 20;

let spent = 0;
/** Loaded once, never freed; undefined where none may run, or not without being asked for. */
let machineCode: { readonly code: ProgramCode | undefined } | undefined;

/** Makes the kernel ready to do jobs of the table that its parameters name. */
export function dotProductsOver(memory: WebAssembly.Memory, parameters: readonly number[]): Run {
  const portable = wasmRunner({ kind: "wasm", module: dotProductModule() }, memory)(0, parameters);
  let native: Run | undefined;
  return (start, end) => {
    if (!native && spent > PAYS_AFTER) {
      const { code } = (machineCode ??= { code: loadMachineCode() });
      native = code ? platform.runnerOf(code, memory)(0, parameters) : portable;
    }
    if (native) {
      native(start, end);
      return;
    }
    const begin = performance.now();
    portable(start, end);
    spent += performance.now() - begin;
  };
}

function loadMachineCode(): ProgramCode | undefined {
  const { native } = platform;
  if (!native?.isDefault) return undefined;
  const targets = native.targets();
  const wanted = platform.environment("AURICLE_TARGET");
  const target = wanted ? targets.find((name) => name === wanted) : targets.at(-1);
  if (!target) return undefined;
  const k = new KernelBuilder(traitsOf(target), PARAMETERS);
  writeDotProducts(k);
  try {
    return loadCode(target, [k.finish()], { initialPages: 1, maximumPages: 1, shared: false }).code;
  } catch {
    // WebAssembly goes on.
    return undefined;
  }
}
