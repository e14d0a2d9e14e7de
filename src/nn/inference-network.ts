/** @file A network that predicts: layers, how they are connected, and their weights. `apply` traces its computation. */
import { AuricleError } from "../errors.ts";
import { Slab, type ReadonlyFloats } from "../graph/slab.ts";
import { assign, variableTensor } from "../graph/sources.ts";
import { withScope, type Tensor } from "../graph/tensor.ts";
import { didYouMean, checkOptions, type OptionNames } from "../options.ts";
import { deriveKey, Generator } from "../random/generator.ts";
import { Arena } from "../runtime/arena.ts";
import type { FloatArray } from "../tensor/array.ts";
import { formatShape, sameShape, sizeOf, type Shape } from "../tensor/shape.ts";
import { buildNodes, type NetworkNode } from "./build-nodes.ts";
import type { CallContext, NetworkLayer } from "./layer.ts";
import type { TrainingOperations } from "./layers/training-operations.ts";
import type { WeightSpec } from "./weight-spec.ts";
import { outputsOf, type NetworkOutput, type OutputForm } from "./network-outputs.ts";
import type { InputConfig, NetworkConfig, NetworkPlan, NodeConfig } from "./network-plan.ts";
import { sharedWeights, type SharedWeights } from "./shared-weights.ts";
import { requireMemory } from "./size-limit.ts";
import { namingLayer, weightNamed } from "./trace-layer.ts";
import { addPenalties } from "./weight-penalties.ts";
import { layOutWeights, type WeightEntry } from "./weight-layout.ts";
import { shownValue } from "../shown-value.ts";

export interface ApplyOptions {
  readonly training: boolean;
  /** An int32 scalar that differs for each step; needed by dropout in training. */
  readonly randomKey?: Tensor;
  /** The number of the first example in the batch that these are a share of; random numbers depend on it. Default 0. */
  readonly firstExample?: number;
  /** In training: operations that take the place of the usual ones. Default: none. */
  readonly trainingOperations?: Partial<TrainingOperations>;
  /**
   * Takes the penalties of the regularizers of all layers that are not frozen, and those on layers' outputs: scalars to be added to
   * the loss. Default: they are left out.
   */
  readonly addLoss?: (penalty: Tensor) => void;
  /**
   * Tensors that take the place of nodes' outputs, by the nodes' numbers from 0: what comes after such a node depends on the tensor
   * and not on the layer, so that gradients can be taken with respect to it. Default: none.
   */
  readonly given?: ReadonlyMap<number, Tensor>;
}

const APPLY_OPTIONS: OptionNames<ApplyOptions> = {
  training: true,
  randomKey: true,
  firstExample: true,
  trainingOperations: true,
  addLoss: true,
  given: true,
};

type TraceOptions = Omit<ApplyOptions, "training"> & Pick<CallContext, "training">;

/** The output of one node when a network was traced. */
export interface NodeOutput {
  readonly layer: NetworkLayer;
  readonly output: Tensor;
}

/** A function of tensors with weights, without what only training needs: `readModel` gives one. */
export class InferenceNetwork {
  readonly name: string;
  readonly seed: number;
  readonly inputs: readonly InputConfig[];
  readonly layers: readonly NetworkLayer[];
  readonly nodes: readonly NetworkNode[];
  /** The network's outputs, in order; most networks have one. */
  readonly outputs: readonly NetworkOutput[];
  /** Whether the network was made with one output, a list of them, or outputs by name. */
  readonly outputForm: OutputForm;
  readonly weights: readonly WeightEntry[];
  /** All weights that gradients train: first those with weight decay. Frozen or not does not change their places. */
  readonly parameters: Slab;
  /** Running statistics. */
  readonly statistics: Slab;
  /** Counts changes of the weights, for networks that this one is a layer of. */
  version = 0;
  private readonly shared: readonly SharedWeights[];
  private ownArena: Arena | undefined;
  private readonly variables = new Map<WeightEntry, Tensor>();
  private readonly weightsOfLayer = new Map<string, readonly WeightEntry[]>();

