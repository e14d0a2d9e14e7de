/**
 * @file The kernel of a change of rate as WebAssembly. A module by itself, since the build puts its bytes in its place where no compiler
 * is: in the script of exported models. Browser-safe.
 */
import { writeDotProducts } from "../../kernels/dot-products.ts";
import { KernelBuilder } from "../../machine/builder.ts";
import { emitWasmModule, WASM_TRAITS } from "../../machine/wasm.ts";

/** All that 32-bit addresses reach. */
const MAXIMUM_PAGES = 65_536;
/** Start, end, scratch memory, the jobs' table and three strides. */
export const PARAMETERS = 7;

let module: Uint8Array<ArrayBuffer> | undefined;

/** Returns a module over a memory that is not shared, which exports the kernel as "k0". */
export function dotProductModule(): Uint8Array<ArrayBuffer> {
  if (!module) {
    const k = new KernelBuilder(WASM_TRAITS, PARAMETERS);
    writeDotProducts(k);
    const limits = { initialPages: 1, maximumPages: MAXIMUM_PAGES, shared: false };
    module = emitWasmModule([k.finish()], limits);
  }
  return module;
}
