/** @file Calls the kernel of a change of rate. Browsers only; `dot-products-node.ts` is the same for Node.js. */
import { wasmRunner } from "../../runtime/thread.js";
import { dotProductModule } from "./dot-product-module.ts";

/** Makes the kernel ready to do jobs of the table that its parameters name. */
export function dotProductsOver(
  memory: WebAssembly.Memory,
  parameters: readonly number[],
): (start: number, end: number) => void {
  return wasmRunner({ kind: "wasm", module: dotProductModule() }, memory)(0, parameters);
}
