/** @file The programs of a model: one for each use, batch size and kind of targets, compiled when first needed. */
import { AuricleError } from "../../errors.ts";
import { compileGraph } from "../../graph/compile.ts";
import type { CompiledGraph } from "../../graph/compiled-graph.ts";
import { Slab } from "../../graph/slab.ts";
import { assign, collectAssignments, inputTensor, variableTensor } from "../../graph/sources.ts";
import { withScope, type Tensor } from "../../graph/tensor.ts";
import { add, multiply } from "../../ops/arithmetic.ts";
import { gradients } from "../../ops/gradients.ts";
import type { Precision } from "../../runtime/precision.ts";
import { formatShape } from "../../tensor/shape.ts";
import type { TrainingOperations } from "../layers/training-operations.ts";
import type { Loss } from "../losses/index.ts";
import type { Network } from "../network.ts";
import { isRegularized } from "../weight-penalties.ts";
import type { WeightEntry } from "../weight-layout.ts";
import type { BatchArrays, TargetSpec, Weighted } from "./batch.ts";
import { compileOptions, type EngineOptions } from "./engine-options.ts";
import type { TrainedOutput } from "./trained-outputs.ts";

/** The scope of a loss's operations: what stands for the layer's name in messages. */
export const LOSS_SCOPE = "loss";

/** A program with the tensors it was traced with. */
export interface StepProgram {
  readonly batchSize: number;
  readonly compiled: CompiledGraph;
  /** The network's inputs, then the targets of each output, then the weights of those that have any. */
  readonly inputs: readonly Tensor[];
  readonly loss: Tensor;
  readonly gradients: readonly Tensor[];
  /** The program's own memory, to write a batch to; valid until the next compilation. */
  arrays(): BatchArrays;
  /** The loss of each output, before its weight, where there are several outputs; empty where the loss says it all. */
  outputLosses(): readonly number[];
}

/** The properties of a batch that decide which program it needs. */
export interface BatchSpec {
  readonly batchSize: number;
  /** The targets of each output. */
  readonly targets: readonly TargetSpec[];
  /** For each output, what has weights. */
  readonly weighted: readonly Weighted[];
  /** The precision of an evaluation. Default "float32", as training's. */
  readonly precision?: Precision;
  /** In training: the number of the first example in the batch that these are a share of. Default 0. */
  readonly firstExample?: number;
  /** In training: operations that take the place of the usual ones, the same for all programs that have any. Default: none. */
  readonly operations?: Partial<TrainingOperations>;
}

export class StepPrograms {
  /** Gradients of all weights, laid out as the parameters; a training program fills the places of unfrozen ones. */
  readonly gradients: Slab;
  private readonly network: Network;
  private readonly outputs: readonly TrainedOutput[];
  private readonly engine: EngineOptions;
  /** The int32 key of the step's random numbers. */
  private readonly control: Slab;
  private readonly training = new Map<string, StepProgram>();
  private readonly evaluation = new Map<string, StepProgram>();
  private frozenWhenCompiled = "";

  constructor(network: Network, outputs: readonly TrainedOutput[], engine: EngineOptions) {
    this.network = network;
    this.outputs = outputs;
    this.engine = engine;
    this.gradients = new Slab(`${network.name}/gradients`, network.parameters.length);
    this.control = new Slab(`${network.name}/control`, 16);
  }

  setRandomKey(key: number): void {
    this.control.editInts()[0] = key;
  }

  /**
   * Weights that gradients train now; those that no loss depends on are left as they are.
   * @throws AuricleError "argument" when there are none.
   */
  trainedWeights(): WeightEntry[] {
    const { network } = this;
    const behind = network.layersBehind(this.outputs.map(({ index }) => network.outputs[index]));
    const trained = network.weights.filter(
      (entry) => entry.trainable && !network.isFrozen(entry) && behind.has(entry.layer),
    );
    if (trained.length === 0) {
      throw new AuricleError(
        "argument",
        `${network.name}: no layer has weights that may be trained; unfreeze one: model.unfreeze("…")`,
      );
    }
    return trained;
  }

  /** The program that gives loss and outputs and leaves the gradients of all unfrozen weights in their slab. */
  train(spec: BatchSpec): StepProgram {
    this.forgetFrozen();
    return cached(this.training, spec, () => this.compile(spec, true));
  }

  /** The program that gives loss and outputs in inference. */
  evaluate(spec: BatchSpec): StepProgram {
    this.forgetFrozen();
    return cached(this.evaluation, spec, () => this.compile(spec, false));
  }

