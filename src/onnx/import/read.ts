/** @file Reads an ONNX file into a checked graph. Browser-safe. */
import { fromBinary } from "@bufbuild/protobuf";
import { AuricleError } from "../../errors.ts";
import type { Value } from "../../nn/operations/value.ts";
import { knownValue } from "../../nn/operations/value.ts";
import { shownValue } from "../../shown-value.ts";
import {
  ModelProtoSchema,
  type AttributeProto,
  type ModelProto,
  type NodeProto,
  type ValueInfoProto,
} from "../schema/onnx_pb.ts";
import { readAttributes } from "./attributes.ts";
import { inlineFunctions } from "./functions.ts";
import type { OnnxGraph, OnnxInput, OnnxNode } from "./graph.ts";
import { LIMITS } from "./limits.ts";
import { inNewestForm, NEWEST_OPSET, OLDEST_OPSET } from "./opsets.ts";
import { scanMessages } from "./scan.ts";
import { elementType, TensorReader } from "./tensors.ts";

/** Files that hold numbers of a model beside it, by name. */
export type ExternalFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Decodes a file's messages.
 * @throws AuricleError "file" for what is no ONNX file, cut off, or too large
 */
export function decodeModel(bytes: Uint8Array, file: string): ModelProto {
  if (bytes.length > LIMITS.bytes) {
    throw new AuricleError("file", `${file}: has ${bytes.length} bytes, more than ${LIMITS.bytes}`);
  }
  scanMessages(bytes, ModelProtoSchema, file);
  try {
    return fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AuricleError("file", `${file}: is no ONNX file, or is damaged: ${reason}`, { cause });
  }
}

/** The names of the files in which a model's numbers are, without repetition. */
export function externalNames({ graph }: ModelProto): string[] {
  const names = (graph?.initializer ?? []).flatMap(({ externalData }) =>
    externalData.filter(({ key }) => key === "location").map(({ value }) => value),
  );
  return [...new Set(names)];
}

/**
 * Reads a decoded model.
 * @throws AuricleError "file" for a graph that is none, "unsupported" for versions that are not read
 */
export function readGraph(model: ModelProto, file: string, external: ExternalFiles): OnnxGraph {
  const { graph } = model;
  if (!graph || (graph.node.length === 0 && graph.output.length === 0)) {
    throw new AuricleError("file", `${file}: is no ONNX file: it has no graph`);
  }
  const opset = opsetOf(model, file);
  const tensors = new TensorReader(file, external);
  const constants = new Map<string, Value>();
  const unreadable = new Map<string, string>();
  for (const tensor of graph.initializer) {
    const value = readOrExplain(() => tensors.read(tensor));
    if (typeof value === "string") unreadable.set(tensor.name, value);
    else addConstant(constants, tensor.name, value, file);
  }
  if (graph.sparseInitializer.length > 0) {
    throw new AuricleError(
      "unsupported",
      `${file}: has sparse tensors, which are not read; convert them to dense ones`,
    );
  }
  const initializers = new Set(constants.keys());
  const written = inlineFunctions(model, graph.node, opset, file);
  const nodes = written.flatMap((node) => {
    const read = readNode(node.proto, node.opset, tensors);
    if (!("constant" in read)) return [read.node];
    addConstant(constants, node.proto.output[0] ?? "", read.constant, file);
    return [];
  });
  const isInput = ({ name }: ValueInfoProto) => !constants.has(name) && !unreadable.has(name);
  const inputs = graph.input.filter(isInput).map(readInput);
  const outputs = graph.output.map(({ name }) => name);
  const given = new Set([...constants.keys(), ...unreadable.keys(), ...inputs.map(({ name }) => name)]);
  const explained = nodes.map((node) => {
    const reason = node.inputs.map((name) => unreadable.get(name)).find((one) => one !== undefined);
    return reason === undefined ? node : { ...node, problem: node.problem ?? reason };
  });
  const ordered = inOrder(explained, given, outputs, file);
  return {
    name: graph.name || "onnx",
    opset,
    producer: [model.producerName, model.producerVersion].filter((text) => text !== "").join(" "),
    inputs,
    outputs,
    nodes: ordered,
    constants,
    initializers,
    metadata: Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value])),
  };
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
  const own = opsetImport.filter(({ domain }) => domain === "" || domain === "ai.onnx");
  const version = Number(own[0]?.version ?? 0n);
  if (version >= OLDEST_OPSET && version <= NEWEST_OPSET) return version;
  throw new AuricleError(
    "unsupported",
    `${file}: uses version ${version} of ONNX's operations; versions ${OLDEST_OPSET} to ${NEWEST_OPSET} are read: convert the ` +
      "file by onnx.version_converter, or export it again",
  );
}

