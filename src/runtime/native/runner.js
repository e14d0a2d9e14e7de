/** @file Node.js only: how a thread calls a program's native kernels. JavaScript, since worker threads load it by its URL. */
import { openForeign } from "./foreign.js";

/**
 * @param {import("../thread.js").NativeCode} code
 * @param {WebAssembly.Memory} memory
 * @returns {import("../thread.js").Runner}
 */
export function nativeRunner({ call, kernels }, memory) {
  const { addressOf, functionAt } = openForeign();
  const callKernel = functionAt(call);
  let { buffer } = memory;
  let base = addressOf(new Uint8Array(buffer));
  /** Memory that threads share never moves; other memory may when it grows. */
  const currentBase = () => {
    if (memory.buffer !== buffer) {
      buffer = memory.buffer;
      base = addressOf(new Uint8Array(buffer));
    }
    return base;
  };
  return (kernel, parameters) => {
    // Not `new Int32Array(n)`: a small array of that kind lies on the heap, where things move.
    const block = new Int32Array(new ArrayBuffer(parameters.length * Int32Array.BYTES_PER_ELEMENT));
    block.set(parameters);
    const [entry, address] = [kernels[kernel], addressOf(block)];
    return (start, end) => {
      block[0] = start;
      block[1] = end;
      callKernel(entry, currentBase(), address);
    };
  };
}