  /** Forgets the programs compiled for other frozen layers: they train other weights and have other penalties. */
  private forgetFrozen(): void {
    const frozen = this.network.layers.map(({ trainable }) => (trainable ? 1 : 0)).join("");
    if (frozen === this.frozenWhenCompiled) return;
    this.training.clear();
    if (isRegularized(this.network)) this.evaluation.clear();
    this.frozenWhenCompiled = frozen;
  }

  private compile(spec: BatchSpec, training: boolean): StepProgram {
    const { batchSize, precision = "float32", firstExample, operations } = spec;
    const { network } = this;
    const examples = network.inputShapes.map((shape) => inputTensor([batchSize, ...shape], "float32"));
    const targets = spec.targets.map(({ shape, dtype }) => inputTensor([batchSize, ...shape], dtype));
    const weights = spec.weighted.map((own, i) => {
      const positions = own === "positions" ? this.outputs[i].shape.slice(0, -1) : [];
      return own ? inputTensor([batchSize, ...positions], "float32") : undefined;
    });
    const { result, assignments } = collectAssignments(() => {
      const randomKey = variableTensor(this.control, 0, [], "int32");
      const penalties: Tensor[] = [];
      const addLoss = (penalty: Tensor) => penalties.push(penalty);
      const all = network.applyAll(examples, {
        ...{ training, randomKey, addLoss, firstExample },
        ...(operations && { trainingOperations: operations }),
      });
      const outputs = this.outputs.map(({ index }) => all[index]);
      const losses = withScope(LOSS_SCOPE, () =>
        this.outputs.map(({ loss }, i) => traceLoss(loss, targets[i], outputs[i], weights[i])),
      );
      const loss = withScope(LOSS_SCOPE, () => this.totalLoss(losses, penalties));
      return { outputs, losses, loss, gradients: training ? this.assignGradients(loss) : [] };
    });
    const given = weights.filter((own) => own !== undefined);
    const inputs = [...examples, ...targets, ...given];
    const { outputs, losses, loss } = result;
    const several = losses.length > 1;
    // The optimizer writes all weights after each run.
    const changing = training ? [network.parameters] : [];
    const compiled = compileGraph(
      { inputs, outputs: [loss, ...outputs, ...(several ? losses : [])], assignments, changing },
      compileOptions(network, this.engine, precision),
    );
    const viewOf = (tensor: Tensor) => compiled.inputView(inputs.indexOf(tensor));
    return {
      batchSize,
      compiled,
      inputs,
      loss,
      gradients: result.gradients,
      arrays: () => ({
        inputs: examples.map((tensor) => floats(viewOf(tensor))),
        targets: targets.map(viewOf),
        weights: weights.map((own) => own && floats(viewOf(own))),
      }),
      outputLosses: () =>
        several ? losses.map((_, i) => compiled.output(1 + outputs.length + i).data[0]) : [],
    };
  }

  /** The sum of the losses, each times its weight, and of the regularizers' penalties. */
  private totalLoss(losses: readonly Tensor[], penalties: readonly Tensor[]): Tensor {
    const weighted = losses.map((loss, i) => {
      const { lossWeight } = this.outputs[i];
      return lossWeight === 1 ? loss : multiply(loss, lossWeight);
    });
    return [...weighted, ...penalties].reduce((sum, loss) => add(sum, loss));
  }

  private assignGradients(loss: Tensor): Tensor[] {
    const trained = this.trainedWeights();
    const values = gradients(
      loss,
      trained.map((entry) => this.network.variable(entry)),
    );
    trained.forEach(({ offset, shape }, i) =>
      assign(variableTensor(this.gradients, offset, shape), values[i]),
    );
    return values;
  }
}

function traceLoss(loss: Loss, targets: Tensor, outputs: Tensor, weights: Tensor | undefined): Tensor {
  const value = loss.call(targets, outputs, weights);
  if (value.shape.length === 0) return value;
  throw new AuricleError("shape", `${loss.name}: a loss must be a scalar; got ${formatShape(value.shape)}`);
}

function cached(
  programs: Map<string, StepProgram>,
  spec: BatchSpec,
  compile: () => StepProgram,
): StepProgram {
  const { batchSize, targets, weighted, precision = "float32", firstExample = 0 } = spec;
  const kinds = targets.map(({ dtype, shape }, i) => `${dtype} ${formatShape(shape)} ${weighted[i]}`);
  const key = `${spec.operations ? "others" : "usual"} ${firstExample} ${batchSize} ${kinds.join(" ")} ${precision}`;
  let program = programs.get(key);
  if (!program) {
    program = compile();
    programs.set(key, program);
  }
  return program;
}

function floats(view: Float32Array | Int32Array): Float32Array {
  return new Float32Array(view.buffer, view.byteOffset, view.length);
}
