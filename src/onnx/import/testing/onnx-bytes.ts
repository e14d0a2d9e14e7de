/** @file Small ONNX files put together by hand. */
import { create, toBinary } from "@bufbuild/protobuf";
import { attributeOf, type Attribute } from "../../export/builder.ts";
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
  type NodeProto,
} from "../../schema/onnx_pb.ts";

export interface SmallNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: string;
  /** Graphs within it, by attribute. */
  readonly graphs?: Readonly<Record<string, SmallSubgraph>>;
}

export interface SmallSubgraph {
  readonly inputs?: readonly string[];
  readonly nodes: readonly SmallNode[];
  readonly outputs: readonly string[];
}

export interface SmallGraph {
  readonly nodes: readonly SmallNode[];
  /** The shape of each input; names stand for open lengths. */
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly outputs: readonly string[];
  /** Constants by name: floats, or whole numbers of 64 bits. */
  readonly constants?: Readonly<
    Record<
      string,
      {
        readonly shape: readonly number[];
        readonly floats?: readonly number[];
        readonly ints?: readonly number[];
      }
    >
  >;
  readonly opset?: number;
}

export function onnxBytes({
  nodes,
  inputs,
  outputs,
  constants = {},
  opset = 17,
}: SmallGraph): Uint8Array<ArrayBuffer> {
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ version: BigInt(opset) }],
    graph: {
      name: "small",
      node: nodes.map(nodeOf),
      initializer: Object.entries(constants).map(([name, { shape, floats, ints }]) =>
        create(TensorProtoSchema, {
          name,
          dims: shape.map(BigInt),
          dataType: floats ? DataType.FLOAT : DataType.INT64,
          floatData: floats ? [...floats] : [],
          int64Data: ints ? ints.map(BigInt) : [],
        }),
      ),
      input: Object.entries(inputs).map(([name, shape]) => valueOf(name, shape)),
      output: outputs.map((name) => create(ValueInfoProtoSchema, { name })),
    },
  });
  return toBinary(ModelProtoSchema, model);
}

function nodeOf(
  { op, inputs, outputs, attributes = {}, domain = "", graphs = {} }: SmallNode,
  i: number,
): NodeProto {
  const plain = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
  const inner = Object.entries(graphs).map(([name, graph]) =>
    create(AttributeProtoSchema, {
      name,
      type: AttributeType.GRAPH,
      g: {
        name,
        node: graph.nodes.map(nodeOf),
        input: (graph.inputs ?? []).map((one) => create(ValueInfoProtoSchema, { name: one })),
        output: graph.outputs.map((one) => create(ValueInfoProtoSchema, { name: one })),
      },
    }),
  );
  const attribute = [...plain, ...inner];
  return create(NodeProtoSchema, {
    name: `node ${i}`,
    opType: op,
    domain,
    input: [...inputs],
    output: [...outputs],
    attribute,
  });
}

function valueOf(name: string, shape: readonly (number | string)[]) {
  const dim = shape.map((length) => ({
    value:
      typeof length === "number"
        ? ({ case: "dimValue", value: BigInt(length) } as const)
        : ({ case: "dimParam", value: length } as const),
  }));
  const value = { elemType: DataType.FLOAT, shape: { dim } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: "tensorType", value } } });
}
