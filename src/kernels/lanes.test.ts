import { describe, expect, it } from "vitest";
import { KernelBuilder } from "../machine/builder.ts";
import type { VectorExpression } from "../machine/ir.ts";
import { deriveKey, Generator } from "../random/generator.ts";
import { traitsOf } from "../runtime/target.ts";
import { CHECKED_TARGETS } from "../testing/check-operation.ts";
import { FIRST_POINTER, FLOAT_BYTES } from "./kernel.ts";
import { deinterleave, interleave, pickLanes } from "./lanes.ts";
import { runKernel } from "./testing/run-kernel.ts";

describe.each(CHECKED_TARGETS)("%s", (target) => {
  const machine = traitsOf(target);
  const { lanes } = machine;

  /** Lets `change` work on vectors of 0, 1, 2 …; gives all lanes of the results. */
  const changed = (
    count: number,
    change: (k: KernelBuilder, vectors: VectorExpression[]) => readonly VectorExpression[],
  ) => {
    const k = new KernelBuilder(machine, FIRST_POINTER + 2);
    const [from, to] = k.parameters.slice(FIRST_POINTER);
    const vectorBytes = lanes * FLOAT_BYTES;
    const vectors = Array.from({ length: count }, (_, i) => k.vectorVariable(k.load(from, i * vectorBytes)));
    const results = change(k, vectors);
    results.forEach((vector, i) => k.store(to, i * vectorBytes, vector));
    const kernel = { code: k.finish(), units: 1, scratchBytes: 0 };
    const input = Float32Array.from({ length: count * lanes }, (_, i) => i);
    const g = new Generator(deriveKey(1, "lanes"));
    return [...runKernel(kernel, target, [input], [results.length * lanes], g).outputs[0]];
  };

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16])(
    "interleaves %i planes, and takes them apart again",
    (count) => {
      const pixels = Array.from({ length: count * lanes }, (_, place) => {
        return (place % count) * lanes + Math.floor(place / count);
      });
      expect(changed(count, interleave)).toEqual(pixels);
      const apart = Array.from({ length: count * lanes }, (_, place) => {
        return (place % lanes) * count + Math.floor(place / lanes);
      });
      expect(changed(count, deinterleave)).toEqual(apart);
    },
  );

  it("picks lanes of several vectors in any order", () => {
    const g = new Generator(deriveKey(2, "lanes"));
    for (let round = 0; round < 10; round++) {
      const count = 1 + g.integer(5);
      const sources = Array.from({ length: lanes }, () => g.integer(count * lanes));
      expect(changed(count, (k, vectors) => [pickLanes(k, vectors, sources)])).toEqual(sources);
    }
  });
});
