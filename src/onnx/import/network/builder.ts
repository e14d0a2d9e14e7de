/**
 * @file Puts a network together from layers. A value of the graph may be there in several forms: as the file has it, with channels
 * last, without axes of length 1. Each is made of another when it is first asked for, so that transpositions which undo each other
 * never come into being.
 */
import { AuricleError } from "../../../errors.ts";
import { flatten, permute, reshape, type Layer, type SymbolicTensor } from "../../../nn/index.ts";
import type { FloatArray } from "../../../tensor/array.ts";
import { sameShape, sizeOf, type Shape } from "../../../tensor/shape.ts";
import type { OnnxGraph, OnnxNode } from "../graph.ts";
import type { ValueFacts } from "./facts.ts";
import { LayerNames } from "./layer-names.ts";

/** A value's forms; those that are there. */
export interface Forms {
  /** As in the file. */
  asIs?: SymbolicTensor;
  /** With the channels, the file's second axis, last. */
  last?: SymbolicTensor;
  /** A list of numbers, in the file's order: all axes but one have length 1. */
  flat?: SymbolicTensor;
  /** A list of numbers, of a value with channels last; `of` has its shape in the file, `open` with -1 for open lengths. */
  lastFlat?: { readonly tensor: SymbolicTensor; readonly of: Shape; readonly open: Shape };
}

/** Numbers for the weights of layers, by the weights' names. */
export type LayerWeights = Map<Layer, ReadonlyMap<string, FloatArray>>;

/** Makes the layer that gives a value for which there is no other. */
export type MakeSlice = (builder: Builder, name: string) => Forms;

export class Builder {
  readonly graph: OnnxGraph;
  readonly facts: ValueFacts;
  readonly weights: LayerWeights = new Map();
  readonly makers = new Map<string, OnnxNode>();
  private readonly fromFile: Set<string>;
  private readonly names = new LayerNames();
  private readonly forms = new Map<string, Forms>();
  private readonly readers = new Map<string, OnnxNode[]>();
  private readonly kept = new Map<string, Layer>();
  private readonly done = new Set<OnnxNode>();
  /** Nodes in the order of the graph. */
  readonly order: ReadonlyMap<OnnxNode, number>;

  private readonly slice: MakeSlice;
  /** Whether general layers take one example at a time. */
  readonly each: boolean;

  /** @param slice makes a general layer of the nodes behind a value */
  constructor(graph: OnnxGraph, facts: ValueFacts, slice: MakeSlice, each: boolean) {
    this.slice = slice;
    this.each = each;
    this.graph = graph;
    this.facts = facts;
    this.order = new Map(graph.nodes.map((node, i) => [node, i]));
    this.fromFile = new Set(graph.initializers);
    for (const node of graph.nodes) {
      if (node.inputs.some((name) => this.fromFile.has(name))) {
        for (const name of node.outputs) this.fromFile.add(name);
      }
      for (const name of node.outputs) if (name !== "") this.makers.set(name, node);
      for (const name of new Set(node.inputs)) {
        const readers = this.readers.get(name) ?? [];
        readers.push(node);
        this.readers.set(name, readers);
      }
    }
  }

  readersOf(name: string): readonly OnnxNode[] {
    return this.readers.get(name) ?? [];
  }

  isOutput(name: string): boolean {
    return this.graph.outputs.includes(name);
  }

  /** The only node that takes a value; undefined where others do, or it is an output of the model. */
  onlyReader(name: string): OnnxNode | undefined {
    const readers = this.readersOf(name);
    return readers.length === 1 && !this.isOutput(name) ? readers[0] : undefined;
  }

  /** Whether a constant is one of the file's initializers, or made of them. */
  isFromFile(name: string): boolean {
    return this.fromFile.has(name);
  }

  isDone(node: OnnxNode): boolean {
    return this.done.has(node);
  }

  markDone(node: OnnxNode): void {
    this.done.add(node);
  }

  /** The forms of a value; undefined for those that no layer has made yet. */
  formsOf(name: string): Forms | undefined {
    return this.forms.get(name);
  }

  set(name: string, forms: Forms): void {
    this.forms.set(name, { ...this.forms.get(name), ...forms });
  }

  /** The shape of one example of a value. @throws AuricleError "unsupported" where the batch is not its first axis */
  example(name: string): Shape {
    const shape = this.facts.example(name);
    if (shape) return shape;
    throw new AuricleError(
      "unsupported",
      `the value ${JSON.stringify(name)} does not have the batch as its first axis`,
    );
  }

  /** Makes a layer, or finds the one that has the same options and weights of the file. */
  layer(
    node: OnnxNode,
    owners: readonly string[],
    make: (name: string) => Layer,
    weights: Readonly<Record<string, FloatArray>> = {},
  ): Layer {
    const named = owners.filter((name) => name !== "");
    const trial = make("layer");
    const key = `${trial.className} ${JSON.stringify(trial.config)} ${named.join("\n")}`;
    const known = named.length > 0 ? this.kept.get(key) : undefined;
    if (known) return known;
    const layer = make(this.names.take(node, named));
    const given = Object.entries(weights);
    if (given.length > 0) this.weights.set(layer, new Map(given));
    this.kept.set(key, layer);
    return layer;
  }