  /**
   * @param given all weights by path; default: new ones by the initializers. They are compared with what the plan's layers
   *   ask for before any memory is taken.
   * @throws AuricleError as {@link setWeights}
   */
  constructor(plan: NetworkPlan, given?: ReadonlyMap<string, FloatArray>) {
    this.name = plan.name;
    this.seed = plan.seed;
    this.inputs = plan.inputs;
    const { layers, nodes, specs } = buildNodes(plan);
    this.layers = layers;
    this.nodes = nodes;
    const { outputs, form } = outputsOf(plan, nodes);
    this.outputs = outputs;
    this.outputForm = form;
    const named = layers.map(({ name }, i) => ({ name, weights: specs[i] }));
    const layout = layOutWeights(named);
    this.weights = layout.entries;
    if (given) this.checkWeights(given);
    requireMemory(`network ${plan.name}: all weights`, [layout.parameterWords + layout.statisticWords]);
    this.parameters = new Slab(`${plan.name}/parameters`, layout.parameterWords);
    this.statistics = new Slab(`${plan.name}/statistics`, layout.statisticWords);
    for (const { name } of layers) {
      this.weightsOfLayer.set(
        name,
        layout.entries.filter(({ layer }) => layer === name),
      );
    }
    this.shared = sharedWeights(
      this,
      new Map(layers.flatMap(({ name, member }) => (member ? [[name, member]] : []))),
    );
    if (given) this.setWeights(given);
    else this.initialize(specs.flat());
    this.refresh();
  }

  /** Takes over what networks that are layers of this one have learnt since. Every use of the weights begins with it. */
  refresh(): void {
    for (const weights of this.shared) weights.take();
  }

  /**
   * Passes on that weights were changed; every change of the weights ends with it.
   * @param isChanged which weights; default: all
   */
  changed(isChanged: (entry: WeightEntry) => boolean = () => true): void {
    this.version++;
    for (const weights of this.shared) weights.give(isChanged);
  }

  /** The memory that all programs on this network must share. Made when first asked for: it reserves addresses. */
  get arena(): Arena {
    return (this.ownArena ??= new Arena());
  }

  /** Shapes of one example of each input, batch axis left out. */
  get inputShapes(): readonly Shape[] {
    return this.inputs.map(({ shape }) => shape);
  }

  get inputNames(): readonly string[] {
    return this.inputs.map(({ name }) => name);
  }

  /** The names of the first input's axes, where they were given. */
  get axisNames(): readonly string[] | undefined {
    return this.inputs[0].axisNames;
  }

  /**
   * The only output.
   * @throws AuricleError "argument" for a network with several: those who use it would take the first for all of them.
   */
  get output(): NetworkOutput {
    const [output, ...others] = this.outputs;
    if (others.length === 0) return output;
    const names = this.outputs.map(({ name }) => name).join(", ");
    throw new AuricleError("argument", `network ${this.name}: must have one output here; it has ${names}`);
  }

  /** The shape of the output for one example, batch axis left out. @throws AuricleError as {@link output}. */
  get outputShape(): Shape {
    return this.output.shape;
  }

  /** The layer whose output is the network's. @throws AuricleError as {@link output}. */
  get outputLayer(): NetworkLayer {
    return this.output.layer;
  }

  /** The same tensor at each call, so gradients can be taken with respect to it. */
  variable(entry: WeightEntry): Tensor {
    let tensor = this.variables.get(entry);
    if (!tensor) {
      tensor = variableTensor(this.slabOf(entry), entry.offset, entry.shape);
      this.variables.set(entry, tensor);
    }
    return tensor;
  }

  /** The names of all layers that these outputs depend on. */
  layersBehind(outputs: readonly NetworkOutput[]): ReadonlySet<string> {
    const names = new Set<string>();
    const needed = new Set(outputs.map(({ value }) => value));
    for (let node = this.nodes.length - 1; node >= 0; node--) {
      if (!needed.has(this.inputs.length + node)) continue;
      names.add(this.nodes[node].layer.name);
      for (const value of this.nodes[node].inputs) needed.add(value);
    }
    return names;
  }

  isFrozen(entry: WeightEntry): boolean {
    return !this.layerNamed(entry.layer).trainable;
  }

  /** The layer of that name, or all layers of the network that is used as a layer under it. @throws as {@link layerNamed}. */
  layersNamed(name: string): readonly NetworkLayer[] {
    const within = this.layers.filter((layer) => layer.name.startsWith(`${name}/`));
    return within.length > 0 ? within : [this.layerNamed(name)];
  }

