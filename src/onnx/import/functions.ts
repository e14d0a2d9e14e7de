/** @file Functions of a model, written out where they are called. */
import { create } from "@bufbuild/protobuf";
import { AuricleError } from "../../errors.ts";
import { shownValue } from "../../shown-value.ts";
import {
  AttributeProtoSchema,
  NodeProtoSchema,
  type AttributeProto,
  type FunctionProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
} from "../schema/onnx_pb.ts";
import { LIMITS } from "./limits.ts";

/** A node, and the version of ONNX's operations by which it is meant. */
export interface VersionedProto {
  readonly proto: NodeProto;
  readonly opset: number;
}

const keyOf = (domain: string, name: string, overload: string) => `${domain}::${name}::${overload}`;

/**
 * Returns the nodes with each call of one of the model's functions replaced by the function's nodes.
 * @throws AuricleError "file" for functions that call themselves, and where too many nodes come out
 */
export function inlineFunctions(
  model: ModelProto,
  nodes: readonly NodeProto[],
  opset: number,
  file: string,
): VersionedProto[] {
  const functions = new Map(model.functions.map((one) => [keyOf(one.domain, one.name, one.overload), one]));
  const result: VersionedProto[] = [];
  let calls = 0;
  const write = (proto: NodeProto, version: number, depth: number): void => {
    const called = functions.get(keyOf(proto.domain, proto.opType, proto.overload));
    if (!called) {
      result.push({ proto, opset: version });
      if (result.length > LIMITS.nodes) {
        throw new AuricleError(
          "file",
          `${file}: has more than ${LIMITS.nodes} nodes, with its functions written out`,
        );
      }
      return;
    }
    if (depth >= LIMITS.calls) {
      throw new AuricleError(
        "file",
        `${file}: the function ${shownValue(called.name)} is called within itself, or more than ${LIMITS.calls} others`,
      );
    }
    calls++;
    if (calls > LIMITS.nodes)
      throw new AuricleError("file", `${file}: has more than ${LIMITS.nodes} calls of functions`);
    const own = called.opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx");
    const inner = own ? Number(own.version) : version;
    for (const node of bodyOf(called, proto, calls)) write(node, inner, depth + 1);
  };
  for (const node of nodes) write(node, opset, 0);
  return result;
}

/** The nodes of a function with the names and attributes of a call. */
function bodyOf(called: FunctionProto, call: NodeProto, number: number): NodeProto[] {
  const prefix = `${call.name || call.output[0] || called.name}/${number}/`;
  const names = new Map<string, string>([["", ""]]);
  called.input.forEach((name, i) => names.set(name, call.input[i] ?? ""));
  called.output.forEach((name, i) => names.set(name, call.output[i] || prefix + name));
  const nameOf = (name: string) => names.get(name) ?? prefix + name;
  const given = new Map(call.attribute.map((attribute) => [attribute.name, attribute]));
  const defaults = new Map(called.attributeProto.map((attribute) => [attribute.name, attribute]));
  const attributeOf = (attribute: AttributeProto): AttributeProto[] => {
    if (attribute.refAttrName === "") return [attribute];
    const value = given.get(attribute.refAttrName) ?? defaults.get(attribute.refAttrName);
    return value ? [create(AttributeProtoSchema, { ...value, name: attribute.name })] : [];
  };
  const nodesOf = (nodes: readonly NodeProto[], renamed: (name: string) => string): NodeProto[] =>
    nodes.map((node) =>
      create(NodeProtoSchema, {
        name: prefix + (node.name || node.opType),
        opType: node.opType,
        domain: node.domain,
        overload: node.overload,
        input: node.input.map(renamed),
        output: node.output.map(renamed),
        attribute: node.attribute.flatMap(attributeOf).map((one) => withGraph(one, renamed)),
      }),
    );
  /** Subgraphs take values of the body by its names; names of their own stay. */
  const withGraph = (attribute: AttributeProto, renamed: (name: string) => string): AttributeProto => {
    const { g } = attribute;
    if (!g) return attribute;
    const own = namesWithin(g);
    const inside = (name: string) => (own.has(name) ? name : renamed(name));
    return create(AttributeProtoSchema, { ...attribute, g: { ...g, node: nodesOf(g.node, inside) } });
  };
  return nodesOf(called.node, nameOf);
}

/** The names of the values that a subgraph makes or is given. */
export function namesWithin({ initializer, input, node }: GraphProto): Set<string> {
  return new Set([
    ...[...initializer, ...input].map(({ name }) => name),
    ...node.flatMap(({ output }) => output),
  ]);
}
