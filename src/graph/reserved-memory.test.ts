import { afterEach, describe, expect, it, vi } from "vitest";
import { add, gradients, matmul, multiply, sum, tanh } from "../ops/index.ts";
import { floatArray } from "../tensor/array.ts";
import { compile } from "./compile.ts";
import { Slab } from "./slab.ts";
import { variableTensor } from "./sources.ts";

const PAGE_BYTES = 65536;

/** The maxima, in pages, of all memory that `run` asks for. */
function maximaOf(run: () => void): number[] {
  const { Memory } = WebAssembly;
  const asked: number[] = [];
  vi.spyOn(WebAssembly, "Memory").mockImplementation(function (descriptor) {
    asked.push(descriptor.maximum ?? 0);
    return new Memory(descriptor);
  });
  run();
  return asked;
}

describe("memory that programs reserve", () => {
  afterEach(() => vi.restoreAllMocks());

  it("is little for many small programs", () => {
    const asked = maximaOf(() => {
      for (let i = 0; i < 50; i++) {
        const program = compile((x) => add(multiply(x, x), i), [[3]], { threads: 1 });
        expect([...program(floatArray([1, 2, 3], [3])).data]).toEqual([1 + i, 4 + i, 9 + i]);
      }
    });
    expect(asked).toHaveLength(50);
    expect(asked).toEqual(new Array(50).fill(1));
  });

  it.each([1, 2])(
    "is enough for a large program with slabs, scratch memory and gradients, %i threads",
    (threads) => {
      const slab = new Slab("weights", new Float32Array(256 * 256).fill(1 / 256));
      const asked = maximaOf(() => {
        const step = compile(
          (x) => {
            const weights = variableTensor(slab, 0, [256, 256]);
            const loss = sum(tanh(matmul(tanh(matmul(x, weights)), weights)));
            return [loss, ...gradients(loss, [weights, x])];
          },
          [[2048, 256]],
          { threads },
        );
        const [loss] = step(floatArray(new Float32Array(2048 * 256).fill(1), [2048, 256]));
        // All weights are 1/256 and all inputs 1: products are means.
        expect(loss.data[0] / (2048 * 256)).toBeCloseTo(Math.tanh(Math.tanh(1)), 5);
      });
      expect(Math.max(...asked) * PAGE_BYTES).toBeLessThanOrEqual(2 ** 26);
    },
  );
});
