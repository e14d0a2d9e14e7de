import { describe, expect, it } from "vitest";
import { WASM_TRAITS } from "../machine/wasm.ts";
import { add, multiply, negative, sum, tanh, transpose } from "../ops/index.ts";
import { Buffer } from "./buffer.ts";
import { checkCalls, checkPlan } from "./check-calls.ts";
import type { LoweredGraph } from "./graph.ts";
import { lowerGraph } from "./lower.ts";
import type { KernelCall } from "./kernel-call.ts";
import { planMemory } from "./memory-plan.ts";
import { Slab } from "./slab.ts";
import { constantTensor, inputTensor, variableTensor } from "./sources.ts";

const slab = new Slab("weights", new Float32Array(100));

/** One kernel for each operation: tanh, transposed, and the variable plus constants, which is assigned to itself. */
function lowered(): LoweredGraph & { calls: KernelCall[] } {
  const x = inputTensor([8, 12], "float32");
  const weights = variableTensor(slab, 0, [96]);
  const constants = constantTensor({ shape: [96], data: Float32Array.from({ length: 96 }, (_, i) => i) });
  const value = tanh(add(weights, constants));
  const outputs = [tanh(transpose(tanh(x))), sum(multiply(negative(x), x))];
  const graph = { inputs: [x], outputs, assignments: [{ slab, offset: 0, value }] };
  const { calls, ...rest } = lowerGraph(graph, WASM_TRAITS, { fusion: false });
  return { ...rest, calls: [...calls] };
}

function change(calls: KernelCall[], at: number, changes: Partial<KernelCall>): void {
  calls[at] = { ...calls[at], ...changes };
}

const scratch = () => new Buffer(96, { kind: "scratch" });
const inSlab = (offset: number) => new Buffer(8, { kind: "slab", slab, offset });

const DAMAGES: readonly (readonly [string, (graph: ReturnType<typeof lowered>) => void, string])[] = [
  ["a call that is missing", ({ calls }) => calls.splice(0, 1), "before it is written"],
  ["calls in another order", ({ calls }) => calls.reverse(), "before it is written"],
  [
    "an operand that nothing writes",
    ({ calls }) => change(calls, 1, { reads: [scratch()] }),
    "before it is written",
  ],
  ["a result that is not written", ({ calls }) => change(calls, 0, { writes: [] }), "writes nothing"],
  [
    "an input that is written",
    ({ calls, inputs }) => change(calls, 0, { writes: [...calls[0].writes, inputs[0]] }),
    "writes an input",
  ],
  [
    "a constant that is written",
    ({ calls }) => change(calls, 0, { writes: [constantOf(calls)] }),
    "writes a constant",
  ],
  [
    "a place given away that is not read",
    ({ calls }) => change(calls, 1, { inPlace: [scratch()] }),
    "does not read",
  ],
  [
    "a buffer beyond its slab",
    ({ calls }) => change(calls, 1, { writes: [...calls[1].writes, inSlab(93)] }),
    "beyond its slab",
  ],
  [
    "one kernel with other pointers",
    ({ calls }) => change(calls, 1, { key: calls[0].key, reads: [] }),
    "another call of its kernel",
  ],
  [
    "an output that nothing writes",
    ({ calls, outputs }) => calls.splice(writerOf(calls, outputs[1]), 1),
    "output 1",
  ],
  [
    "a part of a slab written before it is read",
    ({ calls }) => change(calls, 0, { writes: [...calls[0].writes, inSlab(8)] }),
    "written over",
  ],
];

function constantOf(calls: readonly KernelCall[]): Buffer {
  const all = calls.flatMap(({ reads }) => reads);
  return all.find(({ home }) => home.kind === "own" && home.initial) ?? scratch();
}

function writerOf(calls: readonly KernelCall[], buffer: Buffer): number {
  return calls.findIndex(({ writes }) => writes.includes(buffer));
}

describe("the check of calls", () => {
  it("accepts what lowering makes", () => expect(() => checkCalls(lowered())).not.toThrow());

  it.each(DAMAGES)("finds %s", (_, damage, message) => {
    const graph = lowered();
    damage(graph);
    expect(() => checkCalls(graph)).toThrow(message);
  });

  it("finds a buffer that a call writes twice", () => {
    const graph = lowered();
    const [buffer] = graph.calls[0].writes;
    change(graph.calls, 0, { writes: [buffer, buffer] });
    expect(() => checkCalls(graph)).toThrow("writes a buffer twice");
  });

  it("finds a call that writes over the part of a slab that it still reads", () => {
    const graph = lowered();
    const at = graph.calls.findIndex(({ reads }) => reads.some(({ home }) => home.kind === "slab"));
    const own = graph.calls[at].reads.find(({ home }) => home.kind === "slab") ?? scratch();
    const over = new Buffer(own.words, { kind: "slab", slab, offset: 0 });
    change(graph.calls, at, { writes: [over], inPlace: [own] });
    graph.calls.splice(at + 1);
    const rest = { ...graph, outputs: [] };
    expect(() => checkCalls(rest)).not.toThrow();
    change(graph.calls, at, { inPlace: [] });
    expect(() => checkCalls(rest)).toThrow("writes over a part of a slab that it reads");
  });
});

describe("the check of a memory plan", () => {
  const { calls } = lowered();
  const plan = planMemory(calls);

  it("accepts what planning makes, and buffers that take over a place", () => {
    expect(() => checkPlan(calls, plan)).not.toThrow();
    expect(new Set(plan.offsets.values()).size).toBeLessThan(plan.offsets.size);
  });

  it("finds any buffer that is moved onto one in use, beyond the end, or has no place", () => {
    let found = 0;
    for (const buffer of plan.offsets.keys()) {
      if (buffer.home.kind !== "scratch") continue;
      const moved = (offset: number) => () =>
        checkPlan(calls, { ...plan, offsets: new Map(plan.offsets).set(buffer, offset) });
      expect(moved(plan.bytes)).toThrow("has no place");
      expect(moved(-64)).toThrow("has no place");
      const offsets = new Map(plan.offsets);
      offsets.delete(buffer);
      expect(() => checkPlan(calls, { ...plan, offsets })).toThrow("has no place");
      const [operand] = calls[writerOf(calls, buffer)].reads;
      const place = plan.offsets.get(operand);
      if (operand.home.kind !== "scratch" || place === undefined) continue;
      // On its operand, a word off: no kernel may do that.
      expect(moved(place + 4 <= plan.bytes - 4 * buffer.words ? place + 4 : place - 4)).toThrow(
        /in use|no place/,
      );
      found++;
    }
    expect(found).toBeGreaterThan(0);
  });

  it("finds a place taken over from an operand that is read in another order", () => {
    const apart = calls.map((call) => ({ ...call, inPlace: [] }));
    expect(() => checkPlan(apart, plan)).toThrow("lies on one that is in use");
    expect(() => checkPlan(apart, planMemory(apart))).not.toThrow();
  });
});
