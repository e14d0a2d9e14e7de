import { expect, it } from "vitest";
import { KernelBuilder } from "./builder.ts";
import { forSharedMemory } from "./shared-memory.ts";
import { emitWasmModule, WASM_TRAITS } from "./wasm.ts";

function moduleFor(shared: boolean, maximum: number | null = 65_536): Uint8Array<ArrayBuffer> {
  // Kernels of two numbers of parameters: the section of types comes before the memory.
  const kernels = [3, 5].map((parameters) => {
    const k = new KernelBuilder(WASM_TRAITS, parameters);
    k.store(0, 0, k.constant(1));
    return k.finish();
  });
  const maximumPages = maximum ?? undefined;
  return emitWasmModule(kernels, { initialPages: 1, maximumPages, shared });
}

it("makes of a module for one thread the module that would have been emitted for several", () => {
  expect(forSharedMemory(moduleFor(false))).toEqual(moduleFor(true));
});

it("refuses modules that are shared already, declare no maximum, import no memory, or are cut", () => {
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  const cut = moduleFor(false).subarray(0, 12);
  for (const module of [moduleFor(true), moduleFor(false, null), empty, cut]) {
    expect(() => forSharedMemory(module)).toThrow("does not import a memory alone, or one without a maximum");
  }
});
