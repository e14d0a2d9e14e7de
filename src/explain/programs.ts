/** @file The programs of explanations: compiled when first needed, and kept with the model. Browser-safe. */
import { compileGraph } from "../graph/compile.ts";
import type { CompiledGraph } from "../graph/compiled-graph.ts";
import { inputTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { InferenceNetwork } from "../nn/inference-network.ts";
import { checkBatchSize } from "../nn/training/evaluate.ts";
import { runBatches, type Rows } from "../nn/training/run-batches.ts";
import { compileOptions, type EngineOptions } from "../nn/training/engine-options.ts";
import { formatShape, type Shape } from "../tensor/shape.ts";

/** The part of a model that explanations use: any `Model`, compiled for training or not, with any outputs. */
export interface ExplainedModel {
  readonly network: InferenceNetwork;
  readonly engine: EngineOptions;
}

/** A function of a batch: what it is called, what it takes besides the network's inputs, and its trace. */
export interface BatchFunction {
  /** Functions of one model with equal names must be the same. */
  readonly name: string;
  /** The shapes of further inputs, for one example. */
  readonly further?: readonly Shape[];
  /** The outputs for the network's inputs and the further ones, each `[N, …]`. */
  trace(inputs: readonly Tensor[], further: readonly Tensor[]): readonly Tensor[];
}

export interface BatchOptions {
  /** Examples at once: more take more memory, and up to a point less time. Default 16. */
  readonly batchSize?: number;
  /** Ends the computation after the batch at hand, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The names of {@link BatchOptions}, for checks of options. */
export const BATCH_OPTIONS = { batchSize: true, signal: true } as const;

/** Programs that are kept for one model; of more, the oldest is compiled anew when it is needed. */
const MOST_KEPT = 32;

const PROGRAMS = new WeakMap<ExplainedModel, Map<string, CompiledGraph>>();

/**
 * Computes a function for all rows, in inference and in float32. The model's weights, optimizer and random numbers stay.
 * @throws AuricleError "argument" for a batch size that is no whole number above 0
 */
export function runFunction(
  model: ExplainedModel,
  fn: BatchFunction,
  rows: Rows,
  { batchSize = 16, signal }: BatchOptions,
): Promise<void> {
  checkBatchSize(batchSize);
  return runBatches(model.network, (size) => programOf(model, fn, size), rows, batchSize, signal);
}

function programOf(model: ExplainedModel, fn: BatchFunction, batchSize: number): CompiledGraph {
  const programs = PROGRAMS.get(model) ?? new Map<string, CompiledGraph>();
  PROGRAMS.set(model, programs);
  const key = `${batchSize} ${fn.name} ${(fn.further ?? []).map(formatShape).join(" ")}`;
  const program = programs.get(key) ?? compile(model, fn, batchSize);
  programs.delete(key);
  programs.set(key, program);
  const [oldest] = programs.keys();
  if (programs.size > MOST_KEPT) programs.delete(oldest);
  return program;
}

function compile(
  { network, engine }: ExplainedModel,
  { further = [], trace }: BatchFunction,
  batchSize: number,
): CompiledGraph {
  const tensor = (shape: Shape) => inputTensor([batchSize, ...shape], "float32");
  const inputs = network.inputShapes.map(tensor);
  const others = further.map(tensor);
  return compileGraph(
    { inputs: [...inputs, ...others], outputs: trace(inputs, others), assignments: [] },
    compileOptions(network, engine),
  );
}
