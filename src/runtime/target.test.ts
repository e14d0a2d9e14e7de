import { afterEach, describe, expect, it, vi } from "vitest";
import { chooseTarget, kernelTargets, supportsRelaxed, TARGET_NAMES, traitsOf } from "./target.ts";

describe("targets", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("default to the fastest that runs here", () => {
    vi.stubEnv("AURICLE_TARGET", "");
    const order = ["avx512", "avx2", "wasm-relaxed", "wasm"] as const;
    expect(chooseTarget()).toBe(order.find((name) => kernelTargets().includes(name)));
    expect(kernelTargets().includes("wasm-relaxed")).toBe(supportsRelaxed());
  });

  it("can be forced by the environment, but not against what a caller asks for", () => {
    vi.stubEnv("AURICLE_TARGET", "wasm");
    expect(chooseTarget()).toBe("wasm");
    expect(chooseTarget("reference")).toBe("reference");
    vi.stubEnv("AURICLE_TARGET", "webgl");
    expect(() => chooseTarget()).toThrow(
      "AURICLE_TARGET: one of wasm, wasm-relaxed, avx2, avx512, reference; got webgl",
    );
  });

  it("are those asked for, or an error that says what to do", () => {
    const advice = { "wasm-relaxed": /Node 22 or later, or target wasm/, avx2: /koffi/, avx512: /koffi/ };
    for (const name of TARGET_NAMES) {
      if (name === "wasm" || name === "reference" || kernelTargets().includes(name)) {
        expect(chooseTarget(name)).toBe(name);
      } else {
        expect(() => chooseTarget(name)).toThrow(advice[name]);
      }
    }
  });

  it("differ in lanes and in the fused multiply-add", () => {
    const traits = (["wasm", "wasm-relaxed", "avx2", "avx512"] as const).map(traitsOf);
    expect(traits.map(({ lanes }) => lanes)).toEqual([4, 4, 8, 16]);
    expect(traits.map(({ fusedMultiplyAdd }) => fusedMultiplyAdd)).toEqual([false, true, true, true]);
  });
});
