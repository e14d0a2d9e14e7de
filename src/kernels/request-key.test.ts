import { describe, expect, it } from "vitest";
import type { Expression } from "./expression.ts";
import { requestKey } from "./request-key.ts";
import type { KernelRequest } from "./requests.ts";
import { operand } from "./testing/strided-operand.ts";

const ADD = (a: Expression, b: Expression): Expression => ({
  kind: "apply",
  function: { name: "add", cost: 1, emit: (k, [x, y]) => k.binary("add", x, y) },
  parameters: [],
  arguments: [a, b],
});
const at = (index: number): Expression => ({ kind: "operand", index });

describe("requestKey", () => {
  const place = operand([1]);
  const keyOf = (expression: Expression, strides = [1]) =>
    requestKey({
      kind: "elementwise",
      shape: [4],
      operands: [operand(strides), place],
      outputs: [{ expression, place }],
    });

  it("tells different expressions and places apart", () => {
    const shared = ADD(at(0), at(1));
    const keys = [
      keyOf(shared),
      keyOf(shared, [0]),
      keyOf(ADD(at(1), at(0))),
      keyOf(ADD(shared, at(0))),
      keyOf(ADD(shared, shared)),
      keyOf(ADD(ADD(shared, shared), shared)),
      keyOf(ADD(ADD(shared, shared), ADD(shared, shared))),
      keyOf({ kind: "constant", value: 0 }),
      keyOf({ kind: "constant", value: -0 }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("is equal for equal expressions and grows with their number of parts, not of paths", () => {
    const make = (depth: number) => {
      let expression = at(0);
      for (let i = 0; i < depth; i++) expression = ADD(expression, expression);
      return expression;
    };
    expect(keyOf(make(5))).toBe(keyOf(make(5)));
    expect(keyOf(make(60)).length).toBeLessThan(60 * 100);
  });

  it("changes with every number and truth value of a request, and with its kind", () => {
    const geometry = {
      batch: 2,
      inputHeight: 9,
      inputWidth: 8,
      inputChannels: 6,
      outputHeight: 5,
      outputWidth: 4,
      outputChannels: 10,
      filterHeight: 3,
      filterWidth: 7,
      strides: [11, 12],
      dilations: [13, 14],
      padding: [15, 16],
      inputDilations: [17, 18],
      groups: 1,
    } as const;
    const request: KernelRequest = {
      kind: "convolution",
      geometry,
      epilogue: { expression: ADD(at(0), at(1)), operands: [operand([4, 3, 2, 1], 5)] },
      pairs: true,
    };
    const keys = [request, { ...request, kind: "winograd" } as const, ...changes(request)].map(requestKey);
    expect(keys.length).toBe(2 + 26);
    expect(new Set(keys).size).toBe(keys.length);
    expect(requestKey({ ...request, geometry: { ...geometry } })).toBe(keys[0]);
  });
});

/** All copies of a request in which one number or truth value is another one. */
function changes<T>(value: T): T[] {
  if (typeof value === "number") return [(value + 100) as T];
  if (typeof value === "boolean") return [!value as T];
  if (typeof value !== "object" || value === null || "emit" in value) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    changes<unknown>(part).map((changed) => {
      const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
      return Object.assign(copy, { [name]: changed }) as T;
    }),
  );
}
