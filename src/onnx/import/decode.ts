/** @file Decodes an ONNX file's messages. Browser-safe. */
import { fromBinary } from "@bufbuild/protobuf";
import { AuricleError } from "../../errors.ts";
import {
  ModelProtoSchema,
  TensorProto_DataLocation as Location,
  type GraphProto,
  type ModelProto,
  type TensorProto,
} from "../schema/onnx_pb.ts";
import { LIMITS } from "./limits.ts";
import { scanMessages } from "./scan.ts";

/** @throws AuricleError "file" for what is no ONNX file, cut off, or too large */
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
export function externalNames({ graph, functions }: ModelProto): string[] {
  const nodes = functions.flatMap(({ node }) => node);
  const tensors = [...(graph ? tensorsOf(graph) : []), ...tensorsOfNodes(nodes)];
  const names = tensors
    .filter(({ dataLocation }) => dataLocation === Location.EXTERNAL)
    .flatMap(({ externalData }) => externalData.filter(({ key }) => key === "location"))
    .map(({ value }) => value);
  return [...new Set(names)];
}

/** All tensors of a graph, those of constants and subgraphs among them. */
function tensorsOf({ initializer, node }: GraphProto): TensorProto[] {
  return [...initializer, ...tensorsOfNodes(node)];
}

function tensorsOfNodes(nodes: GraphProto["node"]): TensorProto[] {
  return nodes.flatMap(({ attribute }) =>
    attribute.flatMap(({ t, g }) => [...(t ? [t] : []), ...(g ? tensorsOf(g) : [])]),
  );
}
