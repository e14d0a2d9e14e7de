/** @file The ONNX graph of a traced graph: operation by operation, in order. */
import { AuricleError } from "../../errors.ts";
import { indexTensor } from "../../graph/sources.ts";
import { describeTensor, type Tensor } from "../../graph/tensor.ts";
import { broadcastTo } from "../../ops/sum.ts";
import type { TransposeParameters } from "../../ops/transpose.ts";
import { broadcastShapes } from "../../tensor/shape.ts";
import { OnnxBuilder } from "./builder.ts";
import type { Dim } from "./dims.ts";
import { RULES, type Refusal } from "./rules/table.ts";
import type { Rule, Site } from "./rules/site.ts";
import type { NodeProto, TensorProto } from "../schema/onnx_pb.ts";
import { SumsRegister } from "./sums.ts";
import { hasFixedParameters, LengthError, type TracedGraph, type TracedNode } from "./traces.ts";
import {
  axesOf,
  fixedLengths,
  flowing,
  NO_AXIS,
  whole,
  wholeNumbers,
  type Known,
  type Value,
} from "./values.ts";
import * as views from "./views.ts";

export interface EmittedGraph {
  readonly nodes: readonly NodeProto[];
  readonly constants: readonly TensorProto[];
  /** The value in which the front end's features are, where the graph begins with one: the features' axis that each of its axes is. */
  readonly features?: { readonly name: string; readonly axes: readonly number[] };
}

/** The scope of a front end's operations. */
export const FRONT_END_SCOPE = "frontEnd";

/** The rules by name, whatever name is asked for. */
const RULE_NAMED: ReadonlyMap<string, Rule<never> | Refusal> = new Map(Object.entries(RULES));

/**
 * @param inputs names of the inputs
 * @param outputs names of the outputs
 * @throws AuricleError "unsupported" naming all operations that ONNX has no nodes for; LengthError where a length must be fixed.
 */
export function emitGraph(
  graph: TracedGraph,
  inputs: readonly string[],
  outputs: readonly string[],
): EmittedGraph {
  const builder = new OnnxBuilder();
  const emitter = new Emitter(builder);
  for (const name of outputs) builder.take(name);
  graph.inputs.forEach((node, i) => emitter.setInput(node, inputs[i]));
  emitter.refuse(graph);
  for (const node of graph.order) emitter.emit(node);
  const results = new Map(
    graph.outputs.map((node, i) => {
      const { name } = whole(builder, emitter.valueOf(node), node.dims, axesOf(node.dims.length));
      return [outputs[i], name];
    }),
  );
  emitter.sums.finish([...results.values()]);
  const finished = builder.finish(results);
  const features = featuresIn(graph, emitter);
  const isThere = features && finished.nodes.some(({ output }) => output.includes(features.name));
  return { ...finished, ...(isThere && { features }) };
}

/** The only value of the front end that others take. */
function featuresIn({ order }: TracedGraph, emitter: Emitter): EmittedGraph["features"] {
  const isInside = ({ tensors: [tensor] }: TracedNode) =>
    tensor.scope === FRONT_END_SCOPE || tensor.scope.startsWith(`${FRONT_END_SCOPE}/`);
  const ends = order.filter(
    (node) => isInside(node) && node.consumers.some((consumer) => !isInside(consumer)),
  );
  const value = ends.length === 1 ? emitter.valueOf(ends[0]) : undefined;
  if (value?.kind !== "flowing" || value.axes.includes(NO_AXIS)) return undefined;
  return { name: value.name, axes: value.axes };
}

class Emitter {
  readonly sums: SumsRegister;
  private readonly builder: OnnxBuilder;
  private readonly values = new Map<TracedNode, Value>();

  constructor(builder: OnnxBuilder) {
    this.builder = builder;
    this.sums = new SumsRegister(builder);
  }

  setInput(node: TracedNode, name: string): void {
    const { dims, tensors } = node;
    this.builder.take(name);
    this.values.set(node, flowing(this.builder, name, axesOf(dims.length), dims, tensors[0].dtype));
  }

  valueOf(node: TracedNode): Value {
    const value = this.values.get(node);
    if (value) return value;
    throw new AuricleError("argument", `export: ${describeTensor(node.tensors[0])} is no part of the graph`);
  }

