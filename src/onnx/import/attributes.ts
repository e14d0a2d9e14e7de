/** @file Attributes of ONNX's nodes as plain JSON. */
import type { Attributes } from "../../nn/operations/call.ts";
import { AuricleError } from "../../errors.ts";
import { AttributeProto_AttributeType as Type, type AttributeProto } from "../schema/onnx_pb.ts";
import { elementType, nameIn, type TensorReader } from "./tensors.ts";

type Plain = Attributes[string];

/** Attributes that are numbers of element types. */
const ELEMENT_TYPES: Readonly<Record<string, string>> = {
  Cast: "to",
  EyeLike: "dtype",
  BlackmanWindow: "output_datatype",
  HammingWindow: "output_datatype",
  HannWindow: "output_datatype",
};

/** Returns the attributes, and the reason for which some of them cannot be read. */
export function readAttributes(
  attributes: readonly AttributeProto[],
  operation: string,
  tensors: TensorReader,
): { readonly attributes: Attributes; readonly problem?: string } {
  const read: Record<string, Plain> = {};
  let problem: string | undefined;
  for (const attribute of attributes) {
    const { name } = attribute;
    if (operation === "ConstantOfShape" && name === "value" && attribute.t) {
      const { type, known } = tensors.read(attribute.t, "the value of ConstantOfShape");
      Object.assign(read, { type, value: known?.[0] ?? 0 });
      continue;
    }
    const plain = plainValue(attribute);
    if (plain === undefined) {
      problem = `has the attribute ${name}, which is a ${nameIn(Type, attribute.type)}`;
    } else if (ELEMENT_TYPES[operation] === name) {
      const type = typeof plain === "number" ? elementType(plain) : undefined;
      if (type) read[name] = type;
      else problem = `makes elements of a type that there is not here`;
    } else {
      read[name] = plain;
    }
  }
  return { attributes: read, ...(problem !== undefined && { problem }) };
}

function plainValue(attribute: AttributeProto): Plain | undefined {
  const { type, f, i, s, floats, ints, strings } = attribute;
  switch (type) {
    case Type.FLOAT:
      return f;
    case Type.INT:
      return Number(i);
    case Type.STRING:
      return textOf(s);
    case Type.FLOATS:
      return floats;
    case Type.INTS:
      return ints.map(Number);
    case Type.STRINGS:
      return strings.map(textOf);
    default:
      return undefined;
  }
}

const decoder = new TextDecoder();

/** Texts longer than any name of a mode are none. */
const LONGEST = 4096;

function textOf(bytes: Uint8Array): string {
  if (bytes.length > LONGEST)
    throw new AuricleError("file", `an attribute is a text of ${bytes.length} bytes`);
  return decoder.decode(bytes);
}
