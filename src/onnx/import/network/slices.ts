/** @file General layers: the part of a graph between values that layers have made and one more. */
import { AuricleError } from "../../../errors.ts";
import { operations, type Operand, type Step } from "../../../nn/index.ts";
import { isFloat, type Value } from "../../../nn/operations/value.ts";
import type { FloatArray } from "../../../tensor/array.ts";
import { sizeOf } from "../../../tensor/shape.ts";
import type { OnnxNode } from "../graph.ts";
import type { Builder, Forms } from "./builder.ts";

/** Inputs of operations at which numbers of the file may be weights, which training changes. */
const WEIGHTS: Readonly<Record<string, readonly number[]>> = {
  Add: [0, 1],
  Conv: [1, 2],
  ConvTranspose: [1, 2],
  Div: [0, 1],
  Einsum: [0, 1, 2, 3],
  Gemm: [0, 1, 2],
  GroupNormalization: [1, 2],
  InstanceNormalization: [1, 2],
  LayerNormalization: [1, 2],
  MatMul: [0, 1],
  Mul: [0, 1],
  PRelu: [1],
  RMSNormalization: [1],
  Sub: [0, 1],
};

/** Inputs that may be tensors of numbers which are not trained: all others must be known while the graph is traced. */
const TENSORS: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [1, 2, 3, 4],
  Concat: [0, 1, 2, 3, 4, 5, 6, 7],
  Max: [0, 1, 2],
  Min: [0, 1, 2],
  Where: [1, 2],
};

/** Numbers that a layer's description may hold. */
const MOST_LISTED = 2 ** 16;

/** Makes the layer that gives a value of the graph, and notes the value's form. */
export function sliceOf(builder: Builder, name: string): Forms {
  builder.example(name);
  const nodes = nodesBehind(builder, name);
  const slice = new Slice(builder, nodes);
  const forms = { asIs: slice.apply(name) };
  builder.set(name, forms);
  return forms;
}

/** Whether a value is part of a slice, rather than an input of it. */
function isInner(builder: Builder, name: string): boolean {
  if (name === "" || builder.facts.constant(name)) return false;
  if (builder.facts.example(name) === undefined || !builder.facts.isFloat(name)) return true;
  return builder.formsOf(name) === undefined && builder.onlyReader(name) !== undefined;
}

/** The nodes of a slice in their order. */
function nodesBehind(builder: Builder, name: string): OnnxNode[] {
  const found = new Set<OnnxNode>();
  const stack = [name];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const node = builder.makers.get(next);
    if (!node)
      throw new AuricleError(
        "unsupported",
        `the input ${JSON.stringify(next)} does not have the batch as its first axis`,
      );
    if (found.has(node)) continue;
    found.add(node);
    stack.push(...node.inputs.filter((input) => isInner(builder, input)));
  }
  const place = (node: OnnxNode) => builder.order.get(node) ?? 0;
  return [...found].sort((a, b) => place(a) - place(b));
}

class Slice {
  private readonly builder: Builder;
  private readonly nodes: readonly OnnxNode[];
  private readonly inputs: string[] = [];
  private readonly operands: Operand[] = [];
  private readonly weights: Record<string, FloatArray> = {};
  private readonly owners: string[] = [];
  private readonly operandNumbers = new Map<string, number>();

  constructor(builder: Builder, nodes: readonly OnnxNode[]) {
    this.builder = builder;
    this.nodes = nodes;
    const made = new Set(nodes.flatMap(({ outputs }) => outputs));
    for (const { inputs } of nodes) {
      for (const name of inputs) {
        if (name === "" || made.has(name) || builder.facts.constant(name) || this.inputs.includes(name))
          continue;
        this.inputs.push(name);
      }
    }
  }

  apply(name: string) {
    const { builder, nodes } = this;
    if (this.inputs.length === 0)
      throw new AuricleError("unsupported", "it depends on no input of the network");
    const inputs = this.inputs.map((input) => builder.asIs(input));
    for (const node of nodes) node.inputs.forEach((_, i) => this.addOperand(node, i));
    const numbers = new Map<string, number>(this.inputs.map((input, i) => [input, i]));
    let count = inputs.length + this.operands.length;
    const steps = nodes.map((node): Step => {
      const taken = node.inputs.map((input, i) => {
        if (input === "" || this.isLeftOut(node, i)) return -1;
        const operand = this.operandNumbers.get(keyOf(node, i, input));
        return operand === undefined ? (numbers.get(input) ?? -1) : inputs.length + operand;
      });
      const results = Math.max(1, node.outputs.findLastIndex((output) => output !== "") + 1);
      node.outputs.forEach((output, i) => numbers.set(output, count + i));
      count += results;
      return {
        operation: node.operation,
        attributes: node.attributes,
        inputs: taken,
        ...(results > 1 && { results }),
      };
    });
    const layer = builder.layer(
      nodes[nodes.length - 1],
      this.owners,
      (own) =>
        operations({
          name: own,
          steps,
          operands: this.operands,
          inputs: inputs.length,
          output: numbers.get(name),
          ...(builder.each && { each: true }),
        }),
      this.weights,
    );
    return layer.apply(inputs.length === 1 ? inputs[0] : inputs);
  }

  /** Bounds that are infinite bound nothing. */
  private isLeftOut({ operation, inputs }: OnnxNode, i: number): boolean {
    const value = i > 0 && operation === "Clip" ? this.builder.facts.constant(inputs[i]) : undefined;
    return value?.known?.length === 1 && !Number.isFinite(value.known[0]);
  }

  private addOperand(node: OnnxNode, i: number): void {
    const name = node.inputs[i];
    const value = name === "" ? undefined : this.builder.facts.constant(name);
    if (!value || this.isLeftOut(node, i)) return;
    const key = keyOf(node, i, name);
    if (this.operandNumbers.has(key)) return;
    this.operandNumbers.set(key, this.operands.length);
    this.operands.push(this.operandOf(node, i, value));
  }

  private operandOf({ operation, inputs, name: node }: OnnxNode, i: number, value: Value): Operand {
    const { type, shape, known = new Float64Array() } = value;
    const size = sizeOf(shape);
    const isWeight = WEIGHTS[operation]?.includes(i) === true && isFloat(type) && size > 1;
    const isTensor =
      TENSORS[operation]?.includes(i) === true &&
      isFloat(type) &&
      (size > 1 || !known.every(Number.isFinite));
    if (isWeight || isTensor) {
      const trainable = isWeight && this.builder.isFromFile(inputs[i]);
      this.weights[`operand_${this.operands.length}`] = { shape, data: Float32Array.from(known) };
      if (trainable) this.owners.push(inputs[i]);
      return { shape, trainable };
    }
    if (size > MOST_LISTED || known.some(Number.isNaN)) {
      throw new AuricleError(
        "unsupported",
        `${JSON.stringify(node)} (${operation}): its input ${i} holds ${size} numbers that are no weights, or one that is none`,
      );
    }
    return { type, shape, values: Array.from(known, asListed) };
  }
}

/** A number as a layer's description holds it: for an infinite one, one that is infinite in float32. */
function asListed(number: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, number));
}

/** Weights are one for all nodes that take them; other numbers may be a weight here and known there. */
function keyOf({ operation }: OnnxNode, i: number, name: string): string {
  const kind =
    WEIGHTS[operation]?.includes(i) === true || TENSORS[operation]?.includes(i) === true ? "tensor" : "known";
  return `${kind} ${name}`;
}
