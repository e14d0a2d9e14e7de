/**
 * @file The multiply-add peak: what the threads reach with nothing but registers, so that a kernel's speed can be
 * given as a share of what this machine could do at that moment.
 */
import { KernelBuilder } from "../machine/builder.ts";
import { Arena } from "./arena.ts";
import { loadCode } from "./code.ts";
import { threadPool } from "./pool.ts";
import { traitsOf, type KernelTarget } from "./target.ts";

/** Chains of multiply-adds side by side: enough to hide their latency. */
const CHAINS = 12;
const ROUNDS = 4_000_000;
const UNITS = 64;
/** Runs before measuring, until the processor's clock and the engine's code are what they will be. */
const WARM_UP_RUNS = 6;
const MEASURED_RUNS = 5;

/** @returns measures anew at each call: GFLOP/s of all threads together, a multiply-add counted as two */
export function multiplyAddPeak(target: KernelTarget, threads: number): () => number {
  const machine = traitsOf(target);
  const k = new KernelBuilder(machine, 4);
  const [start, end, , address] = k.parameters;
  const factor = k.vectorVariable(k.constant(0.999));
  const chains = Array.from({ length: CHAINS }, (_, i) => k.vectorVariable(k.constant(i)));
  k.loop(start, end, 1, () => {
    const counter = k.intVariable(0);
    const step = () => {
      // A product of two registers and a sum, as in a tile; the values converge, so nothing overflows.
      for (const chain of chains) k.setVector(chain, k.multiplyAdd(factor, chain, factor));
    };
    k.unrolledLoop(counter, ROUNDS / UNITS, 1, 8, step, () => undefined);
  });
  const total = chains.reduce((sum, chain) => k.binary("add", sum, chain), k.constant(0));
  k.store(address, 0, total);
  const arena = new Arena();
  const result = arena.allocate(machine.lanes * Float32Array.BYTES_PER_ELEMENT, arena);
  const { code, unload } = loadCode(target, [k.finish()], arena.limits);
  const image = {
    code,
    steps: [{ kernel: 0, units: UNITS, leastUnits: 1, pointers: [result] }],
    scratchAddress: result,
    scratchBytes: 0,
  };
  const multiplyAdds = machine.lanes * CHAINS * ROUNDS;
  const description = { target, calls: [{ label: "multiply-add peak", scopes: [], multiplyAdds, bytes: 0 }] };
  const program = threadPool(threads).load(image, arena, description, unload);
  const measure = () => {
    const before = performance.now();
    program.run();
    return (2 * multiplyAdds) / (performance.now() - before) / 1e6;
  };
  for (let i = 0; i < WARM_UP_RUNS; i++) measure();
  return () => Math.max(...Array.from({ length: MEASURED_RUNS }, measure));
}
