/** @file ONNX files whose numbers are in a file beside them, as exporters write those of large models. */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation as Location,
} from "../../schema/onnx_pb.ts";

export interface ExternalModel {
  readonly model: Uint8Array<ArrayBuffer>;
  /** The file beside it. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/**
 * Moves the floats of a model's initializers to a file.
 * @param change the fields that say where the numbers of a tensor are, changed; default: as they should be
 */
export function withExternalData(
  bytes: Uint8Array,
  change: (fields: Readonly<Record<string, string>>) => Readonly<Record<string, string>> = (fields) => fields,
): ExternalModel {
  const model = fromBinary(ModelProtoSchema, bytes);
  const parts: number[] = [];
  for (const tensor of model.graph?.initializer ?? []) {
    if (tensor.floatData.length === 0) continue;
    const raw = new Uint8Array(Float32Array.from(tensor.floatData).buffer);
    const fields = change({
      location: "model.onnx.data",
      offset: String(parts.length),
      length: String(raw.length),
    });
    tensor.externalData = Object.entries(fields).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    );
    tensor.floatData = [];
    tensor.dataLocation = Location.EXTERNAL;
    parts.push(...raw);
  }
  return { model: toBinary(ModelProtoSchema, model), data: Uint8Array.from(parts) };
}
