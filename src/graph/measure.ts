/** @file Measures algorithms against each other on the machine at hand, with the target and the threads in use. */
import { platform } from "#platform";
import { Arena } from "../runtime/arena.ts";
import { traitsOf, type KernelTarget } from "../runtime/target.ts";
import type { AlgorithmPolicy } from "../runtime/algorithm-policy.ts";
import { chooseDirect, chooseFixed, chooseMeasured } from "./algorithms.ts";
import type { Algorithm, ChoiceSample, ChooseAlgorithm, Lowering } from "./lowering.ts";
import { Buffer } from "./buffer.ts";
import { CpuDevice } from "./cpu-device.ts";
import type { LoweredGraph } from "./graph.ts";
import { kernelCall, type KernelCall } from "./kernel-call.ts";
import { planProgram } from "./program-plan.ts";

/** Rounds in which each algorithm runs once. The least of the times counts: what disturbs only adds. */
const ROUNDS = 5;

export function chooserOf(policy: AlgorithmPolicy, target: KernelTarget, threads: number): ChooseAlgorithm {
  if (policy === "fixed") return chooseFixed;
  if (policy === "direct") return chooseDirect;
  // Without the threads: their number must not change the bits.
  const prefix = `${target} `;
  const { algorithmChoices } = platform;
  const known = {
    get: (key: string) => algorithmChoices.get(prefix + key),
    set: (key: string, name: string) => {
      platform.debug(`${prefix}${key} is fastest with algorithm ${name}`);
      algorithmChoices.set(prefix + key, name);
    },
  };
  return chooseMeasured(known, (sample) => measure(sample, target, threads));
}

/** Milliseconds of each algorithm of a sample. */
function measure(sample: ChoiceSample, target: KernelTarget, threads: number): number[] {
  const device = new CpuDevice(target, threads, new Arena());
  const programs = sample.algorithms.map((algorithm) => {
    const plan = planProgram(lowerAlone(algorithm, sample, target));
    const program = device.load(plan);
    plan.inputs.forEach((input) => program.view(input).fill(1));
    // A WebAssembly engine optimises a kernel after it has run.
    program.run();
    return program;
  });
  const times = programs.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    programs.forEach((program, i) => {
      const before = performance.now();
      program.run();
      times[i] = Math.min(times[i], performance.now() - before);
    });
  }
  return times;
}

/** A graph of one operation, computed by one algorithm. */
function lowerAlone(
  algorithm: Algorithm,
  { inputs, output }: ChoiceSample,
  target: KernelTarget,
): LoweredGraph {
  const calls: KernelCall[] = [];
  const lowering: Lowering = {
    machine: traitsOf(target),
    inputs: inputs.map((words) => new Buffer(words, { kind: "own" })),
    output: new Buffer(output, { kind: "own" }),
    family: new Map(),
    prologue: undefined,
    epilogue: undefined,
    epilogueBuffers: [],
    isPrepared: () => false,
    // The algorithms to measure have been found already.
    precision: "float32",
    choose: chooseFixed,
    temporary: (words) => new Buffer(words, { kind: "scratch" }),
    call: (request, reads, writes, _, machine) =>
      calls.push(
        kernelCall(request, {
          reads,
          writes,
          machine,
          inPlace: [],
          label: algorithm.name,
          scopes: [],
          multiplyAdds: 0,
        }),
      ),
  };
  algorithm.lower(lowering);
  return { preparation: [], calls, inputs: lowering.inputs, outputs: [lowering.output] };
}