function addConstant(constants: Map<string, Value>, name: string, value: Value, file: string): void {
  if (constants.has(name))
    throw new AuricleError("file", `${file}: two values are called ${shownValue(name)}`);
  constants.set(name, value);
}

function readInput({ name, type }: ValueInfoProto): OnnxInput {
  const tensor = type?.value.case === "tensorType" ? type.value.value : undefined;
  const shape = tensor?.shape?.dim.map(({ value }) => {
    if (value.case === "dimValue") return Number(value.value);
    return value.case === "dimParam" && value.value !== "" ? value.value : undefined;
  });
  return { name, type: tensor && elementType(tensor.elemType), shape };
}

type ReadNode = { readonly node: OnnxNode } | { readonly constant: Value };

function readNode(proto: NodeProto, opset: number, tensors: TensorReader): ReadNode {
  const { domain, opType, input, output } = proto;
  const isOwn = domain === "" || domain === "ai.onnx";
  const name = proto.name || output.find((one) => one !== "") || opType;
  if (isOwn && opType === "Constant") {
    const constant = constantOf(proto.attribute, tensors);
    if (constant) return { constant };
  }
  const { attributes, problem } = readAttributes(proto.attribute, opType, tensors);
  const node = { operation: isOwn ? opType : `${domain}.${opType}`, inputs: input, attributes };
  const newest = isOwn ? inNewestForm(node, opset) : node;
  return { node: { name, ...newest, outputs: output, ...(problem !== undefined && { problem }) } };
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

/**
 * Sorts nodes so that each comes after those whose results it takes; those on which no output depends are left out.
 * @throws AuricleError "file" for names that nothing gives or two nodes give, and for cycles
 */
function inOrder(
  nodes: readonly OnnxNode[],
  given: ReadonlySet<string>,
  outputs: readonly string[],
  file: string,
): OnnxNode[] {
  const makers = new Map<string, OnnxNode>();
  for (const node of nodes) {
    for (const name of node.outputs) {
      if (name === "") continue;
      if (makers.has(name) || given.has(name)) {
        throw new AuricleError("file", `${file}: two values are called ${shownValue(name)}`);
      }
      makers.set(name, node);
    }
  }
  const ordered: OnnxNode[] = [];
  const state = new Map<OnnxNode, "open" | "done">();
  const stack: { readonly node: OnnxNode; next: number }[] = [];
  const visit = (name: string, reader: string) => {
    if (name === "" || given.has(name)) return;
    const node = makers.get(name);
    if (!node)
      throw new AuricleError("file", `${file}: ${reader} takes ${shownValue(name)}, which nothing gives`);
    if (state.get(node) === "done") return;
    if (state.get(node) === "open") {
      throw new AuricleError(
        "file",
        `${file}: the graph has a cycle: ${shownValue(node.name)} depends on itself`,
      );
    }
    state.set(node, "open");
    stack.push({ node, next: 0 });
  };
  for (const output of outputs) {
    visit(output, "the model's output");
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const { node, next } = top;
      if (next < node.inputs.length) {
        top.next++;
        visit(node.inputs[next], `node ${shownValue(node.name)}`);
      } else {
        stack.pop();
        state.set(node, "done");
        ordered.push(node);
      }
    }
  }
  return ordered;
}
