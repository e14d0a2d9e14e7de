import { afterEach, expect, it, vi } from "vitest";
import { chooseAlgorithms } from "./algorithm-policy.ts";

afterEach(() => vi.unstubAllEnvs());

it("algorithms are chosen by the fixed rule unless the caller, or else the environment, says otherwise", () => {
  vi.stubEnv("AURICLE_ALGORITHMS", "");
  expect(chooseAlgorithms()).toBe("fixed");
  vi.stubEnv("AURICLE_ALGORITHMS", "direct");
  expect(chooseAlgorithms()).toBe("direct");
  expect(chooseAlgorithms("measured")).toBe("measured");
  vi.stubEnv("AURICLE_ALGORITHMS", "fastest");
  expect(() => chooseAlgorithms()).toThrow("algorithms: one of fixed, measured, direct; got fastest");
});