  /** @throws AuricleError "unsupported" naming all operations on inputs that have no rule. */
  refuse({ inputs, order }: TracedGraph): void {
    const depends = new Set(inputs);
    const refused = new Set<string>();
    for (const node of order) {
      if (!node.inputs.some((input) => depends.has(input))) continue;
      depends.add(node);
      const [tensor] = node.tensors;
      const rule = RULE_NAMED.get(tensor.operation.name);
      if (typeof rule === "string") refused.add(`${describeTensor(tensor)} (${rule})`);
    }
    if (refused.size === 0) return;
    throw new AuricleError(
      "unsupported",
      `export: there are no ONNX nodes for ${[...refused].join(", ")}; export a network in inference, without gradients and random numbers`,
    );
  }

  emit(node: TracedNode): void {
    if (this.values.has(node)) return;
    const [tensor] = node.tensors;
    this.values.set(
      node,
      this.builder.within(tensor.scope, () => this.made(node, tensor)),
    );
  }

  private made(node: TracedNode, tensor: Tensor): Value {
    const source = sourceOf(node, tensor);
    if (source) return source;
    const inputs = node.inputs.map((input) => this.valueOf(input));
    const { builder } = this;
    const { name, parameters } = tensor.operation;
    const [first] = node.inputs;
    if (name === "reshape") return views.reshape(builder, inputs[0], first.dims, node.dims);
    if (name === "broadcastTo" || name === "filled") {
      return views.broadcast(inputs[0], node.dims.length - first.dims.length);
    }
    if (name === "transpose") return views.transpose(inputs[0], parameters as TransposeParameters);
    if (inputs.every((value) => value.kind === "known")) return folded(node, inputs);
    const rule = RULE_NAMED.get(name);
    if (rule === undefined || typeof rule === "string") {
      throw new AuricleError("unsupported", `export: there is no ONNX node for ${describeTensor(tensor)}`);
    }
    return rule(this.siteOf(node, inputs) as Site<never>);
  }

  private siteOf(node: TracedNode, inputs: readonly Value[]): Site<object> {
    const { builder, sums } = this;
    return {
      builder,
      sums,
      node,
      inputs,
      valueOf: (other) => this.valueOf(other),
      dims: node.dims,
      eachParameters: node.tensors.map((tensor) => tensor.operation.parameters),
    };
  }
}

/** The value of a tensor that is no operation's. */
function sourceOf(node: TracedNode, tensor: Tensor): Value | undefined {
  const { structure } = tensor.operation;
  switch (structure.kind) {
    case "input":
      throw new AuricleError(
        "argument",
        "export: the graph depends on an input that is not among its inputs",
      );
    case "variable":
      return hasFixedParameters(node) ? { kind: "known", tensor } : refuseSource(node);
    case "constant":
      return constantValue(node, tensor);
    case "index": {
      // Axes along which nothing changes need not be there.
      const { strides, inner } = structure;
      const dims = node.dims.map((dim, axis): Dim => (strides[axis] === 0 && !inner ? 1 : dim));
      return { kind: "known", tensor: indexTensor(fixedLengths(dims), strides, inner) };
    }
    default:
      return undefined;
  }
}

function constantValue(node: TracedNode, tensor: Tensor): Value {
  const numbers = node.tensors.map(({ operation: { structure } }) =>
    structure.kind === "constant" ? structure.data : new Float32Array(),
  );
  const [first, ...others] = numbers;
  const isSame = others.every(
    (other) => other.length === first.length && other.every((value, i) => Object.is(value, first[i])),
  );
  if (isSame) return { kind: "known", tensor };
  if (numbers.every(({ length }) => length === 1))
    return { kind: "count", values: numbers.map(([value]) => value) };
  return refuseSource(node);
}

function refuseSource(node: TracedNode): never {
  throw new LengthError(`${describeTensor(node.tensors[0])} depends on the input's length`);
}

/** The result of an operation on known numbers. */
function folded(node: TracedNode, inputs: readonly Known[]): Known {
  if (!hasFixedParameters(node)) refuseSource(node);
  const [{ operation }] = node.tensors;
  if (operation.structure.kind !== "elementwise") {
    const full = inputs.map((input, i) => wholeNumbers(input, node.inputs[i].dims));
    return { kind: "known", tensor: operation.on(full) };
  }
  const shape = inputs.reduce<readonly number[]>(
    (common, { tensor }) => broadcastShapes(common, tensor.shape, "export"),
    [],
  );
  return {
    kind: "known",
    tensor: operation.on(inputs.map(({ tensor }) => broadcastTo(tensor, shape))),
  };
}
