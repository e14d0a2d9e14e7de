/** @file Matrix products with weights: dense layers. */
import { dense } from "../../../nn/index.ts";
import type { Value } from "../../../nn/operations/value.ts";
import type { FloatArray } from "../../../tensor/array.ts";
import { sizeOf, type Shape } from "../../../tensor/shape.ts";
import type { OnnxNode } from "../graph.ts";
import { arranged, type Builder } from "./builder.ts";

interface DenseParts {
  readonly input: string;
  readonly output: string;
  /** `[inputs, units]` in the file's order of inputs. */
  readonly kernel: FloatArray;
  readonly bias: FloatArray | undefined;
  /** The names of the weights in the file. */
  readonly owners: readonly string[];
}

function makeDense(
  builder: Builder,
  node: OnnxNode,
  { input, output, kernel, bias, owners }: DenseParts,
): boolean {
  const units = kernel.shape[1];
  const forms = builder.formsOf(input);
  // A flat list with channels last needs no other order: the kernel's rows take it.
  const lastFlat = forms?.lastFlat && !forms.asIs ? forms.lastFlat : undefined;
  const used = lastFlat ? rowsForLast(kernel, lastFlat.of) : kernel;
  const order = lastFlat ? [`channels last of ${lastFlat.of.join()}`] : [];
  const layer = builder.layer(
    node,
    [...owners, ...order],
    (name) => dense({ name, units, useBias: bias !== undefined }),
    {
      kernel: used,
      ...(bias && { bias }),
    },
  );
  builder.set(output, { asIs: layer.apply(lastFlat?.tensor ?? builder.asIs(input)) });
  return true;
}

/** The rows of a kernel for inputs whose channels, the file's first axis, are last. */
function rowsForLast({ data, shape: [inputs, units] }: FloatArray, of: Shape): FloatArray {
  const [channels, ...spatial] = of;
  const places = sizeOf(spatial);
  const result = new Float32Array(data.length);
  for (let row = 0; row < inputs; row++) {
    const [place, channel] = [Math.floor(row / channels), row % channels];
    const from = channel * places + place;
    result.set(data.subarray(from * units, (from + 1) * units), row * units);
  }
  return { shape: [inputs, units], data: result };
}

/** A bias for each unit from numbers that broadcast to it; undefined for others. */
function biasOf(value: Value, units: number, factor = 1): FloatArray | undefined {
  const { shape, known } = value;
  if (!known || shape.slice(0, -1).some((length) => length !== 1)) return undefined;
  if (known.length !== units && known.length !== 1) return undefined;
  return {
    shape: [units],
    data: Float32Array.from({ length: units }, (_, i) => factor * known[known.length === 1 ? 0 : i]),
  };
}

function gemm(builder: Builder, node: OnnxNode): boolean {
  const { alpha = 1, beta = 1, transA = 0, transB = 0 } = node.attributes;
  const [input, weight, term = ""] = node.inputs;
  const kernel = builder.facts.constant(weight);
  if (transA !== 0 || kernel?.shape.length !== 2 || typeof alpha !== "number" || typeof beta !== "number")
    return false;
  if (builder.facts.constant(input)) return false;
  const oriented = arranged(kernel, transB === 0 ? [0, 1] : [1, 0], alpha);
  const constant = term === "" ? undefined : builder.facts.constant(term);
  const bias = constant && biasOf(constant, oriented.shape[1], beta);
  if (term !== "" && !bias) return false;
  return makeDense(builder, node, {
    input,
    output: node.outputs[0],
    kernel: oriented,
    bias,
    owners: [weight, term].filter((name) => name !== ""),
  });
}

/** A product with a matrix; a sum with a vector behind it is the layer's bias. */
function matMul(builder: Builder, node: OnnxNode): boolean {
  const [input, weight] = node.inputs;
  const kernel = builder.facts.constant(weight);
  const shape = builder.facts.example(input);
  if (kernel?.shape.length !== 2 || !shape || shape.length === 0) return false;
  const own = arranged(kernel, [0, 1]);
  const [product] = node.outputs;
  const reader = builder.onlyReader(product);
  const term = reader?.operation === "Add" ? reader.inputs.find((name) => name !== product) : undefined;
  const constant = term === undefined ? undefined : builder.facts.constant(term);
  const isVector = constant !== undefined && constant.shape.length <= shape.length + 1;
  const bias = isVector ? biasOf(constant, own.shape[1]) : undefined;
  if (reader && term !== undefined && bias) {
    builder.markDone(reader);
    return makeDense(builder, node, {
      input,
      output: reader.outputs[0],
      kernel: own,
      bias,
      owners: [weight, term],
    });
  }
  return makeDense(builder, node, { input, output: product, kernel: own, bias: undefined, owners: [weight] });
}

export const RULES = { Gemm: gemm, MatMul: matMul };
