/** @file WebAssembly modules for shared memory, from those for memory of one thread. Browser-safe. */

const HEADER_BYTES = 8;
/** In the limits of a memory: bit 0 says that there is a maximum, bit 1 that it is shared. */
const MAXIMUM = 1;
const SHARED = 2;

/**
 * Returns a module of `emitWasmModule` that declares a maximum, for the same memory shared between threads: one bit differs.
 * @throws RangeError for any other module
 */
export function forSharedMemory(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(module);
  let at = HEADER_BYTES;
  const unsigned = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      // Behind a cut module's end come zeros, which end the number.
      const byte = copy[at++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const skip = () => {
    const length = unsigned();
    at += length;
  };
  // The section of types, then that of imports, whose only one is the memory: its module, its name and its kind come first.
  at++;
  skip();
  const section = copy[at++];
  unsigned();
  const imports = unsigned();
  skip();
  skip();
  const kind = copy[at++];
  if (section !== 2 || imports !== 1 || kind !== 2 || copy[at] !== MAXIMUM) {
    throw new RangeError("the module does not import a memory alone, or one without a maximum");
  }
  copy[at] = MAXIMUM | SHARED;
  return copy;
}