  /** A layer without weights that no node of the file asks for. */
  view(layer: Layer, input: SymbolicTensor): SymbolicTensor {
    return layer.apply(input);
  }

  /** A value as the file has it. */
  asIs(name: string): SymbolicTensor {
    const forms = this.formsOf(name) ?? this.slice(this, name);
    const made = forms.asIs ?? this.madeAsIs(name, forms);
    this.set(name, { asIs: made });
    return made;
  }

  private madeAsIs(name: string, { last, flat, lastFlat }: Forms): SymbolicTensor {
    const shape = this.example(name);
    const open = this.facts.openExample(name);
    if (flat) return this.reshaped(flat, shape, open);
    if (last) return this.rearranged(last, shape, open, firstOrder(shape.length));
    if (lastFlat) {
      const { tensor, of } = lastFlat;
      const apart = this.reshaped(tensor, channelsMovedLast(of), channelsMovedLast(lastFlat.open));
      const first = this.rearranged(apart, of, lastFlat.open, firstOrder(of.length));
      return this.reshaped(first, shape, open);
    }
    throw new AuricleError("unsupported", `the value ${JSON.stringify(name)} has no form`);
  }

  /** A value with its channels last: one of two axes or more per example. */
  last(name: string): SymbolicTensor {
    const forms = this.formsOf(name) ?? this.slice(this, name);
    const shape = this.example(name);
    const [target, open] = [channelsMovedLast(shape), channelsMovedLast(this.facts.openExample(name))];
    const made =
      forms.last ?? this.rearranged(forms.flat ?? this.asIs(name), target, open, lastOrder(shape.length));
    this.set(name, { last: made });
    return made;
  }

  /** Whether channels last is a form that is there, or that costs nothing. */
  prefersLast(name: string): boolean {
    const forms = this.formsOf(name);
    return forms?.last !== undefined && forms.asIs === undefined;
  }

  /** The axes in another order; a mere view where only axes of length 1 move. */
  private rearranged(
    tensor: SymbolicTensor,
    target: Shape,
    open: Shape,
    dims: readonly number[],
  ): SymbolicTensor {
    const isView = tensor.shape.length !== target.length || sameOrder(tensor.shape, dims);
    return isView ? this.reshaped(tensor, target, open) : this.view(permute({ dims }), tensor);
  }

  /** @param open the shape with -1 for lengths that follow the input's: one of them is left to the layer */
  reshaped(tensor: SymbolicTensor, shape: Shape, open: Shape): SymbolicTensor {
    if (sameShape(tensor.shape, shape)) return tensor;
    // Views of views are views of the first.
    const { origin } = tensor;
    const isView = origin.kind === "layer" && ["Reshape", "Flatten"].includes(origin.layer.className);
    const source = isView ? origin.inputs[0] : tensor;
    if (sameShape(source.shape, shape)) return source;
    const targetShape = open.filter((length) => length === -1).length === 1 ? open : shape;
    const layer = shape.length === 1 ? flatten() : reshape({ targetShape });
    return this.view(layer, source);
  }
}

/** A shape of one example with its channels, the first axis, behind the others. */
function channelsMovedLast([channels, ...spatial]: Shape): Shape {
  return [...spatial, channels];
}

/** From channels last to channels first: counted from 1, batch left out. */
function firstOrder(rank: number): number[] {
  return [rank, ...Array.from({ length: rank - 1 }, (_, i) => i + 1)];
}

function lastOrder(rank: number): number[] {
  return [...Array.from({ length: rank - 1 }, (_, i) => i + 2), 1];
}

/** Whether axes that are longer than 1 stay in their order. */
function sameOrder(shape: Shape, dims: readonly number[]): boolean {
  const moved = dims.filter((axis) => shape[axis - 1] !== 1);
  return moved.every((axis, i) => i === 0 || axis > moved[i - 1]);
}

/** The numbers of a constant as float32, in another order of axes and under another shape. */
export function arranged(
  { shape, known }: { readonly shape: Shape; readonly known?: Float64Array },
  axes: readonly number[],
  factor = 1,
): FloatArray {
  const numbers = known ?? new Float64Array(sizeOf(shape));
  const target = axes.map((axis) => shape[axis]);
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const steps = axes.map((axis) => strides[axis]);
  const data = new Float32Array(numbers.length);
  const at = target.map(() => 0);
  let from = 0;
  for (let i = 0; i < data.length; i++) {
    data[i] = numbers[from] * factor;
    for (let axis = target.length - 1; axis >= 0; axis--) {
      at[axis]++;
      from += steps[axis];
      if (at[axis] < target[axis]) break;
      from -= steps[axis] * target[axis];
      at[axis] = 0;
    }
  }
  return { shape: target, data };
}
