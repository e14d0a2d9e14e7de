/** @file Reads an ONNX file into a checked graph. Browser-safe. */
import { AuricleError } from "../../errors.ts";
import type { Value } from "../../nn/operations/value.ts";
import { knownValue } from "../../nn/operations/value.ts";
import { shownValue } from "../../shown-value.ts";
import type { AttributeProto, GraphProto, ModelProto, NodeProto, ValueInfoProto } from "../schema/onnx_pb.ts";
import { readAttributes } from "./attributes.ts";
import { inlineFunctions, namesWithin, type VersionedProto } from "./functions.ts";
import type { OnnxGraph, OnnxInput, OnnxNode, OnnxSubgraph } from "./graph.ts";
import { LIMITS } from "./limits.ts";
import { inNewestForm, NEWEST_OPSET, OLDEST_OPSET } from "./opsets.ts";
import { inOrder } from "./order.ts";
import { elementType, TensorReader } from "./tensors.ts";

/** Files that hold numbers of a model beside it, by name. */
export type ExternalFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Reads a decoded model.
 * @throws AuricleError "file" for a graph that is none, "unsupported" for versions that are not read
 */
export function readGraph(model: ModelProto, file: string, external: ExternalFiles): OnnxGraph {
  return new GraphReader(model, file, new TensorReader(file, external)).read();
}

/** The names that values of a subgraph have in the whole graph. */
type Renamed = (name: string) => string;

class GraphReader {
  private readonly constants = new Map<string, Value>();
  /** Constants that nothing here could hold, and why. */
  private readonly unreadable = new Map<string, string>();
  private readonly model: ModelProto;
  private readonly file: string;
  private readonly tensors: TensorReader;
  private readonly prefixes = new Set<string>();
  private nodes = 0;
  private depth = 0;

  constructor(model: ModelProto, file: string, tensors: TensorReader) {
    this.model = model;
    this.file = file;
    this.tensors = tensors;
  }

  read(): OnnxGraph {
    const { model, file, constants, unreadable } = this;
    const { graph } = model;
    if (!graph || (graph.node.length === 0 && graph.output.length === 0)) {
      throw new AuricleError("file", `${file}: is no ONNX file: it has no graph`);
    }
    const opset = opsetOf(model, file);
    this.addInitializers(graph, (name) => name);
    const initializers = new Set(constants.keys());
    const nodes = this.readNodes(inlineFunctions(model, graph.node, opset, file), (name) => name);
    const isConstant = (name: string) => constants.has(name) || unreadable.has(name);
    const inputs = graph.input.filter(({ name }) => !isConstant(name)).map(readInput);
    const outputs = graph.output.map(({ name }) => name);
    const given = new Set(inputs.map(({ name }) => name));
    return {
      name: graph.name || "onnx",
      opset,
      producer: [model.producerName, model.producerVersion].filter((text) => text !== "").join(" "),
      inputs,
      outputs,
      nodes: inOrder(nodes, (name) => given.has(name) || isConstant(name), outputs, file),
      constants,
      initializers,
      metadata: Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value])),
    };
  }

  private addInitializers({ initializer, sparseInitializer }: GraphProto, renamed: Renamed): void {
    for (const tensor of initializer) {
      const value = readOrExplain(() => this.tensors.read(tensor));
      if (typeof value === "string") this.unreadable.set(renamed(tensor.name), value);
      else this.addConstant(renamed(tensor.name), value);
    }
    if (sparseInitializer.length > 0) {
      throw new AuricleError(
        "unsupported",
        `${this.file}: has sparse tensors, which are not read; convert them to dense ones`,
      );
    }
  }

  private addConstant(name: string, value: Value): void {
    if (this.constants.has(name))
      throw new AuricleError("file", `${this.file}: two values are called ${shownValue(name)}`);
    this.constants.set(name, value);
  }

  private readNodes(written: readonly VersionedProto[], renamed: Renamed): OnnxNode[] {
    this.nodes += written.length;
    if (this.nodes > LIMITS.nodes)
      throw new AuricleError(
        "file",
        `${this.file}: has more than ${LIMITS.nodes} nodes, with those of subgraphs`,
      );
    const nodes = written.flatMap(({ proto, opset }) => {
      const constant = isConstantNode(proto) ? constantOf(proto.attribute, this.tensors) : undefined;
      if (!constant) return [this.readNode(proto, opset, renamed)];
      this.addConstant(renamed(proto.output[0] ?? ""), constant);
      return [];
    });
    return nodes.map((node) => {
      const reason = node.inputs.map((name) => this.unreadable.get(name)).find((one) => one !== undefined);
      return reason === undefined ? node : { ...node, problem: node.problem ?? reason };
    });
  }

  private readNode(proto: NodeProto, opset: number, renamed: Renamed): OnnxNode {
    const { domain, opType, input, output } = proto;
    const name = proto.name || output.find((one) => one !== "") || opType;
    const graphs = proto.attribute.filter(({ g }) => g);
    const plain = proto.attribute.filter(({ g }) => !g);
    const { attributes, problem } = readAttributes(plain, opType, this.tensors);
    const inputs = input.map(renamed);
    const node = { operation: isOwn(domain) ? opType : `${domain}.${opType}`, inputs, attributes };
    const newest = isOwn(domain) ? inNewestForm(node, opset) : node;
    const rest = { outputs: output.map(renamed), ...(problem !== undefined && { problem }) };
    if (graphs.length === 0) return { name, ...newest, ...rest };
    if (++this.depth > LIMITS.calls)
      throw new AuricleError(
        "file",
        `${this.file}: has subgraphs within each other more than ${LIMITS.calls} deep`,
      );
    const captured = new Set<string>();
    const subgraphs = graphs.flatMap(({ name: attribute, g }) =>
      g
        ? [[attribute, this.readSubgraph(g, opset, this.prefix(name, attribute), renamed, captured)] as const]
        : [],
    );
    this.depth--;
    return { name, ...newest, ...rest, subgraphs: Object.fromEntries(subgraphs), captured: [...captured] };
  }

  /** The beginning of the names of a subgraph's values: nodes may have equal names. */
  private prefix(node: string, attribute: string): string {
    let prefix = `${node}/${attribute}/`;
    while (this.prefixes.has(prefix)) prefix = `${node}/${attribute}/${this.prefixes.size}/`;
    this.prefixes.add(prefix);
    return prefix;
  }

  /** @param captured takes the names of values from around it */
  private readSubgraph(
    graph: GraphProto,
    opset: number,
    prefix: string,
    outer: Renamed,
    captured: Set<string>,
  ): OnnxSubgraph {
    const { model, file, constants, unreadable } = this;
    const written = inlineFunctions(model, graph.node, opset, file);
    const names = namesWithin({ ...graph, node: written.map(({ proto }) => proto) });
    const renamed = (name: string) => (names.has(name) && name !== "" ? prefix + name : outer(name));
    this.addInitializers(graph, renamed);
    const nodes = this.readNodes(written, renamed);
    const made = new Set(nodes.flatMap(({ outputs }) => outputs));
    const inputs = new Set(graph.input.map(({ name }) => renamed(name)));
    const isInner = (name: string) => name === "" || made.has(name) || inputs.has(name);
    const isConstant = (name: string) => constants.has(name) || unreadable.has(name);
    const outputs = graph.output.map(({ name }) => renamed(name));
    const taken = [...outputs, ...nodes.flatMap(({ inputs: own, captured: more = [] }) => [...own, ...more])];
    for (const name of taken) if (!isInner(name) && !isConstant(name)) captured.add(name);
    return { outputs, nodes: inOrder(nodes, (name) => !made.has(name), outputs, file) };
  }
}

