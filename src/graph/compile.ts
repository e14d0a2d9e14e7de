/** @file From a TypeScript function over symbolic tensors to a program: trace, fuse, plan, emit. */
import { platform } from "#platform";
import { AuricleError } from "../errors.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { Arena } from "../runtime/arena.ts";
import { usableThreads } from "../runtime/pool.ts";
import { checkPrecision, type Precision } from "../runtime/precision.ts";
import { chooseTarget, type KernelTarget, type TargetName } from "../runtime/target.ts";
import type { DType, NumericArray } from "../tensor/array.ts";
import type { Shape } from "../tensor/shape.ts";
import { chooseAlgorithms, type AlgorithmPolicy } from "../runtime/algorithm-policy.ts";
import { checkInput, type CompiledGraph, type PausingProgram } from "./compiled-graph.ts";
import { CpuDevice, type CpuProgram } from "./cpu-device.ts";
import type { ProgramReport } from "./device.ts";
import { interpret } from "./interpret.ts";
import type { Graph } from "./graph.ts";
import { lowerGraph } from "./lower.ts";
import { chooserOf } from "./measure.ts";
import { planProgram, type ProgramPlan } from "./program-plan.ts";
import { collectAssignments, inputTensor } from "./sources.ts";
import type { Tensor } from "./tensor.ts";

/** Shape and dtype of an argument; a bare shape means float32. */
export type InputSpec = Shape | { readonly shape: Shape; readonly dtype: DType };

export interface CompileOptions {
  /** Default: the fastest that the engine has. */
  readonly target?: TargetName;
  /** Threads, this one included. Default: the number of processors. The result's bits do not depend on it. */
  readonly threads?: number;
  /** How algorithms are chosen where an operation has several. Default: AURICLE_ALGORITHMS, else "fixed". */
  readonly algorithms?: AlgorithmPolicy;
  /**
   * "bfloat16" rounds the factors of convolutions and matrix products with many input channels to it; for inference, on
   * processors with AVX512-BF16. Default "float32".
   */
  readonly precision?: Precision;
  /** Memory to share with other programs; needed when they use the same slabs. Default: memory of its own, as much as it needs. */
  readonly arena?: Arena;
  /** false gives each operation a kernel of its own, for looking at intermediate values. Default: true. */
  readonly fusion?: boolean;
}

const OPTIONS: OptionNames<CompileOptions> = {
  target: true,
  threads: true,
  algorithms: true,
  precision: true,
  arena: true,
  fusion: true,
};

/** The values that a traced function may return. */
export type Traced = Tensor | readonly Tensor[] | { readonly [name: string]: Tensor };

/** The same with numbers in place of tensors. */
export type Results<R extends Traced> = R extends Tensor
  ? NumericArray
  : { readonly [K in keyof R]: NumericArray };

export interface CompiledFunction<R extends Traced> {
  /**
   * Runs the program. Arguments are copied in and results copied out.
   * @throws AuricleError "shape" when an argument's shape or dtype is not the one compiled for.
   */
  (...args: readonly NumericArray[]): Results<R>;
  readonly report: ProgramReport;
}

/**
 * Traces `fn` once with symbolic tensors of the given shapes and compiles what it does. Each call of the result
 * runs the compiled program.
 *
 * @example
 * const square = compile((x) => multiply(x, x), [[3]]);
 * square(floatArray([1, 2, 3], [3])).data; // 1, 4, 9
 */
export function compile<R extends Traced>(
  fn: (...inputs: Tensor[]) => R,
  inputs: readonly InputSpec[],
  options: CompileOptions = {},
): CompiledFunction<R> {
  checkOptions("compile", options, OPTIONS, "fn, inputs, ");
  const tensors = inputs.map((spec) =>
    "dtype" in spec ? inputTensor(spec.shape, spec.dtype) : inputTensor(spec, "float32"),
  );
  const { result, assignments } = collectAssignments(() => fn(...tensors));
  const { outputs, rebuild } = flatten(result);
  const program = compileGraph({ inputs: tensors, outputs, assignments }, options);
  const call = (...args: readonly NumericArray[]): Results<R> => {
    args.forEach((array, i) => program.setInput(i, array));
    if (args.length !== tensors.length) {
      throw new AuricleError(
        "argument",
        `compiled function: takes ${tensors.length} arguments; got ${args.length}`,
      );
    }
    program.run();
    return rebuild(outputs.map((_, i) => program.output(i)));
  };
  return Object.assign(call, { report: program.report });
}

function flatten<R extends Traced>(
  result: R,
): { outputs: Tensor[]; rebuild: (arrays: NumericArray[]) => Results<R> } {
  if (isTensor(result)) return { outputs: [result], rebuild: ([array]) => array as Results<R> };
  const names = Object.keys(result);
  const outputs = Object.values<Tensor>(result as { [name: string]: Tensor });
  return {
    outputs,
    rebuild: (arrays) =>
      (Array.isArray(result)
        ? arrays
        : Object.fromEntries(names.map((name, i) => [name, arrays[i]]))) as Results<R>,
  };
}

function isTensor(result: Traced): result is Tensor {
  return "operation" in result && typeof result.operation === "object" && "structure" in result.operation;
}

export function compileGraph(graph: Graph, options: CompileOptions = {}): CompiledGraph {
  const target = chooseTarget(options.target);
  checkPrecision(target, options.precision ?? "float32");
  if (target === "reference") return interpret(graph, options.arena ?? new Arena());
  return runnable(graph, target, options);
}

function runnable(
  graph: Graph,
  target: KernelTarget,
  { arena, fusion = true, threads = usableThreads(), algorithms, precision }: CompileOptions,
): CompiledGraph {
  // First of all, so that workers start while this thread plans and generates their kernels.
  const device = new CpuDevice(target, threads, arena);
  const { machine, library } = device;
  const choose = chooserOf(chooseAlgorithms(algorithms), target, threads);
  const plan = planProgram(lowerGraph(graph, machine, { fusion, choose, precision, library }));
  const program = device.load(plan);
  platform.debug(`${program.report.kernels} kernels for ${target}, ${threads} threads`);
  return new RunnableGraph(graph, plan, program);
}

class RunnableGraph implements CompiledGraph {
  private readonly graph: Graph;
  private readonly plan: ProgramPlan;
  private readonly program: CpuProgram;

  constructor(graph: Graph, plan: ProgramPlan, program: CpuProgram) {
    this.graph = graph;
    this.plan = plan;
    this.program = program;
  }

  get report(): ProgramReport {
    return this.program.report;
  }

  setInput(index: number, array: NumericArray): void {
    checkInput(this.graph, index, array);
    this.program.write(this.plan.inputs[index], array.data);
  }

  inputView(index: number): Float32Array | Int32Array {
    return asDType(this.program.view(this.plan.inputs[index]), this.graph.inputs[index].dtype);
  }

  run(): void {
    this.program.run();
  }

  get pausing(): PausingProgram {
    return this.program;
  }

  output(index: number): NumericArray {
    const { shape, dtype } = this.graph.outputs[index];
    return { shape, data: asDType(this.program.read(this.plan.outputs[index]), dtype) };
  }
}

function asDType(words: Float32Array, dtype: DType): Float32Array | Int32Array {
  return dtype === "int32" ? new Int32Array(words.buffer, words.byteOffset, words.length) : words;
}