  /** @throws AuricleError "argument" when there is no such layer. */
  layerNamed(name: string): NetworkLayer {
    const found = this.layers.find((layer) => layer.name === name);
    if (found) return found;
    const names = this.layers.map((layer) => layer.name);
    const [within] = names.filter((layer) => layer.startsWith(`${name}/`));
    if (within !== undefined) {
      throw new AuricleError(
        "argument",
        `network ${this.name}: "${name}" is a network, whose layers are "${within}" and so on; freeze("${name}") freezes all of them`,
      );
    }
    throw new AuricleError(
      "argument",
      `network ${this.name}: layers are ${names.join(", ")}; got "${name}"${didYouMean(name, names)}`,
    );
  }

  /** The layer of that name, or at that place; -1 is the last. @throws AuricleError "argument" when there is none. */
  getLayer(nameOrIndex: string | number): NetworkLayer {
    if (typeof nameOrIndex === "string") return this.layerNamed(nameOrIndex);
    const found = Number.isInteger(nameOrIndex) ? this.layers.at(nameOrIndex) : undefined;
    if (found) return found;
    throw new AuricleError(
      "argument",
      `network ${this.name}: has layers 0 … ${this.layers.length - 1}, -1 for the last; got ${shownValue(nameOrIndex)}`,
    );
  }

  /**
   * Traces the network on inputs `[N, …]`. In training it also assigns the running statistics, so it must then run
   * inside a traced function.
   * @throws AuricleError "shape" when the inputs are not those the network was made for, "argument" for a network with
   *   several outputs
   */
  apply(inputs: readonly Tensor[], options: ApplyOptions): Tensor {
    return this.trace(inputs, options)[this.output.value - this.inputs.length].output;
  }

  /** As {@link apply}, for any number of outputs. */
  applyAll(inputs: readonly Tensor[], options: ApplyOptions): readonly Tensor[] {
    const nodes = this.trace(inputs, options);
    return this.outputs.map(({ value }) => nodes[value - this.inputs.length].output);
  }

  /** As {@link apply}, with the output of every node: for looking at feature maps and for finding the first NaN. */
  trace(inputs: readonly Tensor[], options: ApplyOptions): readonly NodeOutput[] {
    checkOptions("apply", options, APPLY_OPTIONS, "inputs, ");
    this.checkInputs(inputs);
    const { trainingOperations: others, firstExample = 0 } = options;
    const training = options.training ? { ...this.trainingOperations()(firstExample), ...others } : undefined;
    const values = [...inputs];
    const outputs = this.nodes.map(({ layer, inputs: numbers }, node) => {
      const call = () =>
        layer.layer.call(
          numbers.map((number) => values[number]),
          this.contextOf(layer, node, { ...options, training }),
        );
      const output = options.given?.get(node) ?? withScope(layer.name, () => namingLayer(layer.name, call));
      values.push(output);
      return { layer, output };
    });
    if (options.addLoss) addPenalties(this, options.addLoss);
    return outputs;
  }

  /** Copies of all weights by path. */
  getWeights(): ReadonlyMap<string, FloatArray> {
    this.refresh();
    return new Map(
      this.weights.map((entry) => [entry.path, { shape: entry.shape, data: this.wordsOf(entry).slice() }]),
    );
  }

  /**
   * Sets all weights. Nothing is changed when one does not fit.
   * @param values by path, as a map or as a plain object
   * @throws AuricleError "shape" naming the path and both shapes; "argument" when a weight is missing or unknown
   */
  setWeights(values: ReadonlyMap<string, FloatArray> | Readonly<Record<string, FloatArray>>): void {
    const byPath = values instanceof Map ? values : new Map(Object.entries(values));
    for (const { entry, value } of this.checkWeights(byPath)) this.editWords(entry).set(value.data);
    this.changed();
  }

