/** @file The nodes and constants of an ONNX graph as it is put together, in order. */
import { create } from "@bufbuild/protobuf";
import { LengthError } from "./traces.ts";
import { dimKey, sameDim, sameDims, type Dim } from "./dims.ts";
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
} from "../schema/onnx_pb.ts";

/** Values of attributes; whole numbers and others are of different types in ONNX. */
export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly text: string };

export type Attributes = Readonly<Record<string, Attribute>>;

export type ConstantData = Float32Array | Float64Array | Int32Array | BigInt64Array;

/** Constants of more numbers are not searched for equal ones. */
const MOST_SHARED = 64;

/** The position that stands for an axis' end, whatever its length. */
export const END = 2n ** 62n;

/** How a graph gets an axis' length while it runs. */
interface LengthSource {
  readonly name: string;
  readonly axis: number;
}

export class OnnxBuilder {
  readonly nodes: NodeProto[] = [];
  private readonly constants = new Map<string, TensorProto>();
  private readonly shared = new Map<string, string>();
  private readonly taken = new Map<string, number>();
  private readonly lengths = new Map<string, LengthSource>();
  private scope = "";

  /** Runs `make` so that the names of nodes and constants begin with a layer's. */
  within<T>(scope: string, make: () => T): T {
    this.scope = scope;
    try {
      return make();
    } finally {
      this.scope = "";
    }
  }

  /** Adds a node with one result, whose name is returned. */
  node(type: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.nodeOf(type, inputs, attributes, 1)[0];
  }

  /** Adds a node; returns the names of its results. */
  nodeOf(type: string, inputs: readonly string[], attributes: Attributes, results: number): string[] {
    const name = this.uniqueName(type);
    const output = Array.from({ length: results }, (_, i) => (i === 0 ? name : `${name}.${i}`));
    this.nodes.push(
      create(NodeProtoSchema, {
        name,
        opType: type,
        input: [...inputs],
        output,
        attribute: Object.entries(attributes).map(([key, value]) => attributeOf(key, value)),
      }),
    );
    return output;
  }

  /** Adds a constant, or finds an equal small one; returns its name. */
  constant(data: ConstantData, shape: readonly number[], what = "constant"): string {
    const key = data.length <= MOST_SHARED ? keyOf(data, shape) : undefined;
    const known = key === undefined ? undefined : this.shared.get(key);
    if (known !== undefined) return known;
    const name = this.uniqueName(what);
    this.constantNamed(name, data, shape);
    if (key !== undefined) this.shared.set(key, name);
    return name;
  }

  /** Adds a constant under a name that was taken by {@link uniqueName}. */
  constantNamed(name: string, data: ConstantData, shape: readonly number[]): void {
    this.constants.set(
      name,
      create(TensorProtoSchema, {
        name,
        dataType: dataTypeOf(data),
        dims: shape.map(BigInt),
        rawData: bytesOf(data),
      }),
    );
  }

  number(value: number): string {
    return this.constant(Float32Array.of(value), []);
  }

  integers(values: readonly (number | bigint)[]): string {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length]);
  }

  uniqueName(what: string): string {
    const name = this.scope ? `${this.scope}/${what}` : what;
    const count = (this.taken.get(name) ?? 0) + 1;
    this.taken.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  }

  /** Keeps others from taking a name. */
  take(name: string): void {
    this.taken.set(name, 1);
  }

  /** Notes that a value has these lengths: while the graph runs, they can be taken from it. */
  remember(name: string, dims: readonly Dim[]): void {
    dims.forEach((dim, axis) => {
      if (typeof dim !== "number" && !this.lengths.has(dimKey(dim))) {
        this.lengths.set(dimKey(dim), { name, axis });
      }
    });
  }

  /** A list of lengths as an input of a node, with those that are not fixed taken from values that have them. */
  lengthsOf(dims: readonly Dim[]): string {
    if (dims.every((dim) => typeof dim === "number")) return this.integers(dims);
    const parts = dims.map((dim) => {
      if (typeof dim === "number") return this.integers([dim]);
      const source = this.lengths.get(dimKey(dim));
      if (!source) throw new LengthError("a length is computed that no axis has");
      const { name, axis } = source;
      return this.node("Shape", [name], { start: { int: axis }, end: { int: axis + 1 } });
    });
    return this.node("Concat", parts, { axis: { int: 0 } });
  }

  /** The same numbers in the same order under another shape. */
  reshape(name: string, from: readonly Dim[], to: readonly Dim[]): string {
    if (sameDims(from, to)) return name;
    // 0 keeps the length at this place, and one length may be left open.
    const entries = to.map((dim, axis): number => {
      if (typeof dim === "number") return dim;
      return axis < from.length && sameDim(from[axis], dim) ? 0 : -1;
    });
    const isClear = entries.filter((entry) => entry === -1).length <= 1;
    const shape = isClear ? this.integers(entries) : this.lengthsOf(to);
    return this.node("Reshape", [name, shape]);
  }

  /** The nodes that some values depend on, in order. */
  nodesBehind(values: readonly string[]): NodeProto[] {
    const needed = new Set(values);
    const kept = this.nodes.toReversed().filter(({ input, output }) => {
      if (!output.some((name) => needed.has(name))) return false;
      for (const name of input) needed.add(name);
      return true;
    });
    return kept.reverse();
  }

  /**
   * Gives the graph's results their names, and leaves out all that they do not depend on.
   * @param results the values, with their names
   */
  finish(results: ReadonlyMap<string, string>): {
    readonly nodes: readonly NodeProto[];
    readonly constants: readonly TensorProto[];
  } {
    const nodes = this.nodesBehind([...results.values()]);
    const renamed = new Map<string, string>();
    for (const [name, value] of results) {
      const isMade = nodes.some(({ output }) => output.includes(value));
      if (isMade && !renamed.has(value)) renamed.set(value, name);
      else nodes.push(create(NodeProtoSchema, { name, opType: "Identity", input: [value], output: [name] }));
    }
    for (const node of nodes) {
      node.input = node.input.map((name) => renamed.get(name) ?? name);
      node.output = node.output.map((name) => renamed.get(name) ?? name);
    }
    const read = new Set(nodes.flatMap(({ input }) => input));
    return { nodes, constants: [...this.constants.values()].filter(({ name }) => read.has(name)) };
  }
}

/** A text that equal constants have in common; 0 and -0 are not equal. */
function keyOf(data: ConstantData, shape: readonly number[]): string {
  return `${dataTypeOf(data)} ${shape.join()}: ${bytesOf(data).join()}`;
}

function bytesOf({ buffer, byteOffset, byteLength }: ConstantData): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

export function attributeOf(name: string, value: Attribute): AttributeProto {
  if ("int" in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value.int) });
  }
  if ("ints" in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.ints.map(BigInt) });
  }
  if ("float" in value)
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  const s = new TextEncoder().encode(value.text);
  return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s });
}

function dataTypeOf(data: ConstantData): DataType {
  if (data instanceof Float32Array) return DataType.FLOAT;
  if (data instanceof Float64Array) return DataType.DOUBLE;
  return data instanceof Int32Array ? DataType.INT32 : DataType.INT64;
}
