import { describe, expect, it } from "vitest";
import { chooseTarget, supportsRelaxed, TARGET_NAMES, traitsOf } from "./target.ts";

describe("targets", () => {
  it("default to the fastest that the engine has", () => {
    expect(chooseTarget()).toBe(supportsRelaxed() ? "wasm-relaxed" : "wasm");
  });

  it("are those asked for, or an error that says what to do", () => {
    for (const name of TARGET_NAMES) {
      if (name === "wasm-relaxed" && !supportsRelaxed()) {
        expect(() => chooseTarget(name)).toThrow(/wasm-relaxed.*Node 22 or later, or target wasm/);
      } else {
        expect(chooseTarget(name)).toBe(name);
      }
    }
  });

  it("differ in the fused multiply-add", () => {
    expect(traitsOf("wasm").fusedMultiplyAdd).toBe(false);
    expect(traitsOf("wasm-relaxed").fusedMultiplyAdd).toBe(true);
  });
});