  private checkWeights(values: ReadonlyMap<string, FloatArray>) {
    const paths = new Set(this.weights.map(({ path }) => path));
    const unknown = [...values.keys()].find((path) => !paths.has(path));
    if (unknown !== undefined) {
      throw new AuricleError(
        "argument",
        `network ${this.name}: has no weight "${unknown}"; its weights are ${[...paths].join(", ")}`,
      );
    }
    return this.weights.map((entry) => {
      const value = values.get(entry.path);
      if (!value) {
        throw new AuricleError(
          "argument",
          `network ${this.name}: all weights must be given; "${entry.path}" ${formatShape(entry.shape)} is missing`,
        );
      }
      if (!sameShape(value.shape, entry.shape) || value.data.length !== sizeOf(entry.shape)) {
        throw new AuricleError(
          "shape",
          `network ${this.name}: weight "${entry.path}" must be ${formatShape(entry.shape)}; got ${formatShape(value.shape)} with ${value.data.length} numbers`,
        );
      }
      return { entry, value };
    });
  }

  /** All that is needed to build the network again, plain JSON; weights not included. */
  get config(): NetworkConfig {
    return {
      name: this.name,
      seed: this.seed,
      inputs: this.inputs,
      layers: this.layers.map(({ name, layer, trainable }) => ({
        className: layer.className,
        config: { ...layer.config, name, trainable },
      })),
      nodes: this.nodes.map(({ layer, inputs }): NodeConfig => ({
        layer: this.layers.indexOf(layer),
        inputs,
      })),
      output:
        this.outputForm === "one"
          ? this.output.value
          : { form: this.outputForm, values: this.outputs.map(({ name, value }) => ({ name, value })) },
    };
  }

  private slabOf(entry: WeightEntry): Slab {
    return entry.trainable ? this.parameters : this.statistics;
  }

  /** The numbers of a weight where they are now; valid until the next program is compiled. */
  wordsOf(entry: WeightEntry): ReadonlyFloats {
    return this.slabOf(entry)
      .view()
      .subarray(entry.offset, entry.offset + sizeOf(entry.shape));
  }

  /** As {@link wordsOf}, to change before a program runs. */
  editWords(entry: WeightEntry): Float32Array {
    return this.slabOf(entry)
      .edit()
      .subarray(entry.offset, entry.offset + sizeOf(entry.shape));
  }

  /** Each weight's numbers depend on the seed and its path only: adding a layer leaves the others' as they were. */
  private initialize(specs: readonly WeightSpec[]): void {
    this.weights.forEach((entry, i) => {
      const generator = new Generator(deriveKey(this.seed, entry.path));
      this.editWords(entry).set(specs[i].initializer.initialize(entry.shape, generator));
    });
  }

  /** The operations that layers use in training alone, for a batch that begins with that example. @throws AuricleError "argument" where the network has none. */
  protected trainingOperations(): (firstExample: number) => TrainingOperations {
    throw new AuricleError(
      "argument",
      `network ${this.name}: was read to predict with, and cannot be trained; read its file with modelFromBytes or loadModel`,
    );
  }

  private contextOf(layer: NetworkLayer, node: number, options: TraceOptions): CallContext {
    const { training, randomKey, addLoss } = options;
    const entries = this.weightsOfLayer.get(layer.name) ?? [];
    const weight = (name: string) =>
      weightNamed(new Map(entries.map((entry) => [entry.name, this.variable(entry)])), name, layer.name);
    return {
      training,
      trainable: layer.trainable,
      salt: deriveKey(layer.name, node) | 0,
      weight,
      update: (name, value) => {
        if (training) assign(weight(name), value);
      },
      addLoss: (penalty) => addLoss?.(penalty),
      randomKey: () => {
        if (randomKey) return randomKey;
        throw new AuricleError(
          "argument",
          "training needs a randomKey, an int32 scalar that differs each step",
        );
      },
    };
  }

  private checkInputs(inputs: readonly Tensor[]): void {
    const shapes = inputs.map(({ shape }) => shape);
    const fits =
      shapes.length === this.inputs.length &&
      this.inputs.every(({ shape }, i) => sameShape(shapes[i].slice(1), shape)) &&
      shapes.every((shape) => shape[0] === shapes[0][0]);
    if (fits) return;
    const wanted = this.inputs.map(({ name, shape }) => `${name} [batch,${shape.join(",")}]`).join(" and ");
    throw new AuricleError(
      "shape",
      `network ${this.name}: input must be ${wanted}; got ${shapes.map(formatShape).join(" and ") || "nothing"}`,
    );
  }
}
