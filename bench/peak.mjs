/**
 * @file The multiply-add peak: what the threads reach with nothing but registers, so that a kernel's speed can be
 * given as a share of what this machine could do at that moment.
 */
import { KernelBuilder } from "../dist/machine/builder.js";
import { Arena } from "../dist/runtime/arena.js";
import { loadCode } from "../dist/runtime/code.js";
import { threadPool } from "../dist/runtime/pool.js";
import { traitsOf } from "../dist/runtime/target.js";

/** Chains of multiply-adds side by side: enough to hide their latency. */
const CHAINS = 12;
const ROUNDS = 4_000_000;
const UNITS = 64;

/**
 * @param {import("../dist/runtime/target.js").KernelTarget} target
 * @param {number} threads
 * @returns {() => number} GFLOP/s of all threads together, measured anew at each call
 */
export function multiplyAddPeak(target, threads) {
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
    k.unrolledLoop(counter, ROUNDS / UNITS, 1, 8, step, () => {});
  });
  const total = chains.reduce((sum, chain) => k.binary("add", sum, chain), k.constant(0));
  k.store(address, 0, total);
  const arena = new Arena();
  const result = arena.allocate(64);
  const step = { kernel: 0, units: UNITS, pointers: [result] };
  const { code, unload } = loadCode(target, [k.finish()], arena.limits);
  const image = { code, steps: [step], scratchAddress: result, scratchBytes: 0 };
  const program = threadPool(threads).load(image, arena.memory, unload);
  const measure = () => {
    const before = performance.now();
    program.run();
    return (2 * machine.lanes * CHAINS * ROUNDS) / (performance.now() - before) / 1e6;
  };
  for (let i = 0; i < 6; i++) measure();
  return () => Math.max(...Array.from({ length: 5 }, measure));
}
