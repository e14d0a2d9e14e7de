/** @file Node.js only: how a thread calls a program's native kernels. JavaScript, since worker threads load it by its URL. */
import { openForeign } from "./foreign.js";

/** Functions that call kernels, by their address: there is one in a process. @type {Map<number, (...args: number[]) => void>} */
const kernelCalls = new Map();

/** @param {number} address */
function kernelCallAt(address) {
  const known = kernelCalls.get(address);
  if (known) return known;
  const call = openForeign().functionAt(address);
  kernelCalls.set(address, call);
  return call;
}

/**
 * Where a memory begins, whenever it is asked for: memory that is not shared may move when it grows.
 * @param {WebAssembly.Memory} memory
 * @returns {() => number}
 */
export function addressOfMemory(memory) {
  const { addressOf } = openForeign();
  let { buffer } = memory;
  let address = addressOf(new Uint8Array(buffer));
  return () => {
    if (memory.buffer !== buffer) {
      buffer = memory.buffer;
      address = addressOf(new Uint8Array(buffer));
    }
    return address;
  };
}

/**
 * Nothing here but {@link openForeign} and the first use of a call's address makes JavaScript objects in the add-on: the calls
 * themselves do no harm in a thread that is being stopped.
 * @param {import("../thread.js").NativeCode} code
 * @param {() => number} base where its memory begins
 * @returns {import("../thread.js").Runner}
 */
export function nativeRunner({ call, kernels }, base) {
  const { addressOf } = openForeign();
  const callKernel = kernelCallAt(call);
  return (kernel, parameters) => {
    // Not `new Int32Array(n)`: a small array of that kind lies on the heap, where things move.
    const block = new Int32Array(new ArrayBuffer(parameters.length * Int32Array.BYTES_PER_ELEMENT));
    block.set(parameters);
    const [entry, address] = [kernels[kernel], addressOf(block)];
    return (start, end) => {
      block[0] = start;
      block[1] = end;
      callKernel(entry, base(), address);
    };
  };
}