function isOwn(domain: string): boolean {
  return domain === "" || domain === "ai.onnx";
}

function isConstantNode({ domain, opType }: NodeProto): boolean {
  return isOwn(domain) && opType === "Constant";
}

/** The value, or the reason for which there is nothing here that could hold it. */
function readOrExplain(read: () => Value): Value | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof AuricleError && error.code === "unsupported") return error.message;
    throw error;
  }
}

function opsetOf({ opsetImport }: ModelProto, file: string): number {
  const own = opsetImport.filter(({ domain }) => isOwn(domain));
  const version = Number(own[0]?.version ?? 0n);
  if (version >= OLDEST_OPSET && version <= NEWEST_OPSET) return version;
  throw new AuricleError(
    "unsupported",
    `${file}: uses version ${version} of ONNX's operations; versions ${OLDEST_OPSET} to ${NEWEST_OPSET} are read: convert the ` +
      "file by onnx.version_converter, or export it again",
  );
}

function readInput({ name, type }: ValueInfoProto): OnnxInput {
  const tensor = type?.value.case === "tensorType" ? type.value.value : undefined;
  const shape = tensor?.shape?.dim.map(({ value }) => {
    if (value.case === "dimValue") return Number(value.value);
    return value.case === "dimParam" && value.value !== "" ? value.value : undefined;
  });
  return { name, type: tensor && elementType(tensor.elemType), shape };
}

/** The numbers of a `Constant`; undefined for texts and sparse ones. */
function constantOf(attributes: readonly AttributeProto[], tensors: TensorReader): Value | undefined {
  const [attribute] = attributes;
  if (!attribute) return undefined;
  const { name, t, f, i, floats, ints } = attribute;
  if (name === "value" && t) {
    const value = readOrExplain(() => tensors.read(t, "a Constant"));
    return typeof value === "string" ? undefined : value;
  }
  if (name === "value_float") return knownValue([f], [], "float32");
  if (name === "value_int") return knownValue([Number(i)], [], "int64");
  if (name === "value_floats") return knownValue(floats, [floats.length], "float32");
  return name === "value_ints" ? knownValue(ints.map(Number), [ints.length], "int64") : undefined;
}
