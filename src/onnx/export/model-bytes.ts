/** @file An ONNX file from a graph of nodes. */
import { create, toBinary } from "@bufbuild/protobuf";
import type { DType } from "../../tensor/array.ts";
import { AURICLE_VERSION } from "../../version.ts";
import type { EmittedGraph } from "./emit.ts";
import {
  ModelProtoSchema,
  TensorProto_DataType as DataType,
  ValueInfoProtoSchema,
  type ValueInfoProto,
} from "../schema/onnx_pb.ts";

/** The version of ONNX's operators that exported files use. */
export const OPSET = 17;

/** The version of the file format that came with it. */
const IR_VERSION = 8n;

/** An input or output of an ONNX file. */
export interface OnnxValue {
  readonly name: string;
  readonly type: DType;
  /** For each axis its length, or its name where the length is open. */
  readonly shape: readonly (number | string)[];
}

export interface ModelContent {
  readonly name: string;
  readonly emitted: EmittedGraph;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly metadata: Readonly<Record<string, string>>;
}

export function modelBytes({
  name,
  emitted,
  inputs,
  outputs,
  metadata,
}: ModelContent): Uint8Array<ArrayBuffer> {
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: "Auricle",
    producerVersion: AURICLE_VERSION,
    opsetImport: [{ version: BigInt(OPSET) }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name,
      node: [...emitted.nodes],
      initializer: [...emitted.constants],
      input: inputs.map(valueInfo),
      output: outputs.map(valueInfo),
    },
  });
  return toBinary(ModelProtoSchema, model);
}

function valueInfo({ name, type, shape }: OnnxValue): ValueInfoProto {
  const dim = shape.map((length) => ({
    value:
      typeof length === "number"
        ? ({ case: "dimValue", value: BigInt(length) } as const)
        : ({ case: "dimParam", value: length } as const),
  }));
  const elemType = type === "int32" ? DataType.INT32 : DataType.FLOAT;
  const tensorType = { elemType, shape: { dim } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: "tensorType", value: tensorType } } });
}
