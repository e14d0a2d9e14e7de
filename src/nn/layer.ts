/** @file The layer: a description in plain data, the weights it asks for, and the function it computes with them. */
import type { Tensor } from "../graph/tensor.ts";
import type { Padding } from "../ops/window.ts";
import type { Shape } from "../tensor/shape.ts";
import type { TrainingOperations } from "./layers/training-operations.ts";
import type { WeightOwner } from "./weight-owner.ts";
import type { WeightSpec } from "./weight-spec.ts";

/** The values and functions that a layer may use while it is traced. */
export interface CallContext {
  /** In training the operations that only it needs: dropout drops, batch normalisation uses the batch's statistics. Else undefined. */
  readonly training: TrainingOperations | undefined;
  /** false for a frozen layer: its weights stay, and batch normalisation keeps to its running statistics. */
  readonly trainable: boolean;
  weight(name: string): Tensor;
  /** Gives a weight that is not trainable a new value when the step ends; does nothing when not training. */
  update(name: string, value: Tensor): void;
  /** Adds a scalar to the loss that training minimises and evaluation reports. */
  addLoss(penalty: Tensor): void;
  /** An int32 scalar that differs for each step: the key of its random numbers. */
  randomKey(): Tensor;
  /** An integer that differs for each layer, and for each use of one: it separates streams of random numbers. */
  readonly salt: number;
}

/** The window of the input that one output sees, along each spatial axis. */
export interface LayerWindow {
  readonly size: readonly number[];
  /** Steps of the input from one output to the next; 1/2 for a layer that doubles the length. */
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Where the first window begins. Default: windows have the middles of what they stand for, as those of a resized input. */
  readonly padding?: Padding;
}

/**
 * One layer. `config` is all that is needed to make it again: `layerFromConfig({ className, config })`. A layer that is
 * used twice in a graph shares its weights.
 */
export interface Layer {
  /** Keras' class name: "Conv2D", "MaxPooling2D", … */
  readonly className: string;
  /** The name given in the options; otherwise the network gives "conv2d_1", … */
  readonly name: string | undefined;
  /** All options with their defaults filled in, as plain JSON. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The shape of one example, batch axis left out; for the first layer of a sequential model. */
  readonly inputShape: Shape | undefined;
  /** Whether training changes the weights; the network's own entry of the layer can be set later. */
  readonly trainable: boolean;
  /** The weights for inputs of these shapes, batch axis left out. @throws AuricleError "shape". */
  weights(inputShapes: readonly Shape[]): readonly WeightSpec[];
  /** Shapes here include the batch axis. */
  call(inputs: readonly Tensor[], context: CallContext): Tensor;
  /** Uses the layer in a graph. @throws AuricleError "shape" when the input does not fit. */
  apply(inputs: SymbolicTensor | readonly SymbolicTensor[]): SymbolicTensor;
  /**
   * The window of an output in inputs of these shapes, batch axis left out, for `summary()`. "all": the whole input;
   * "rearranged": no longer a window; undefined: a window of 1 with stride 1.
   */
  window(inputShapes: readonly Shape[]): LayerWindow | "all" | "rearranged" | undefined;
  /** Whether the outputs are probabilities: a loss that takes logits refuses such a last layer. */
  readonly givesProbabilities?: boolean;
  /**
   * Connections for one example, as LeCun et al. (1998) count them: for each output unit its inputs and its bias. For
   * layers of that paper whose multiply-adds do not tell.
   */
  connections?(inputShapes: readonly Shape[], outputShape: Shape): number;
}

/** A value in a model's graph before it has a batch: an input, or what a layer makes of others. */
export interface SymbolicTensor {
  /** The shape of one example, batch axis left out. */
  readonly shape: Shape;
  readonly origin: InputOrigin | LayerOrigin;
}

export interface InputOrigin {
  readonly kind: "input";
  readonly name: string | undefined;
  /** The names of the axes: ["time", "frequency", "channel"]. */
  readonly axisNames: readonly string[] | undefined;
}

/** A layer of a network. */
export interface NetworkLayer {
  readonly name: string;
  readonly layer: Layer;
  /** May be set at any time: false freezes the layer. Programs compiled before do not notice. */
  trainable: boolean;
  /** Shapes at its first use, batch axis left out. */
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  /** The owner of the layer, where a whole network is used as a layer; it then has its weights, and is frozen, with that one. */
  readonly member?: Member;
}

/** A layer of a network that is used as a layer of another. */
export interface Member {
  readonly network: WeightOwner;
  readonly layer: NetworkLayer;
}

export interface LayerOrigin {
  readonly kind: "layer";
  readonly layer: Layer;
  /** The owner of the layer, where a whole network was applied. */
  readonly member?: Member;
  readonly inputs: readonly SymbolicTensor[];
}
